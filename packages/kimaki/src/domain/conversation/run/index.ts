/**
 * The run: prompts, their submission, the replica of what OpenCode says, and every end. The only writer of `Conversation.turn`, of thread
 * and session; features ask it for things, may hold it back (`feature.ts`) and are told what happened (`event.ts`).
 */
import { changed } from '../../models/preferences.ts'
import type { PermissionRule } from '../../agent.ts'
import type { Verbosity } from '../../prefs.ts'
import type { Settings } from '../../settings.ts'
import { amongst, andThen, endPrompts, noEffects, updatePrompt, withAction, type Change } from '../change.ts'
import type { FeatureRequest, HeldBy, ThreadOpener } from '../feature.ts'
import type { Input } from '../input.ts'
import { isSubmitted, promptIdOf, type Prompt } from '../prompt.ts'
import type { Beginning } from '../request.ts'
import { inTurn, NEW_TURN, type Conversation } from '../state.ts'
import { onDeleted, onEdited } from './edit.ts'
import { coveredPrompts } from './derive.ts'
import { readSession, type ReadHistory, type RunEffect, type RunOutcome } from './effects.ts'
import { recall, stopVain } from './recall.ts'
import { finish, stopEndless } from './finish.ts'
import { interruptIfDue, watchWaiting } from './interrupt.ts'
import { onRunOutcome } from './outcome.ts'
import { countMinute, watchLimit } from './watch/limit.ts'
import { checkLong, watchLong } from './watch/long.ts'
import {
  closeThread,
  isOpenSomewhere,
  leaveSession,
  moveSession,
  openSession,
  openThread,
  threadAfter,
  unsynced,
  withoutSession,
} from './place.ts'
import { onPosted, onPostEdited, onPostFixed, onPostHeld, onPostRefused } from './posts.ts'
import { onSnapshot, type HasStopped } from './recover.ts'
import { onAgent } from './replica.ts'
import { seenElsewhere, wasWrittenElsewhere, type Around, type IsPassed } from './watch/elsewhere.ts'
import { checkStall, notStalled, watchStall } from './watch/stall.ts'
import { onStoppedElsewhere, stopForPerson, stopRun } from './stop.ts'
import { prepare, submit, type Room } from './submit.ts'

/** What the run asks the features, together. */
export interface Features {
  readonly heldBy: HeldBy
  readonly hasStopped: HasStopped
  /** What this message asked a terminal counts as answered. */
  readonly isPassed: IsPassed
  /** What the session may do beside what its first prompt brings. */
  readonly rulesOf: (state: Conversation) => readonly PermissionRule[]
  /** The message of a feature that needs a thread, if any. */
  readonly needsThread: (state: Conversation) => ThreadOpener | undefined
}

/** Messages, presses, commands and reports reach the features first (`take-message.ts`, `step.ts`). */
export type RunInput = Exclude<Input, { kind: NotTheRuns }>

type NotTheRuns =
  | 'message'
  | 'begin'
  | 'unbegun'
  | 'notice'
  | 'guest-message'
  | 'pressed'
  | 'action-buttons'
  | 'upload-asked'
  | 'tool-question'
  | 'stop-asked'
  | 'merge-asked'
  | 'command'
  | 'report'
  | 'turn-closed'
  | 'room-freed'
  | 'allowances-changed'
  | 'server-silent'
  | 'server-answers'
  | 'server-ended'
  | 'programs-found'
  | 'file-collided'

export function runTakes(state: Conversation, input: RunInput, settings: Settings, features: Features): Change {
  const around = { settings, isPassed: features.isPassed }
  switch (input.kind) {
    case 'dead-letter':
      return noEffects(addDeadLetter(state, input))
    case 'edited-message':
      return onEdited(state, input.message)
    case 'deleted-message':
      return onDeleted(state, input.messageId)
    case 'outcome':
      return onOutcome(state, input, around, features.hasStopped)
    case 'agent':
      return andThen(onAgent(notStalled(state), input.event), (next) =>
        watchAfter(onStoppedElsewhere(next, input.event, features.hasStopped), input, settings),
      )
    case 'snapshot':
      return andThen(onSnapshot(state, seenElsewhere(state, input, around), features.hasStopped), (next) =>
        andThen(watchStall(next, settings), (watched) => watchDelivered(watched, input.at, settings)),
      )
    case 'unreadable':
      return onUnreadable(state, input)
    case 'posted':
      return onPosted(state, input)
    case 'post-edited':
      return noEffects(onPostEdited(state, input.postId, input.shown))
    case 'post-refused':
      return onPostRefused(state, input.postId, input.fallback)
    case 'post-held':
      return onPostHeld(state, input)
    case 'post-fixed':
      return noEffects(onPostFixed(state, input.postId))
    case 'goes-on':
      return runGoesOn(state, input)
    case 'session-moved':
      return moveSession(state, input)
    case 'thread-gone':
      return closeThread(state, { kind: 'failed', reason: { kind: 'told', text: input.text } })
    case 'thread-renamed':
      return { ...noEffects(state), events: [{ kind: 'thread-renamed', name: input.name }] }
    case 'session-written':
      return onWrittenElsewhere(state, input)
    case 'resume':
      return isOpenSomewhere(state) ? withAction(unsynced(state), readSession(0)) : noEffects(state)
    case 'alarm':
      return onAlarm(state, input, settings, features.heldBy)
  }
}

