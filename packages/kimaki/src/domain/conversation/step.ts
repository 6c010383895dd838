/**
 * The one function that decides: what happened, to what follows. Pure and total.
 *
 *     input ─▶ the run takes it ─▶ the features are told ─▶ what is due, of the features and then of the run ─▶ the features are told
 *
 * Every feature sees the conversation as it was before the features were told, and writes only its own slice, so their order has no meaning.
 */
import type { StandingAllowance } from '../allowance.ts'
import type { Ask as AgentAsk } from '../agent.ts'
import type { IncomingMessage } from '../message/incoming.ts'
import type { Preference, PreferenceChange, Preferences } from '../models/preferences.ts'
import type { Verbosity } from '../prefs.ts'
import type { Offered } from '../offered.ts'
import { DEFAULT_SETTINGS, type Settings } from '../settings.ts'
import { askerOf, effectsOf, saidBy, type Asker, type CommandAnswer } from './command.ts'
import { readButton } from './posts/button.ts'
import { andThen, noEffects, withAction, type Change } from './change.ts'
import type { RunEvent } from './event.ts'
import { reactionTo, sliceOf, type Feature, type FeatureChange, type Moment } from './feature.ts'
import { FEATURES } from './features/index.ts'
import { askedTogether } from './gates.ts'
import type { Input } from './input.ts'
import { takeMessage } from './take-message.ts'
import { tellPresser } from './reply.ts'
import type { ButtonPress, CommandInvocation } from './request.ts'
import { runBegins, runDue, runGrants, runTakes, withVerbosity, type Features } from './run/index.ts'
import { threadAfter } from './run/place.ts'
import type { Conversation } from './state.ts'

/** What decides beside the state. */
export interface Rules {
  readonly settings: Settings
  readonly runCommand: RunCommand
  readonly runPress: RunPress
  /** A slash command that need not wait until the session has been read. */
  readonly decidesUnread: (name: string) => boolean
  readonly features: readonly Feature[]
  /** One more agent may begin to work. */
  readonly hasRoom: boolean
  /** What people have allowed for the project folder. */
  readonly allowed: readonly StandingAllowance[]
  /** What OpenCode offers in the project folder; undefined: it was never asked. */
  readonly offered?: Offered | undefined
  /** Of the channel; undefined: as the conversation has it. */
  readonly verbosity?: Verbosity
  readonly isVerbosityOwn?: boolean
  /** Of the channel, and of all; undefined: as the conversation has them. */
  readonly preferences?: Preferences
}

/** What becomes of a slash command. Pure. */
export type RunCommand = (state: Conversation, command: CommandInvocation, moment: Moment) => SpokenAnswer

/** `says`: words the person says by the command, taken as if they stood in the thread. */
export type SpokenAnswer = CommandAnswer & { readonly says?: string }

/** What becomes of a press on a button in the answer to a slash command, which is renewed; undefined: the button is none of these. Pure. */
export type RunPress = (
  button: ReturnType<typeof readButton>,
  press: ButtonPress,
  moment: Moment,
  state: Conversation,
) => PressAnswer | undefined

/** `command`: the name of the command in whose answer the button stands. */
export type PressAnswer = CommandAnswer & { readonly command: string }

export const DEFAULT_RULES: Rules = {
  settings: DEFAULT_SETTINGS,
  runCommand: (_, { name }) => ({ reply: `✗ there is no command /${name}` }),
  runPress: () => undefined,
  decidesUnread: () => false,
  features: FEATURES,
  hasRoom: true,
  allowed: [],
}

export function step(state: Conversation, input: Input, rules: Rules = DEFAULT_RULES): Change {
  const roster = rosterOf(rules.features)
  const { due, asked } = roster
  const moment = momentOf(input, rules)
  const tell = (change: Change): Change => tellFeatures(change, roster)
  const heard = tell(withVerbosity(preferring(state, rules.preferences), rules.verbosity ?? state.verbosity))
  const reacted = tell(andThen(heard, (next) => react(next, input, rules, asked)))
  const featuresDue = tell(
    andThen(reacted, (next) => askAll(next, due, (feature, slice) => feature.due?.(slice, next, asked.heldBy, moment))),
  )
  const room = { isFree: rules.hasRoom, atMost: rules.settings.agentsAtOnce }
  return tell(andThen(featuresDue, (next) => runDue(next, asked, room)))
}

/** Who is asked about what: nearly all inputs are a piece of a text, which concerns nobody. */
interface Roster {
  readonly due: readonly Feature[]
  readonly listeners: Partial<Record<RunEvent['kind'], readonly Feature[]>>
  readonly asked: Features
}

/** Worked out once for each list of features. */
const ROSTERS = new WeakMap<readonly Feature[], Roster>()

function rosterOf(features: readonly Feature[]): Roster {
  const known = ROSTERS.get(features)
  if (known) return known
  const kinds = new Set(features.flatMap(({ on = {} }) => Object.keys(on) as RunEvent['kind'][]))
  const roster: Roster = {
    due: features.filter(({ due }) => due !== undefined),
    listeners: Object.fromEntries([...kinds].map((kind) => [kind, features.filter(({ on }) => on?.[kind])])),
    asked: askedTogether(features),
  }
  ROSTERS.set(features, roster)
  return roster
}

