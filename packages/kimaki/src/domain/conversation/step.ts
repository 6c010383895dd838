/**
 * The one function that decides: what happened, to what follows. Pure and total.
 *
 *     input ─▶ the run takes it ─▶ the features are told ─▶ what is due, of the features and then of the run ─▶ the features are told
 *
 * Every feature sees the conversation as it was before the features were told, and writes only its own slice, so their order has no meaning.
 */
import type { IncomingMessage } from '../message/incoming.ts'
import { DEFAULT_SETTINGS, type Settings } from '../settings.ts'
import { readButton } from './posts/button.ts'
import { andThen, noEffects, type Change } from './change.ts'
import { sliceOf, type Feature, type FeatureChange, type Gate, type FeatureRequest } from './feature.ts'
import { FEATURES } from './features/index.ts'
import type { Input } from './input.ts'
import { takeMessage } from './take-message.ts'
import { replyTo } from './reply.ts'
import type { CommandInvocation } from './request.ts'
import { addPrompt, runBegins, runDue, runGrants, runTakes, type Features } from './run/index.ts'
import { threadAfter } from './run/place.ts'
import { submitIsHeld } from './run/submit.ts'
import type { Conversation } from './state.ts'

/** What decides beside the state. */
export interface Rules {
  readonly settings: Settings
  readonly runCommand: RunCommand
  readonly features: readonly Feature[]
}

/** What becomes of a slash command: what it asks of the run, and the sentence the person reads. Pure. */
export type RunCommand = (
  state: Conversation,
  command: CommandInvocation,
) => { readonly requests: readonly FeatureRequest[]; readonly reply: string }

export const DEFAULT_RULES: Rules = {
  settings: DEFAULT_SETTINGS,
  runCommand: (_, { name }) => ({ requests: [], reply: `✗ there is no command /${name}` }),
  features: FEATURES,
}

export function step(state: Conversation, input: Input, rules: Rules = DEFAULT_RULES): Change {
  const { features } = rules
  const asked = questions(features)
  const tell = (change: Change): Change => tellFeatures(change, features)
  const reacted = tell(react(state, input, rules, asked))
  const featuresDue = tell(andThen(reacted, (next) => askAll(next, features, (feature, slice) => feature.due?.(slice, next, asked.heldBy))))
  return tell(andThen(featuresDue, (next) => runDue(next, asked)))
}

function react(state: Conversation, input: Input, rules: Rules, asked: Features): Change {
  const { features } = rules
  switch (input.kind) {
    case 'message':
      return input.begins ? runBegins(state, input, input.begins) : onMessage(state, features, input)
    case 'pressed': {
      const { action, about } = readButton(input.press.customId)
      return askOwner(
        state,
        features,
        (each) => each.buttons?.[action] !== undefined,
        (feature, slice) => feature.buttons?.[action]?.(slice, about, input.press, state),
      )
    }
    case 'command':
      return onCommand(state, input, rules)
    case 'outcome': {
      const { effect, outcome } = input
      if (effect.owner === 'run') return runTakes(state, input, rules.settings, asked)
      return askOwner(
        state,
        features,
        ({ name }) => name === effect.owner,
        (feature, slice) => feature.outcomes?.[effect.kind]?.(slice, effect, outcome, state),
      )
    }
    case 'report':
      return askOwner(
        state,
        features,
        ({ name }) => name === input.owner,
        (feature, slice) => feature.report?.(slice, input.report, state),
      )
    case 'alarm':
      if (input.owner === 'run') return runTakes(state, input, rules.settings, asked)
      return askOwner(
        state,
        features,
        ({ name }) => name === input.owner,
        (feature, slice) => feature.alarm?.(slice, input.name, state),
      )
    case 'begin':
      return {
        ...noEffects({ ...state, thread: { kind: 'channel' } }),
        events: [{ kind: 'launch-asked', message: input.message, begins: input.begins }],
      }
    case 'turn-closed':
      return noEffects(state)
    case 'edited-message':
    case 'deleted-message':
    case 'dead-letter':
    case 'agent':
    case 'snapshot':
    case 'unreadable':
    case 'posted':
    case 'post-edited':
    case 'post-refused':
    case 'thread-gone':
    case 'thread-renamed':
    case 'resume':
      return runTakes(state, input, rules.settings, asked)
  }
}

