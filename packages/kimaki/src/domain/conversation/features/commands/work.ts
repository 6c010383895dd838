/**
 * The work of slash commands outside the conversation: what came of it is answered, and may be followed by more work.
 *
 *     under way ──(its last step is over)──▶ over, until the turn is closed
 */
import { effectsOf, type CommandWork, type WorkOutcome } from '../../command.ts'
import { defineFeature, keep, onOutcome, type FeatureChange } from '../../feature.ts'
import type { Meanwhile } from '../../request.ts'
import type { Conversation } from '../../state.ts'

/** What is to be done stands in the effect: here is only what must not happen meanwhile. */
interface KnownWork {
  /** Of the command, or the press in its answer. */
  readonly id: string
  readonly meanwhile: Meanwhile
  readonly isOver: boolean
}

type WorkSlice = readonly KnownWork[]

export const commands = defineFeature<WorkSlice>({
  name: 'commands',
  version: 1,
  initial: [],
  on: {
    'work-begun': (works, { id, meanwhile }) =>
      keep(works.some((known) => known.id === id) ? works : [...works, { id, meanwhile, isOver: false }]),
  },
  outcomes: { 'command-work': onOutcome(onDone) },
  gates: {
    submit: (works) =>
      works.some(({ meanwhile, isOver }) => meanwhile === 'prompts-wait' && !isOver)
        ? 'a command changes what was said in the session'
        : undefined,
  },
  closeTurn: (works) => (works.some(({ isOver }) => isOver) ? works.filter(({ isOver }) => !isOver) : works),
})

function onDone(
  works: WorkSlice,
  { asker, step, meanwhile }: CommandWork,
  outcome: WorkOutcome,
  state: Conversation,
): FeatureChange<WorkSlice> {
  const given = outcome.kind === 'answered' ? outcome.answer : { reply: textOf(outcome) }
  const answer = meanwhile && 'work' in given ? { meanwhile, ...given } : given
  const { requests = [], allowances = [] } = answer
  const isOver = !('work' in answer && answer.work)
  const slice = works.some(({ id }) => id === asker.id)
    ? works.map((known) => (known.id === asker.id ? { ...known, isOver } : known))
    : works
  return { slice, requests, allowances, effects: effectsOf(state, asker, answer, step + 1) }
}

const textOf = (outcome: Exclude<WorkOutcome, { kind: 'answered' }>): string =>
  outcome.kind === 'failed' ? outcome.text : `✗ unexpected outcome: ${outcome.kind}`
