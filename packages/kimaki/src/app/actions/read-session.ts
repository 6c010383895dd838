/**
 * Reads the session of a conversation, so that the replica is complete.
 *
 * An older snapshot must not arrive after a newer one: the readings of a conversation follow each other. What the stream tells while the
 * session is read may be newer than what is read, and goes along. A session that cannot be read is tried again after a second, then later
 * and later.
 */
import { backoffMs } from '../../base/backoff.ts'
import { AgentUnavailable, isAbortError, SessionGone } from '../../base/errors.ts'
import { KeyedSerialQueue } from '../../base/serial.ts'
import type { Input } from '../../domain/conversation/input.ts'
import { isQuiet } from '../../domain/conversation/run/derive.ts'
import type { ReadSession } from '../../domain/conversation/run/effects.ts'
import type { ConversationHandle } from '../conversation/handle.ts'
import { agentErrorText } from '../ask-agent.ts'
import { defineAction, type ActionDeps } from './definition.ts'

/** The run asks for the session again a second after it was told that it cannot be read: so the first pause is none. */
const PAUSES = { firstMs: 1000, longestMs: 30_000 }

type Unreadable = Extract<Input, { kind: 'unreadable' }>

export const readSession = defineAction<ReadSession>({
  kind: 'read-session',
  start(deps) {
    const { timers, clock, log } = deps
    const readings = new KeyedSerialQueue()
    /** How often in a row a conversation's session could not be read. */
    const failures = new Map<string, number>()
    const read = async (conversation: ConversationHandle, ifQuiet: boolean): Promise<void> => {
      const { id } = conversation
      const unreadable = await readOnce(deps, conversation, ifQuiet)
      if (!unreadable) return void failures.delete(id)
      const times = failures.get(id) ?? 0
      failures.set(id, times + 1)
      timers.set(`unreadable/${id}`, times === 0 ? 0 : backoffMs(PAUSES, times), () =>
        conversation.push({ ...unreadable, at: clock.now() }),
      )
    }
    return (conversation, { delayMs, ifQuiet = false }) =>
      // Two keys: a reading that may be skipped must not stand for one that may not.
      timers.set(`${ifQuiet ? 'check' : 'read'}/${conversation.id}`, delayMs, () => {
        readings
          .run(conversation.id, async () => read(conversation, ifQuiet))
          .catch((error: unknown) => {
            if (!isAbortError(error))
              log.error('reading a session threw', { conversation: conversation.id, error: String(error) })
          })
      })
  },
})

async function readOnce(
  { agent, clock, log }: ActionDeps,
  conversation: ConversationHandle,
  ifQuiet: boolean,
): Promise<Unreadable | undefined> {
  const { state } = conversation
  if (state?.session.kind !== 'open' || (ifQuiet && !isQuiet(state))) return undefined
  const recorded = conversation.recordEvents()
  const snapshot = await agent
    .snapshot(state.directory, state.session.id)
    .catch((error: unknown) => {
      if (isAbortError(error)) throw error
      log.error('reading a session threw', { conversation: conversation.id, error: String(error) })
      return new AgentUnavailable({ reason: String(error) })
    })
    .finally(() => recorded.end())
  const at = clock.now()
  if (!(snapshot instanceof Error)) {
    conversation.push({ kind: 'snapshot', at, snapshot, meanwhile: recorded.events })
    return undefined
  }
  const unreadable: Unreadable = { kind: 'unreadable', at, text: agentErrorText(snapshot), final: false }
  if (snapshot instanceof AgentUnavailable) return unreadable
  conversation.push({ ...unreadable, final: true, ...(snapshot instanceof SessionGone && { isGone: true }) })
  return undefined
}
