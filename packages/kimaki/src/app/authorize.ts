/** Asks Discord again, just before a request runs, whether its author may still use Kimaki. */
import type { Clock } from '../base/clock.ts'
import { ChatUnknown } from '../base/errors.ts'
import { may, type Deed } from '../domain/access.ts'
import type { ChatPort } from '../ports/chat.ts'
import { refusedText } from '../view/text/notice.ts'
import type { RecentIds } from './recent-ids.ts'
import type { Retry } from './retry.ts'

export interface Access {
  readonly requestId: string
  readonly guildId: string
  /** Undefined: a program's request, which has its rights by being on this machine. */
  readonly userId: string | undefined
  /** What they want to do; the default is `speak`. */
  readonly deed?: Deed | undefined
  /** Asked for even if the request was accepted a moment ago. */
  readonly always?: boolean
}

interface AuthorizeDeps {
  readonly accessOf: ChatPort['accessOf']
  readonly retry: Retry
  readonly recentlyAccepted: Pick<RecentIds, 'has'>
}

/** A member's access is remembered for so long. A clock that is set back can double it. */
const REMEMBERED_MS = 5000

/**
 * Access is asked for again when a request runs long after it was accepted, or was accepted by an earlier process: unknown means no,
 * unreachable means later. Undefined: the author may.
 */
export async function authorize(
  { accessOf, retry, recentlyAccepted }: AuthorizeDeps,
  { requestId, guildId, userId, deed = 'speak', always = false }: Access,
): Promise<{ readonly kind: 'failed'; readonly text: string } | undefined> {
  if (userId === undefined || (!always && recentlyAccepted.has(requestId))) return undefined
  const isAllowed = await retry.until(async () => {
    const facts = await accessOf(guildId, userId)
    if (facts instanceof ChatUnknown) return undefined
    return !(facts instanceof Error) && may(deed, facts)
  })
  return isAllowed ? undefined : { kind: 'failed', text: refusedText() }
}

/**
 * Asks Discord once for each member within 5 s, the same age up to which a fresh message skips the check: 500 messages that waited in 50
 * threads were submitted at the pace of Discord's limit for members, six a second.
 */
export function rememberAccess({
  chat,
  clock,
}: {
  readonly chat: Pick<ChatPort, 'accessOf'>
  readonly clock: Clock
}): ChatPort['accessOf'] {
  const recent = new Map<string, { readonly at: number; readonly answer: Awaited<ReturnType<ChatPort['accessOf']>> }>()
  return async (guildId, userId) => {
    const key = `${guildId}/${userId}`
    const at = clock.now()
    for (const [old, { at: then }] of recent) if (Math.abs(at - then) >= REMEMBERED_MS) recent.delete(old)
    const known = recent.get(key)
    if (known) return known.answer
    const answer = await chat.accessOf(guildId, userId)
    if (!(answer instanceof Error)) recent.set(key, { at, answer })
    return answer
  }
}
