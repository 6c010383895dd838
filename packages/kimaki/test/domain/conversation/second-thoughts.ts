/** What people edited and deleted after it was submitted, what of it the agent has read, and what therefore must be told, or not be said. */
import type { AgentMessage, AgentPart, PromptPart } from '../../../src/domain/agent.ts'
import { lateEdits } from '../../../src/domain/conversation/features/told/late-edits.ts'
import { isRecalled, promptIdOf, type Prompt } from '../../../src/domain/conversation/prompt.ts'
import { isPickedUp } from '../../../src/domain/conversation/run/derive.ts'
import type { RecallMessage } from '../../../src/domain/conversation/run/effects.ts'
import type { Conversation } from '../../../src/domain/conversation/state.ts'

type Recalled = { readonly kind: 'absent' | 'read' | 'emptied' | 'reworded' }

export class SecondThoughts {
  /** By OpenCode's ids: the words of messages in the session; '' of those that were emptied. */
  readonly #words = new Map<string, string>()
  readonly #read = new Map<string, string>()
  readonly #outcomes = new Map<string, Recalled>()
  readonly #messageIds = new Map<string, string>()
  readonly #deleted = new Set<string>()
  /** Blocks of answers to nothing. */
  readonly #vain = new Set<string>()
  #isGone = false

  submitted(messageId: string, parts: readonly PromptPart[]): void {
    if (this.isEmptied(messageId)) throw new Error(`taken back, and submitted: ${messageId}`)
    const words = parts.flatMap((part) => (part.type === 'text' && !part.synthetic ? [part.text] : []))
    this.#words.set(messageId, words.join(''))
    // What a step that was cut off has read, is asked again.
    this.#read.delete(messageId)
  }

  isEmptied(messageId: string): boolean {
    return this.#words.get(messageId) === ''
  }

  deleted({ turn }: Conversation, id: string): void {
    if (turn.prompts.some((prompt) => prompt.id === promptIdOf(id))) this.#deleted.add(promptIdOf(id))
  }

  /** Done once, however often it is asked for: the message says that it was. */
  recall({ key, messageId, reworded }: RecallMessage, session: readonly AgentMessage[]): Recalled {
    const outcome = this.#outcomes.get(key) ?? this.#recall(messageId, reworded !== undefined, session)
    this.#outcomes.set(key, outcome)
    if (outcome.kind === 'emptied') this.#words.set(messageId, '')
    if (outcome.kind === 'reworded') this.#words.set(messageId, reworded?.message.text ?? '')
    return outcome
  }

  /** What was done is told, though the bot was killed in between. */
  done(key: string): Recalled | undefined {
    return this.#outcomes.get(key)
  }

  #recall(messageId: string, isReworded: boolean, session: readonly AgentMessage[]): Recalled {
    if (!session.some(({ id }) => id === messageId)) return { kind: 'absent' }
    if (isPickedUp(session, messageId)) return { kind: 'read' }
    return { kind: isReworded ? 'reworded' : 'emptied' }
  }

  /** A step begins: it reads all there is. */
  begins(session: readonly AgentMessage[], parts: readonly AgentPart[]): void {
    const users = session.filter(({ kind }) => kind === 'user')
    const newest = users.at(-1)?.id ?? ''
    const isNew = users.some(({ id }) => !this.isEmptied(id) && !this.#read.has(id))
    const last = session.findLast((message) => message.kind === 'assistant')
    const isAnswered = last === undefined || (last.finish === 'stop' && !last.failure && last.completed !== undefined)
    const isUsed = session.some((message) => message.kind === 'assistant' && message.parent === newest)
    if (!this.#isGone && this.isEmptied(newest) && !isNew && isAnswered && !isUsed)
      for (const { id } of parts) this.#vain.add(`part/${id}`)
    for (const { id } of users) if (!this.isEmptied(id)) this.#read.set(id, this.#words.get(id) ?? '')
  }

  /** Nobody can write in a thread that is gone, but the model lets people: a step of what was taken back is of their turn then. */
  threadGone(): void {
    this.#isGone = true
    this.#vain.clear()
  }

  check(before: Conversation, planned: Conversation, posted: readonly string[]): void {
    const { prompts } = planned.turn
    for (const { id, phase } of prompts) if ('messageId' in phase) this.#messageIds.set(id, phase.messageId)
    for (const prompt of prompts) this.#checkWords(prompt)
    const live = new Set(before.turn.prompts.flatMap(({ id, phase }) => (phase.kind === 'ended' ? [] : [id])))
    const ended = prompts.filter(({ id, phase }) => live.has(id) && phase.kind === 'ended')
    if (ended.some(({ phase }) => phase.kind === 'ended' && phase.end.kind === 'answered'))
      for (const prompt of ended) this.#checkTold(prompt, planned)
    const isKnown = !prompts.some(({ recall }) => recall?.kind === 'wanted' || recall?.kind === 'asked')
    if (isKnown && posted.some((block) => this.#vain.has(block))) throw new Error('an answer to nothing is shown')
  }

  #checkWords(prompt: Prompt): void {
    const { id, phase, message, command } = prompt
    const words = this.#read.get(this.#messageIds.get(id) ?? '')
    const isOtherwiseOver = phase.kind === 'ended' && !['answered', 'withdrawn'].includes(phase.end.kind)
    if (words === undefined || command || isRecalled(prompt) || isOtherwiseOver) return
    if (phase.kind === 'ended' && phase.end.kind === 'withdrawn') throw new Error(`${id} was read, and counts as withdrawn`)
    if (!words.startsWith(message.text)) throw new Error(`${id} was read with other words: ${words}, ${message.text}`)
  }

  #checkTold({ id, phase }: Prompt, planned: Conversation): void {
    if (phase.kind !== 'ended' || (phase.end.kind !== 'answered' && phase.end.kind !== 'merged')) return
    if (!this.#deleted.has(id) || !this.#read.has(this.#messageIds.get(id) ?? '')) return
    if (!lateEdits.of(planned).some(({ promptId, what }) => promptId === id && what === 'deleted'))
      throw new Error(`${id} was deleted and answered, and nobody was told`)
  }
}
