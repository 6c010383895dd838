/** May the author of a message still use Kimaki when it runs? */
import { mayUse } from '../../domain/access.ts'
import type { Outcome } from '../../domain/conversation/effect.ts'
import type { ChatPort } from '../../ports/chat.ts'
import type { Clock } from '../../base/clock.ts'
import { refusedText } from '../../view/text/notice.ts'
import type { JustAccepted } from '../recent-ids.ts'
import type { Retrying } from '../retry.ts'

/** What is known of an author's rights for so long is not asked again. A clock that is set back can double it. */
const RIGHTS_KEEP_MS = 5000

interface Parts {
  readonly chat: Pick<ChatPort, 'accessOf'>
}

/**
 * Access is asked again when a message runs long after it was accepted, or was accepted by an earlier process: unknown means no,
 * unreachable means later.
 */
export async function mayStillUse(
  { chat, retry, justAccepted }: Parts & { readonly justAccepted: Pick<JustAccepted, 'has'>; readonly retry: Retrying },
  { id, guildId, authorId }: { readonly id: string; readonly guildId: string; readonly authorId: string },
): Promise<true | Extract<Outcome, { kind: 'failed' }> | 'stopped'> {
  if (justAccepted.has(id)) return true
  return retry.until(async () => {
    const facts = await chat.accessOf(guildId, authorId)
    if (facts.ok) return mayUse(facts.value) || refused
    if (facts.failure.kind === 'unknown') return undefined
    return facts.failure.kind === 'stopped' ? 'stopped' : refused
  })
}

const refused = { kind: 'failed', text: refusedText() } as const

/**
 * What is as young as a message that is not asked about at all is not asked again: 500 messages that waited in 50 threads were
 * handed over at the pace of Discord's limit for members, six a second.
 */
export function rememberingAccess({ chat, clock }: Parts & { readonly clock: Clock }): ChatPort['accessOf'] {
  const lately = new Map<string, { readonly at: number; readonly answer: Awaited<ReturnType<ChatPort['accessOf']>> }>()
  return async (guildId, userId) => {
    const key = `${guildId}/${userId}`
    const at = clock.now()
    for (const [old, { at: then }] of lately) if (Math.abs(at - then) >= RIGHTS_KEEP_MS) lately.delete(old)
    const known = lately.get(key)
    if (known) return known.answer
    const answer = await chat.accessOf(guildId, userId)
    if (answer.ok) lately.set(key, { at, answer })
    return answer
  }
}
