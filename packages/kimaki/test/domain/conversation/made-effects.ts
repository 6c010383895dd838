/** The effects that a conversation has made: none twice, and prompts in order. */
import type { Change } from '../../../src/domain/conversation/change.ts'
import type { Effect } from '../../../src/domain/conversation/effect.ts'
import type { RunShell } from '../../../src/domain/conversation/features/shell.ts'
import type { Reply } from '../../../src/domain/conversation/reply.ts'
import type { Interrupt, SubmitPrompt } from '../../../src/domain/conversation/run/effects.ts'
import type { Conversation } from '../../../src/domain/conversation/state.ts'

export class MadeEffects {
  readonly submitted: number[] = []
  /** Those that had waited in the queue: a line of their own. */
  readonly fromQueue: number[] = []
  readonly messageIds = new Map<string, string>()
  /** Shell commands. */
  readonly begun = new Set<string>()
  /** The sentences that people read who ran a slash command. */
  readonly replies: string[] = []

  check(effect: Effect, state: Conversation): void {
    if (effect.kind === 'shell') {
      const { commandId } = effect as RunShell
      if (this.begun.has(commandId)) throw new Error(`begun twice: ${commandId}`)
      this.begun.add(commandId)
    }
    if (effect.kind === 'reply') this.replies.push((effect as Reply).text ?? '')
    if (effect.kind !== 'prompt') return
    const { promptId, messageId, resend } = effect as SubmitPrompt
    const known = this.messageIds.get(promptId)
    if (known !== undefined && known !== messageId) throw new Error(`two message ids for ${promptId}`)
    this.messageIds.set(promptId, messageId)
    if (new Set(this.messageIds.values()).size !== this.messageIds.size) throw new Error(`one message id for two prompts`)
    const prompt = state.turn.prompts.find(({ id }) => id === promptId)
    const line = prompt?.waited ? this.fromQueue : this.submitted
    if (!resend) line.push(prompt?.order ?? -1)
    if (line.some((order, index) => index > 0 && order <= (line[index - 1] ?? 0)))
      throw new Error(`submitted out of order: ${line.join(' ')}`)
  }

  /** What a run is being stopped for goes first. */
  checkStops(open: readonly Effect[], { state, effects }: Change): void {
    const stopping = new Set(open.flatMap((effect) => (effect.kind === 'interrupt' ? [(effect as Interrupt).promptId] : [])))
    const isDelivered = state.turn.prompts.some(({ id, phase }) => stopping.has(id) && phase.kind === 'delivered')
    if (isDelivered && effects.some(({ kind }) => kind === 'prompt')) throw new Error('submitted while a run is being stopped')
  }
}
