/** The work of slash commands outside the conversation: what came of it is answered, and may be followed by more work. */
import { effectsOf, type CommandWork, type WorkOutcome } from '../../command.ts'
import { defineFeature, onOutcome, type FeatureChange } from '../../feature.ts'
import type { Conversation } from '../../state.ts'

/** What is to be done stands in the effect. */
type NoSlice = undefined

export const commands = defineFeature<NoSlice>({
  name: 'commands',
  version: 1,
  initial: undefined,
  outcomes: { 'command-work': onOutcome(onDone) },
})

function onDone(slice: NoSlice, { asker, step }: CommandWork, outcome: WorkOutcome, state: Conversation): FeatureChange<NoSlice> {
  const answer = outcome.kind === 'answered' ? outcome.answer : { reply: textOf(outcome) }
  const { requests = [], allowances = [] } = answer
  return { slice, requests, allowances, effects: effectsOf(state, asker, answer, step + 1) }
}

const textOf = (outcome: Exclude<WorkOutcome, { kind: 'answered' }>): string =>
  outcome.kind === 'failed' ? outcome.text : `✗ unexpected outcome: ${outcome.kind}`