const momentOf = ({ at }: Input, { settings, allowed, offered, isVerbosityOwn = false }: Rules): Moment => ({
  at,
  settings,
  allowed,
  offered,
  isVerbosityOwn,
})

const preferring = (state: Conversation, preferences: Preferences = state.preferences): Conversation =>
  preferences === state.preferences ? state : { ...state, preferences }

function react(state: Conversation, input: Input, rules: Rules, asked: Features): Change {
  const { features } = rules
  switch (input.kind) {
    case 'message':
      if (input.begins) return runBegins(state, input, input.begins)
      return andThen(choosing(state, input.chooses), (next) => onMessage(next, rules, input))
    case 'pressed':
      return onPress(state, input, rules)
    case 'action-buttons': {
      const { call, buttons, at } = input
      return { ...noEffects(state), events: [{ kind: 'buttons-offered', call, buttons, at }] }
    }
    case 'upload-asked': {
      const { kind, call, prompt, atMost } = input
      return { ...noEffects(state), events: [{ kind, call, prompt, atMost }] }
    }
    case 'tool-question':
      return { ...noEffects(state), events: [askedBy(input.ask)] }
    case 'merge-asked':
      return runGrants(state, input)
    case 'stop-asked':
      return runGrants(state, { kind: 'stop-run', by: input.by, unread: 'keep' })
    case 'command':
      return onCommand(state, input, rules)
    case 'outcome': {
      const { effect, outcome } = input
      if (effect.owner === 'run') return runTakes(state, input, rules.settings, asked)
      return askOwner(state, features, effect.owner, (feature, slice) =>
        own(feature.outcomes, effect.kind)?.(slice, effect, outcome, state),
      )
    }
    case 'report':
      return askOwner(state, features, input.owner, (feature, slice) => feature.report?.(slice, input.report, state))
    case 'alarm':
      if (input.owner === 'run') return runTakes(state, input, rules.settings, asked)
      return askOwner(state, features, input.owner, (feature, slice) => feature.alarm?.(slice, input.name, state))
    case 'begin':
      return {
        ...noEffects({ ...state, thread: { kind: 'channel' } }),
        events: [{ kind: 'launch-asked', message: input.message, begins: input.begins }],
      }
    case 'unbegun':
      return { ...noEffects(toldSomewhere(state)), events: [{ kind: 'unbegun', message: input.message }] }
    case 'notice':
      return { ...noEffects(toldSomewhere(state)), events: [input] }
    case 'guest-message': {
      const { message, isEdit = false, at } = input
      return { ...noEffects(state), events: [{ kind: 'guest-wrote', message, isEdit, at }] }
    }
    case 'turn-closed':
    case 'room-freed':
    case 'allowances-changed':
      return noEffects(state)
    case 'server-silent':
    case 'server-answers':
    case 'server-ended':
    case 'programs-found':
    case 'file-collided':
      return { ...noEffects(state), events: [input] }
    case 'agent':
    case 'snapshot':
    case 'unreadable':
    case 'edited-message':
    case 'deleted-message':
    case 'dead-letter':
    case 'posted':
    case 'post-edited':
    case 'post-refused':
    case 'post-held':
    case 'post-fixed':
    case 'goes-on':
    case 'session-moved':
    case 'thread-gone':
    case 'thread-renamed':
    case 'session-written':
    case 'resume':
      return runTakes(state, input, rules.settings, asked)
  }
}

/** Where no thread is, the project channel is told. */
const toldSomewhere = (state: Conversation): Conversation =>
  state.thread.kind === 'none' ? { ...state, thread: { kind: 'channel' } } : state

const askedBy = (ask: AgentAsk): RunEvent => ({ kind: 'agent', event: { kind: 'asked', session: ask.session, ask } })

/** An agent brings its own model: the model is chosen after it. */
function choosing(state: Conversation, { agent, model }: Preference = {}): Change {
  const changes: readonly PreferenceChange[] = [
    ...(agent === undefined ? [] : [{ name: 'agent', value: agent } as const]),
    ...(model === undefined ? [] : [{ name: 'model', value: model } as const]),
  ]
  return changes.reduce<Change>(
    (done, change) => andThen(done, (next) => runGrants(next, { kind: 'set-preference', scope: 'session', change })),
    noEffects(state),
  )
}

function onPress(state: Conversation, input: Extract<Input, { kind: 'pressed' }>, rules: Rules): Change {
  const { action, about } = readButton(input.press.customId)
  const moment = momentOf(input, rules)
  const press = { ...input.press, order: input.order, at: input.at, moment }
  const pressed = askAll(state, rules.features, (feature, slice) => own(feature.buttons, action)?.(slice, about, press, state))
  const answered = rules.runPress({ action, about }, input.press, moment, state)
  if (answered) return andThen(pressed, (next) => onPressInAnswer(next, answered, input.press))
  return isNothing(pressed, state) ? withAction(state, ...tellPresser(input.press, { kind: 'over' as const })) : pressed
}

