/**
 * Cleans up what nobody needs any more: archives threads in which nothing goes on, deletes attachments and the words of requests that are old.
 * The keys of requests stay, so that nothing is done twice. Before each act it looks again: somebody may have written meanwhile.
 */
import { ChatUnknown } from '../../base/errors.ts'
import { snowflakeAt } from '../../base/ids.ts'
import type { ChatError, ChatPort } from '../../ports/chat.ts'
import type { Files, OldFiles } from '../../ports/host.ts'
import type { StorePort } from '../../ports/store.ts'

const DAY_MS = 86_400_000
export const IDLE_DAYS = 3
export const OLD_DAYS = 30

export interface CleanDeps {
  readonly store: Pick<StorePort, 'upkeep' | 'openConversations'>
  readonly files: Pick<Files, 'old' | 'deleteOld'>
  /** Undefined: there is no token to ask Discord with. */
  readonly channels: Pick<ChatPort['channels'], 'activeThreads' | 'archive'> | undefined
}

export interface Cleaned {
  /** Without: what would be done. */
  readonly isApplied: boolean
  /** Ids of threads. */
  readonly threads: readonly string[]
  readonly bodies: number
  readonly attachments: OldFiles
  /** What Discord did not let be looked at or done, as sentences. */
  readonly troubles: readonly string[]
}

export async function clean(
  deps: CleanDeps,
  { now, apply }: { readonly now: number; readonly apply: boolean },
): Promise<Cleaned> {
  const { store, files } = deps
  const { threads, troubles } = await idleThreads(deps, now, apply)
  const old = await files.old(now, await store.openConversations())
  const before = now - OLD_DAYS * DAY_MS
  if (!apply) return { isApplied: false, threads, bodies: await store.upkeep.oldBodies(before), attachments: old, troubles }
  await files.deleteOld(now, await store.openConversations())
  const left = await files.old(now, await store.openConversations())
  const attachments = { files: Math.max(old.files - left.files, 0), bytes: Math.max(old.bytes - left.bytes, 0) }
  return { isApplied: true, threads, bodies: await dropBodies(deps, before), attachments, troubles }
}

async function dropBodies({ store }: CleanDeps, before: number): Promise<number> {
  let all = 0
  for (;;) {
    const some = await store.upkeep.dropSomeBodies(before)
    if (some === 0) return all
    all += some
  }
}

type Threads = Pick<Cleaned, 'threads' | 'troubles'>

/** Those of ours that are not archived. */
async function idleThreads({ store, channels }: CleanDeps, now: number, apply: boolean): Promise<Threads> {
  if (!channels) return { threads: [], troubles: ['Threads were not looked at: there is no bot token.'] }
  const before = now - IDLE_DAYS * DAY_MS
  const since = snowflakeAt(before)
  const threads: string[] = []
  const troubles: string[] = []
  const ours = Map.groupBy(await store.upkeep.idleThreads(before), ({ guildId }) => guildId)
  for (const [guildId, idle] of ours) {
    const active = await channels.activeThreads(guildId)
    if (active instanceof Error) {
      troubles.push(`The threads of server ${guildId} were not looked at: ${reasonOf(active)}`)
      continue
    }
    const newest = new Map(active.map(({ id, newestId }) => [id, newestId]))
    for (const { id, threadId } of idle) {
      const newestId = newest.get(threadId)
      if (newestId === undefined || BigInt(newestId) > BigInt(since)) continue
      const done = apply ? await archive({ store, channels }, { id, threadId, before, since }) : 'archived'
      if (done instanceof Error) troubles.push(`Thread ${threadId} was not archived: ${reasonOf(done)}`)
      else if (done === 'archived') threads.push(threadId)
    }
  }
  return { threads, troubles }
}

async function archive(
  { store, channels }: Pick<CleanDeps, 'store'> & { readonly channels: NonNullable<CleanDeps['channels']> },
  thread: { readonly id: string; readonly threadId: string; readonly before: number; readonly since: string },
): Promise<'archived' | 'left' | ChatError> {
  if (!(await store.upkeep.isIdle(thread.id, thread.before))) return 'left'
  return channels.archive(thread.threadId, thread.since)
}

const reasonOf = (error: ChatError): string =>
  error instanceof ChatUnknown ? `Discord gave no answer (${error.reason}). Try again.` : `Discord refused (${error.reason}).`