function onMessage(
  before: Conversation,
  features: readonly Feature[],
  input: { readonly message: IncomingMessage; readonly order: number; readonly at: number },
): Change {
  const state = { ...before, thread: threadAfter(before, input.message) }
  const taken = takeMessage(state, features, input)
  if (!taken) return noEffects(before)
  return taken.by === 'run' ? noEffects(addPrompt(state, taken.prompt)) : applied(state, [[taken.by, taken.change]])
}

function onCommand(
  state: Conversation,
  { command, isMissed }: Extract<Input, { kind: 'command' }>,
  { runCommand }: Rules,
): Change {
  if (isMissed) return { ...noEffects(state), events: [{ kind: 'command-missed', command }] }
  const { requests, reply } = runCommand(state, command)
  const granted = requests.reduce<Change>(
    (change, request) => andThen(change, (next) => runGrants(next, request)),
    noEffects(state),
  )
  return { ...granted, effects: [...granted.effects, replyTo(command, reply)] }
}

/** Tells every feature what the run has told, until the run has nothing more to tell. */
function tellFeatures(change: Change, features: readonly Feature[]): Change {
  const { events } = change
  if (events.length === 0) return change
  const told = events.reduce<Change>(
    (before, event) => andThen(before, (next) => askAll(next, features, (feature, slice) => feature.on?.(slice, event, next))),
    { ...change, events: [] },
  )
  return tellFeatures(told, features)
}

type Ask = (feature: Feature, slice: unknown) => FeatureChange<unknown> | undefined

function askAll(state: Conversation, features: readonly Feature[], ask: Ask): Change {
  const answers = features.flatMap((feature): readonly (readonly [Feature, FeatureChange<unknown>])[] => {
    const answer = ask(feature, sliceOf(state, feature))
    return answer ? [[feature, answer]] : []
  })
  return applied(state, answers)
}

const askOwner = (state: Conversation, features: readonly Feature[], isOwner: (feature: Feature) => boolean, ask: Ask): Change =>
  askAll(state, features.filter(isOwner), ask)

/** The slices are replaced, then the run grants what the features ask for. The very state when no slice changes. */
function applied(state: Conversation, answers: readonly (readonly [Feature, FeatureChange<unknown>])[]): Change {
  const news = answers.filter(([feature, { slice }]) => slice !== sliceOf(state, feature))
  const slices = Object.fromEntries(news.map(([{ name }, { slice }]) => [name, slice]))
  const next = news.length === 0 ? state : { ...state, features: { ...state.features, ...slices } }
  const changed: Change = {
    ...noEffects(next),
    effects: answers.flatMap(([, { effects = [] }]) => effects),
    actions: answers.flatMap(([, { actions = [] }]) => actions),
  }
  return answers
    .flatMap(([, { requests = [] }]) => requests)
    .reduce((change, request) => andThen(change, (granted) => runGrants(granted, request)), changed)
}

function questions(features: readonly Feature[]): Features {
  const first = <T>(state: Conversation, ask: (feature: Feature, slice: unknown) => T | undefined): T | undefined => {
    for (const feature of features) {
      const answer = ask(feature, sliceOf(state, feature))
      if (answer !== undefined) return answer
    }
    return undefined
  }
  return {
    heldBy: (gate: Gate, state) =>
      (gate === 'submit' ? submitIsHeld(state) : undefined) ??
      first(state, (feature, slice) => feature.gates?.[gate]?.(slice, state)),
    hasStopped: (state, userMessageId) =>
      first(state, (feature, slice) => feature.hasStopped?.(slice, userMessageId) || undefined) ?? false,
    needsThread: (state) => first(state, (feature, slice) => feature.needsThread?.(slice)),
  }
}