/** What is due now? Asked after every input; an effect's key is derived from what it is about, so asking twice does no harm. */
export const runDue = (state: Conversation, features: Features, room: Room): Change =>
  DUE.reduce<Change>((change, rule) => andThen(change, (next) => rule(next, features, room)), noEffects(state))

const DUE: readonly ((state: Conversation, features: Features, room: Room) => Change)[] = [
  (state, { needsThread }) => openThread(state, needsThread),
  recall,
  (state, features) => openSession(state, features),
  prepare,
  (state, { heldBy }, room) => submit(state, heldBy, room),
  stopEndless,
  stopVain,
  (state, { heldBy }) => finish(state, heldBy),
]

/** What a feature asks for. */
export function runGrants(state: Conversation, request: FeatureRequest): Change {
  switch (request.kind) {
    case 'add-prompt':
      return { ...noEffects(addPrompt(state, request)), events: [{ kind: 'prompt-added', promptId: request.id }] }
    case 'queue-message':
      return { ...noEffects(state), events: [{ ...request, kind: 'queue-asked' }] }
    case 'give-context': {
      const { promptId, context } = request
      return noEffects(updatePrompt(state, promptId, (known) => ({ ...known, message: { ...known.message, context } })))
    }
    case 'stop-run':
      return stopForPerson(state, request.by, request.unread)
    case 'end-run':
      return stopRun(endPrompts(state, amongst(coveredPrompts(state)), { kind: 'failed', reason: request.reason }))
    case 'launch': {
      const { message, begins, asker } = request
      return { ...noEffects(state), events: [{ kind: 'launch-asked', message, begins, asker }] }
    }
    case 'merge-asked':
      return { ...noEffects(state), events: [request] }
    case 'work-in':
      return noEffects({ ...state, directory: request.directory })
    case 'end-all':
      return withoutSession(state, { kind: 'failed', reason: { kind: 'told', text: request.text } })
    case 'unqueue':
      return { ...noEffects(state), events: [{ kind: 'unqueued', ids: request.ids, by: request.by }] }
    case 'set-verbosity':
      return withVerbosity(state, request.level)
    case 'set-preference': {
      const { scope, change } = request
      const { preferences } = state
      const known = scope === 'session' ? preferences : { ...preferences, [scope]: changed(preferences[scope], change) }
      return { ...noEffects({ ...state, preferences: known }), events: [{ kind: 'preference-set', scope, change }] }
    }
  }
}

/** From now on the threads of the channel show so much. */
export const withVerbosity = (state: Conversation, verbosity: Verbosity): Change =>
  verbosity === state.verbosity
    ? noEffects(state)
    : { ...noEffects({ ...state, verbosity }), events: [{ kind: 'verbosity-changed', from: state.verbosity }] }

type NewPrompt = Omit<Extract<FeatureRequest, { kind: 'add-prompt' }>, 'kind'> & Pick<Prompt, 'begins'>

/** The prompt joins the line: in order of arrival, as far as the session does not have those behind it. */
function addPrompt(state: Conversation, { waited, ...prompt }: NewPrompt): Conversation {
  const { prompts } = state.turn
  if (prompts.some(({ id }) => id === prompt.id)) return state
  const added: Prompt = { ...prompt, ...(waited && { waited }), phase: { kind: 'waiting' } }
  const known = prompts.findLastIndex(isSubmitted)
  const behind = prompts.findIndex((other, index) => index > known && other.order > added.order)
  const place = behind === -1 ? prompts.length : behind
  return inTurn({ ...state, thread: threadAfter(state, prompt.message) }, { prompts: prompts.toSpliced(place, 0, added) })
}

/** The conversation begins in a thread that was opened for it, and goes on with the session it was given. */
export function runBegins(
  state: Conversation,
  { order, message, at }: Omit<Extract<Input, { kind: 'message' }>, 'kind'>,
  begins: Beginning,
): Change {
  const prompt = { id: promptIdOf(message.id), order, message, acceptedAt: at, waited: false, begins }
  const added = addPrompt(state, prompt)
  const { session } = begins
  // Somebody was quicker and has begun a session of their own here.
  if (added === state || state.session.kind !== 'none') return noEffects(added)
  const bound: Conversation = session
    ? { ...added, session: { kind: 'open', id: session.id }, closedUpTo: Math.max(added.closedUpTo, session.upTo) }
    : added
  return { ...noEffects(bound), events: [{ kind: 'begun', beginning: begins }] }
}

