/** Which session a program means: the body of a call to the control socket, and the record it names. */
import { UsageError } from '../../../base/errors.ts'
import type { SessionRecord } from '../../../domain/conversation/inquiry/session-record.ts'
import type { StorePort } from '../../../ports/store.ts'

export interface SessionWanted {
  /** The id of a session or of its thread; undefined: the one used last. */
  readonly session: string | undefined
  /** Only sessions of this folder. */
  readonly directory: string | undefined
}

/** `within`: the folder of the agent that asks, which sees no other (`cli/control/agent-verbs.ts`). */
export function readWanted(body: unknown): SessionWanted & { readonly rest: Readonly<Record<string, unknown>> } {
  const rest = (typeof body === 'object' && body !== null ? body : {}) as Readonly<Record<string, unknown>>
  const { session, directory, within } = rest
  return { session: textOf(session), directory: textOf(within) ?? textOf(directory), rest }
}

export const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

export async function findSession(
  store: Pick<StorePort, 'sessions'>,
  { session, directory }: SessionWanted,
): Promise<SessionRecord | UsageError> {
  const isThread = session !== undefined && /^\d+$/.test(session)
  const named = session === undefined ? {} : isThread ? { threadId: session } : { sessionId: session }
  const [found] = await store.sessions({ directory, ...named, limit: 1 })
  if (found) return found
  const what = session === undefined ? 'There is no session' : `There is no ${isThread ? 'thread' : 'session'} ${session}`
  const where = directory === undefined ? '' : ` of ${directory}`
  return new UsageError({ reason: `${what}${where} on record. "kimaki session list" shows those that are.` })
}
