/**
 * The typing indicator: on while a conversation works and its thread is open, never after its end. Discord shows a pulse for 10 s
 * and takes it away when we post.
 */
import { isWorking } from '../../domain/conversation/run.ts'
import type { Conversation } from '../../domain/conversation/state.ts'
import type { ChatPort } from '../../ports/chat.ts'
import type { Clock } from '../../base/clock.ts'
import type { Runner } from './runner.ts'

const PULSE_MS = 7000
/** After a post; several posts in a row share one pulse. */
const AFTER_POST_MS = 500

export interface Typing {
  /** The conversation changed: start, or stop by not pulsing again. */
  update(runner: Runner): void
  /** A post of the conversation stands: it has ended the indicator. */
  posted(runner: Runner): void
  stop(): void
}

/** While the provider is asked again, the notice says so: nobody is typing. */
const isShownWorking = (state: Conversation): boolean => isWorking(state) && state.status.kind !== 'retry'

export function createTyping(chat: ChatPort, clock: Clock): Typing {
  const pulses = new Map<string, () => void>()
  let stopped = false

  const pulse = (runner: Runner, threadId: string): void => {
    chat.cosmetic.typing(threadId)
    pulseIn(runner, PULSE_MS)
  }

  const pulseIn = (runner: Runner, delayMs: number): void => {
    pulses.get(runner.id)?.()
    pulses.set(
      runner.id,
      clock.after(delayMs, () => {
        pulses.delete(runner.id)
        update(runner)
      }),
    )
  }

  const update = (runner: Runner): void => {
    if (stopped) return
    const { state } = runner
    const thread = state && isShownWorking(state) && state.thread.kind === 'open' ? state.thread.id : undefined
    const pending = pulses.get(runner.id)
    if (thread !== undefined && !pending) return pulse(runner, thread)
    if (thread === undefined && pending) {
      pending()
      pulses.delete(runner.id)
    }
  }

  return {
    update,
    posted: (runner) => void (pulses.has(runner.id) && pulseIn(runner, AFTER_POST_MS)),
    stop() {
      stopped = true
      for (const cancel of pulses.values()) cancel()
      pulses.clear()
    },
  }
}
