/**
 * Who answers in the thread: what was chosen for it, and what was in force when its first message was submitted. That is kept, so that a
 * change for the channel, or for all, does not change a session that runs.
 *
 * What is chosen during a run counts from its next step on. OpenCode asks, for each step, whom the newest message of a person names: so
 * this message is submitted once more without any parts, which changes whom it names and nothing else. The run is not stopped.
 */
import type { AnsweredBy } from '../../../agent.ts'
import type { Chosen, Kept, Level } from '../../../models/in-force.ts'
import { changed, type Preference } from '../../../models/preferences.ts'
import type { Effect, Outcome } from '../../effect.ts'
import { defineFeature, keep, onOutcome, type FeatureChange } from '../../feature.ts'
import { isDelivered, isSending } from '../../prompt.ts'
import { isIdle, newestUser } from '../../run/derive.ts'
import type { Conversation } from '../../state.ts'

interface ModelsSlice {
  /** For this thread. */
  readonly own: Preference
  readonly kept?: Kept
  /** Something else was chosen, and the run that goes on does not know of it. */
  readonly isNews?: true
  /** The message that is being given another model, until the replica has it as it is then (`created`: OpenCode's clock). */
  readonly switching?: { readonly messageId: string; readonly created?: number }
  /** Switches so far. */
  readonly count?: number
}

/** The newest message of a session that runs is to name somebody else. */
export interface SwitchModel extends Effect {
  readonly kind: 'switch-model'
  readonly owner: 'models'
  readonly directory: string
  readonly session: string
  readonly messageId: string
}

export type SwitchOutcome = Outcome<{
  readonly kind: 'switched'
  readonly created: number
  readonly answeredBy: AnsweredBy
  readonly by: Level
}>

export const models = defineFeature<ModelsSlice>({
  name: 'models',
  version: 1,
  initial: { own: {} },
  on: {
    'preference-set'(slice, { scope, change }) {
      if (change.name === 'mention') return keep(slice)
      const { own, kept: _kept, ...others } = slice
      // Whoever chooses for more than this thread means this thread, too. A new agent brings its own model.
      const isCleared = change.value === undefined
      const followed =
        scope === 'session' ? changed(own, change) : isCleared ? own : changed(own, { ...change, value: undefined })
      const isOtherAgent = change.name === 'agent' && !isCleared
      return keep({
        ...others,
        own: isOtherAgent ? changed(followed, { name: 'model', value: undefined }) : followed,
        isNews: true,
      })
    },
    begun: (slice, { beginning: { agent, model } }) =>
      keep(
        agent === undefined && model === undefined
          ? slice
          : { ...slice, own: { ...slice.own, ...(agent !== undefined && { agent }), ...(model && { model }) } },
      ),
    delivered: (slice, { answeredBy, by }) => keep(slice.kept ? slice : { ...slice, kept: keptOf(answeredBy, by) }),
  },
  due(slice, conversation) {
    const { isNews, ...others } = slice
    if (!isNews || slice.switching) return keep(slice)
    if (isIdle(conversation)) return keep(others)
    const messageId = underWay(conversation)
    if (messageId === undefined || conversation.session.kind !== 'open') return keep(slice)
    const count = (slice.count ?? 0) + 1
    const effect: SwitchModel = {
      key: `switch-model/${messageId}/${count}`,
      kind: 'switch-model',
      owner: 'models',
      directory: conversation.directory,
      session: conversation.session.id,
      messageId,
    }
    return { slice: { ...others, switching: { messageId }, count }, effects: [effect] }
  },
  outcomes: { 'switch-model': onOutcome(onSwitched) },
  gates: {
    submit: ({ switching }) => (switching && switching.created === undefined ? 'another model is being named' : undefined),
    // The message is the newest of its session by then: the turn that is closed before would take it for the first of another one.
    finish: ({ switching }, { turn }) =>
      switching && isOld(switching, turn.messages.find(({ id }) => id === switching.messageId)?.created)
        ? 'another model is being named'
        : undefined,
  },
  closeTurn: (slice) => (slice.switching || slice.isNews ? withoutRun(slice) : slice),
})

const withoutRun = ({ switching: _switching, isNews: _isNews, ...slice }: ModelsSlice): ModelsSlice => slice

const isOld = ({ created }: NonNullable<ModelsSlice['switching']>, known: number | undefined): boolean =>
  created === undefined || (known !== undefined && known < created)

/** A message of ours that the run answers, while no other is on its way there. */
function underWay(state: Conversation): string | undefined {
  const { prompts } = state.turn
  const newest = newestUser(state)?.id
  const isOurs = prompts.filter(isDelivered).some(({ phase }) => phase.messageId === newest)
  return isOurs && !prompts.some(isSending) ? newest : undefined
}

function onSwitched(slice: ModelsSlice, { messageId }: SwitchModel, outcome: SwitchOutcome): FeatureChange<ModelsSlice> {
  const { switching: _switching, ...others } = slice
  if (outcome.kind !== 'switched') return keep(others)
  const { created, answeredBy, by } = outcome
  return keep({ ...others, kept: keptOf(answeredBy, by), switching: { messageId, created } })
}

const keptOf = (answeredBy: AnsweredBy | undefined, by: Level): Kept => ({
  by,
  ...(answeredBy?.agent !== undefined && { agent: answeredBy.agent }),
  ...(answeredBy?.model && { model: answeredBy.model }),
})

/** What people have chosen that counts here. */
export function chosenIn(state: Conversation): Chosen {
  const { own, kept } = models.of(state)
  return { ...state.preferences, session: own, kept }
}

/** What was chosen last counts from the next step of the run on; else from the next message on. */
export const countsFromNextStep = (state: Conversation): boolean => {
  const { isNews, switching } = models.of(state)
  return isNews === true || switching !== undefined
}