/** The conversation begins with a session that exists, and shows the end of what was said there. */
function runGoesOn(state: Conversation, { begins, at }: Extract<Input, { kind: 'goes-on' }>): Change {
  const { session } = begins
  if (begins.isEmpty) return { ...noEffects(state), events: [{ kind: 'begun', beginning: begins }] }
  // Somebody was quicker and has begun a session of their own here.
  if (!session || state.session.kind !== 'none') return noEffects(state)
  const { id, answeredBy, upTo } = session
  const bound: Conversation = {
    ...unsynced(state),
    session: { kind: 'open', id, answeredBy, ...(begins.copyOf && { copiedUpTo: at }) },
    closedUpTo: Math.max(state.closedUpTo, upTo),
  }
  const { directory } = state
  const effect: ReadHistory = { key: `read-history/${state.id}`, kind: 'read-history', owner: 'run', directory, session: id }
  return { ...noEffects(bound), effects: [effect], events: [{ kind: 'begun', beginning: begins }] }
}

function addDeadLetter(state: Conversation, { order, message, text, at }: Extract<Input, { kind: 'dead-letter' }>): Conversation {
  const id = promptIdOf(message.id)
  const added = addPrompt(state, { id, order, message, acceptedAt: at, waited: false })
  // What became of the message is told already, or will be.
  if (added === state) return state
  return endPrompts(added, (prompt) => prompt.id === id, { kind: 'failed', reason: { kind: 'told', text } })
}

function onOutcome(
  state: Conversation,
  input: Extract<Input, { kind: 'outcome' }>,
  around: Around,
  hasStopped: HasStopped,
): Change {
  // The owner is the run: nobody else makes effects in its name.
  const outcome = input.outcome as RunOutcome
  if (outcome.kind === 'history-read')
    return onSnapshot(state, seenElsewhere(state, { at: input.at, ...snapshotIn(outcome) }, around), hasStopped)
  const change = onRunOutcome(historyUnread(state, input), input.effect as RunEffect, outcome)
  return outcome.kind === 'delivered' ? andThen(change, (next) => watchDelivered(next, input.at, around.settings)) : change
}

const snapshotIn = ({ snapshot, meanwhile }: Extract<RunOutcome, { kind: 'history-read' }>) => ({
  kind: 'snapshot' as const,
  snapshot,
  meanwhile,
})

/** A terminal names the session, too. */
function onWrittenElsewhere(state: Conversation, input: Extract<Input, { kind: 'session-written' }>): Change {
  const { session, title } = input
  if (state.session.kind !== 'open' || state.session.id !== session) return noEffects(state)
  const named = onAgent(state, { kind: 'title', session, title })
  return wasWrittenElsewhere(state, input) ? andThen(named, (next) => withAction(next, readSession(0))) : named
}

/** What could not be read for a thread that goes on with a session is never shown there. */
const historyUnread = (state: Conversation, { effect, at }: Extract<Input, { kind: 'outcome' }>): Conversation =>
  effect.kind === 'read-history' ? leaveUnread(state, at) : state

function watchAfter(state: Conversation, { event, at }: Extract<Input, { kind: 'agent' }>, settings: Settings): Change {
  if (event.kind === 'status') return watchStall(state, settings)
  // The message may be told after its submission has ended.
  if (event.kind === 'message' && event.message.kind === 'user') return watchDelivered(state, at, settings)
  return noEffects(state)
}

const watchDelivered = (state: Conversation, at: number, settings: Settings): Change =>
  andThen(watchWaiting(state, at, settings), (next) =>
    andThen(watchLong(next, at, settings), (watched) => watchLimit(watched, settings)),
  )

function onAlarm(
  state: Conversation,
  { name, at }: Extract<Input, { kind: 'alarm' }>,
  settings: Settings,
  heldBy: HeldBy,
): Change {
  if (name === 'model-stall')
    return heldBy('interrupt', state) === undefined ? checkStall(state, settings) : watchStall(notStalled(state), settings)
  if (name === 'run-lasts') return checkLong(state, at, settings)
  if (name === 'turn-minute') return countMinute(state, settings, heldBy)
  return name === 'interrupt-due' ? interruptIfDue(state, at, settings, heldBy) : noEffects(state)
}

/** The session cannot be read: its prompts end with the reason, once trying again is of no use. */
function onUnreadable(state: Conversation, { text, final, isGone, at }: Extract<Input, { kind: 'unreadable' }>): Change {
  if (isGone && state.session.kind === 'open') return leaveSession(state, state.session.id)
  if (!final) return withAction(state, readSession(1000))
  const read = state.turn.isSynced ? state : leaveUnread(state, at)
  return withoutSession(read, { kind: 'failed', reason: { kind: 'told', text } })
}

/** What the session holds up to now will never be shown: later it must not be taken for news. (OpenCode and we read the same clock.) */
function leaveUnread(state: Conversation, at: number): Conversation {
  const { messages, subtasks, status, isSynced } = NEW_TURN
  return { ...inTurn(state, { messages, subtasks, status, isSynced }), closedUpTo: Math.max(state.closedUpTo, at) }
}
