/**
 * The typing indicator: on while a conversation works and its thread is open, never after its end. Discord shows a pulse for 10 s
 * and takes it away when we post.
 */
import type { Clock } from '../../base/clock.ts'
import { KeyedTimers } from '../../base/keyed-timers.ts'
import { asks, isWaiting } from '../../domain/conversation/features/asks/asks.ts'
import { isAskedForFiles } from '../../domain/conversation/features/asks/file-upload.ts'
import { isWaitingForRoom } from '../../domain/conversation/features/told/room.ts'
import { isWorking } from '../../domain/conversation/run/derive.ts'
import type { Conversation } from '../../domain/conversation/state.ts'
import type { ChatPort } from '../../ports/chat.ts'
import type { ConversationHandle } from './handle.ts'

const PULSE_MS = 7000
/** After a post; several posts in a row share one pulse. */
const AFTER_POST_MS = 500

/** While the provider is asked again, a person is asked, or a prompt waits for another agent to end, a post says so: nobody is typing. */
const isShownWorking = (state: Conversation): boolean =>
  isWorking(state) &&
  state.turn.status.kind !== 'retry' &&
  !isWaitingForRoom(state) &&
  !asks.of(state).asks.some(isWaiting) &&
  !isAskedForFiles(state)

export class Typing {
  readonly #chat: Pick<ChatPort, 'cosmetic'>
  readonly #pulses: KeyedTimers
  /** Conversations whose indicator is on. */
  readonly #shown = new Set<string>()
  #isStopped = false

  constructor(chat: Pick<ChatPort, 'cosmetic'>, clock: Clock) {
    this.#chat = chat
    this.#pulses = new KeyedTimers(clock)
  }

  /** The conversation changed: the indicator starts, or stops by not pulsing again. */
  update(conversation: ConversationHandle): void {
    if (this.#isStopped) return
    const { id, state } = conversation
    const thread = state && isShownWorking(state) && state.thread.kind === 'open' ? state.thread.id : undefined
    if (thread === undefined) return this.#end(id)
    if (this.#shown.has(id)) return
    this.#shown.add(id)
    this.#chat.cosmetic.typing(thread)
    this.#pulseIn(conversation, PULSE_MS)
  }

  /** A post of the conversation stands: it has ended the indicator. */
  posted(conversation: ConversationHandle): void {
    if (this.#shown.has(conversation.id)) this.#pulseIn(conversation, AFTER_POST_MS)
  }

  stop(): void {
    this.#isStopped = true
    this.#pulses.stop()
  }

  #pulseIn(conversation: ConversationHandle, delayMs: number): void {
    const { id } = conversation
    this.#pulses.clear(id)
    this.#pulses.set(id, delayMs, () => {
      this.#shown.delete(id)
      this.update(conversation)
    })
  }

  #end(id: string): void {
    this.#shown.delete(id)
    this.#pulses.clear(id)
  }
}
