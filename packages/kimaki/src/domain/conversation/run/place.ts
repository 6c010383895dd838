/** Where a conversation takes place: its thread is opened for the first message, its session for the first prompt. */
import type { PermissionRule } from '../../agent.ts'
import { threadNameFrom } from '../../naming.ts'
import { authorUserId } from '../../message/incoming.ts'
import { andThen, endPrompts, everyPrompt, noEffects, type Change } from '../change.ts'
import type { HeldBy, ThreadOpener } from '../feature.ts'
import { isDelivered, isLive, type PromptEnd } from '../prompt.ts'
import { inTurn, NEW_TURN, type Conversation, type Posts, type Thread } from '../state.ts'
import { failedWith, type AddMember, type OpenSession, type OpenThread, type RunOutcome } from './effects.ts'
import { stopRun } from './stop.ts'

export function openThread(state: Conversation, needsThread: (state: Conversation) => ThreadOpener | undefined): Change {
  if (state.thread.kind !== 'none') return noEffects(state)
  const message = state.turn.prompts[0]?.message ?? needsThread(state)
  if (!message) return noEffects(state)
  const effect: OpenThread = {
    key: `open-thread/${state.id}`,
    kind: 'open-thread',
    owner: 'run',
    channelId: state.channelId,
    messageId: message.id,
    name: threadNameFrom(message.titleText),
    userId: authorUserId(message.author),
  }
  return { ...noEffects({ ...state, thread: { kind: 'opening' } }), effects: [effect] }
}

/** Who holds it back, and what it may do beside what its first prompt brings. */
interface SessionWishes {
  readonly heldBy: HeldBy
  readonly rulesOf: (state: Conversation) => readonly PermissionRule[]
}

export function openSession(state: Conversation, { heldBy, rulesOf }: SessionWishes): Change {
  const first = state.turn.prompts.find(isLive)
  if (state.session.kind !== 'none' || !first || heldBy('use-folder', state) !== undefined) return noEffects(state)
  const rules = [...(first.begins?.rules ?? []), ...rulesOf(state)]
  const effect: OpenSession = {
    key: `open-session/${state.id}/${first.id}`,
    kind: 'open-session',
    owner: 'run',
    directory: state.directory,
    // A session of this thread that another thread goes on with carries its id.
    mark: state.closedUpTo === 0 ? state.id : `${state.id}/${first.id}`,
    ...(rules.length > 0 && { rules }),
  }
  return { ...noEffects({ ...state, session: { kind: 'opening' } }), effects: [effect] }
}

export function onThreadOutcome(state: Conversation, { name, userId }: OpenThread, outcome: RunOutcome): Change {
  if (outcome.kind === 'thread-opened') {
    const { threadId, isTheirs } = outcome
    const addMember: readonly AddMember[] = userId === undefined ? [] : [{ kind: 'add-member', threadId, userId }]
    return {
      ...noEffects({ ...state, thread: { kind: 'open', id: threadId, fromPrompt: true } }),
      actions: addMember,
      events: [{ kind: 'thread-opened', threadId, name, ...(isTheirs && { isTheirs }) }],
    }
  }
  if (outcome.kind === 'gone') return closeThread(state, { kind: 'stopped' })
  return andThen(withoutThread({ ...state, thread: { kind: 'failed' } }, failedWith(outcome)), stopRun)
}

/** Nobody can read the rest: what runs is stopped, what waits is dropped, and the end is told in the project channel. */
export function closeThread(state: Conversation, end: PromptEnd): Change {
  return andThen(withoutThread({ ...state, thread: { kind: 'gone' }, posts: leftPosts(state) }, end), stopRun)
}

/** Those in the project channel. Where the thread was gone before, it is the channel that is gone now. */
function leftPosts({ thread, channelId, posts }: Conversation): Posts {
  const isThere = (post: { readonly channelId: string }): boolean => thread.kind === 'open' && post.channelId === channelId
  return { ...posts, outbox: posts.outbox.filter(isThere), editable: posts.editable.filter(isThere) }
}

const withoutThread = (state: Conversation, end: PromptEnd): Change => withoutPlace(state, end, 'thread-closed')

/** No prompt can run: the live ones end with the reason, and what waits behind them goes with them. */
export const withoutSession = (state: Conversation, end: PromptEnd): Change => withoutPlace(state, end, 'session-failed')

/** It was deleted outside Kimaki. What it had taken in ends; what it had not goes to a new session, which the next prompt opens. */
export function leaveSession(state: Conversation, session: string): Change {
  if (state.session.kind !== 'open' || state.session.id !== session) return noEffects(state)
  const isTold = state.turn.prompts.some(isDelivered)
  const ended = endPrompts(state, isDelivered, { kind: 'failed', reason: { kind: 'session-gone' } })
  const { messages, subtasks, status, isSynced, suspicion } = NEW_TURN
  return {
    ...noEffects({ ...inTurn(ended, { messages, subtasks, status, isSynced, suspicion }), session: { kind: 'none' } }),
    events: [{ kind: 'session-gone', session, isTold }],
  }
}

/** Another thread goes on with it, and shows all that comes. The next prompt here opens a new one. */
export function moveSession(
  state: Conversation,
  { session, to, at }: { readonly session: string; readonly to: string; readonly at: number },
): Change {
  if (state.session.kind !== 'open' || state.session.id !== session) return noEffects(state)
  const { messages, subtasks, status, isSynced, suspicion } = NEW_TURN
  const left: Conversation = {
    ...inTurn(state, { messages, subtasks, status, isSynced, suspicion }),
    session: { kind: 'none' },
    closedUpTo: Math.max(state.closedUpTo, at),
  }
  const change = withoutSession(left, { kind: 'failed', reason: { kind: 'told', text: movedText(to) } })
  return { ...change, events: [...change.events, { kind: 'session-moved', to }] }
}

const movedText = (to: string): string => `⬦ not answered here: the session goes on in <#${to}>`

/** The reason is told once. */
function withoutPlace(state: Conversation, end: PromptEnd, kind: 'thread-closed' | 'session-failed'): Change {
  const reason = end.kind === 'failed' && end.reason.kind === 'told' ? end.reason.text : undefined
  const untold = state.turn.prompts.some(isLive) ? undefined : reason
  return { ...noEffects(endPrompts(state, everyPrompt, end)), events: [{ kind, untold }] }
}

/** Somebody wrote in the thread: it is there (again), whatever was believed. */
export function threadAfter(
  { thread }: Conversation,
  message: { readonly inThread: boolean; readonly channelId: string },
): Thread {
  return message.inThread && (thread.kind === 'gone' || thread.kind === 'failed')
    ? { kind: 'open', id: message.channelId }
    : thread
}

/** Something may have been missed: nothing of the open turn is shown before the session was read anew. */
export const isOpenSomewhere = ({ session, turn, posts }: Conversation): boolean =>
  session.kind === 'open' && turn.prompts.length + posts.posted.size > 0

export const unsynced = (state: Conversation): Conversation => inTurn(state, { isSynced: false })