const isNothing = ({ state, effects, actions, events }: Change, before: Conversation): boolean =>
  state === before && effects.length + actions.length + events.length === 0

function onMessage(
  before: Conversation,
  { features, settings }: Rules,
  input: { readonly message: IncomingMessage; readonly order: number; readonly at: number },
): Change {
  const state = { ...before, thread: threadAfter(before, input.message) }
  const taken = takeMessage(state, features, input, settings)
  if (!taken) return noEffects(before)
  if (taken.by === 'nobody') return applied(state, taken.screened)
  if (taken.by !== 'run') return applied(state, [...taken.screened, [taken.by, taken.change]])
  const { prompt } = taken
  return andThen(applied(state, taken.screened), (next) => runGrants(next, prompt))
}

function onCommand(state: Conversation, input: Extract<Input, { kind: 'command' }>, rules: Rules): Change {
  const { command, isMissed } = input
  if (isMissed) return { ...noEffects(toldSomewhere(state)), events: [{ kind: 'command-missed', command }] }
  const { says, ...answer } = rules.runCommand(state, command, momentOf(input, rules))
  const { options: _options, target: _target, ...asker } = command
  const message = says === undefined ? undefined : saidBy(asker, says, state)
  const said = message ? onMessage(state, rules, { message, order: input.order, at: input.at }) : noEffects(state)
  return andThen(said, (next) => carriedOut(next, asker, answer))
}

function onPressInAnswer(state: Conversation, { command, ...answer }: PressAnswer, press: ButtonPress): Change {
  const asker = askerOf(press, command)
  return carriedOut(state, asker && answer.keeps ? { ...asker, keeps: true } : asker, answer)
}

function carriedOut(state: Conversation, asker: Asker | undefined, answer: CommandAnswer): Change {
  const { requests = [], allowances = [] } = answer
  const granted = requests.reduce<Change>(
    (change, request) => andThen(change, (next) => runGrants(next, request)),
    noEffects(state),
  )
  const effects = [...granted.effects, ...(asker ? effectsOf(granted.state, asker, answer) : (answer.effects ?? []))]
  const { meanwhile } = answer
  const begun = asker && meanwhile ? [{ kind: 'work-begun', id: asker.id, meanwhile } as const] : []
  return {
    ...granted,
    allowances: [...granted.allowances, ...allowances],
    effects,
    events: [...granted.events, ...begun],
  }
}

/** Tells every feature what the run has told, until the run has nothing more to tell. */
function tellFeatures(change: Change, roster: Roster): Change {
  const { events } = change
  if (events.length === 0) return change
  const told = events.reduce<Change>(
    (before, event) =>
      andThen(before, (next) =>
        askAll(next, roster.listeners[event.kind] ?? [], (feature, slice) =>
          reactionTo(feature, event.kind)?.(slice, event, next),
        ),
      ),
    { ...change, events: [] },
  )
  return tellFeatures(told, roster)
}

type Ask = (feature: Feature, slice: unknown) => FeatureChange<unknown> | undefined

function askAll(state: Conversation, features: readonly Feature[], ask: Ask): Change {
  const answers: (readonly [Feature, FeatureChange<unknown>])[] = []
  for (const feature of features) {
    const slice = sliceOf(state, feature)
    const answer = ask(feature, slice)
    // Of thousands of inputs that are a piece of a text, no feature wants anything.
    if (answer && isNews(answer, slice)) answers.push([feature, answer])
  }
  return answers.length === 0 ? noEffects(state) : applied(state, answers)
}

const isNews = ({ slice, effects, actions, requests }: FeatureChange<unknown>, before: unknown): boolean =>
  slice !== before || effects !== undefined || actions !== undefined || requests !== undefined

const askOwner = (state: Conversation, features: readonly Feature[], owner: string, ask: Ask): Change =>
  askAll(
    state,
    features.filter(({ name }) => name === owner),
    ask,
  )

/** The key comes from outside: `constructor` is no action of a button. */
const own = <T>(table: Readonly<Record<string, T>> | undefined, key: string): T | undefined =>
  table && Object.hasOwn(table, key) ? table[key] : undefined

/** The slices are replaced, then the run grants what the features ask for. The very state when no slice changes. */
function applied(state: Conversation, answers: readonly (readonly [Feature, FeatureChange<unknown>])[]): Change {
  const news = answers.filter(([feature, { slice }]) => slice !== sliceOf(state, feature))
  const slices = Object.fromEntries(news.map(([{ name }, { slice }]) => [name, slice]))
  const next = news.length === 0 ? state : { ...state, features: { ...state.features, ...slices } }
  const changed: Change = {
    ...noEffects(next),
    effects: answers.flatMap(([, { effects = [] }]) => effects),
    actions: answers.flatMap(([, { actions = [] }]) => actions),
    allowances: answers.flatMap(([, { allowances = [] }]) => allowances),
  }
  return answers
    .flatMap(([, { requests = [] }]) => requests)
    .reduce((change, request) => andThen(change, (granted) => runGrants(granted, request)), changed)
}
