/** The one function that decides: what happened, to what follows. Pure and total. */
import { advance } from './advance.ts'
import { DEFAULT_SETTINGS, type Settings } from '../settings.ts'
import { endTogether, everyPrompt, followedBy, unchanged, type Change } from './change.ts'
import type { Input } from './input.ts'
import { interruptIfDue, watchWaiting } from './interrupt.ts'
import { onAgent, sealOvertaken } from './on-agent.ts'
import { onDeleted, onEdited } from './on-edit.ts'
import { onPress } from './on-press.ts'
import { onMessage } from './on-message.ts'
import { closeThread, onOutcome } from './on-outcome.ts'
import { onSnapshot } from './on-snapshot.ts'
import { onOutput } from './shell.ts'
import { heard, lookForSilence, watchSilence } from './silence.ts'
import { faceText, type Card, type Conversation, type Post } from './state.ts'

export function step(state: Conversation, input: Input, settings: Settings = DEFAULT_SETTINGS): Change {
  return advance(react(state, input, settings))
}

function react(state: Conversation, input: Input, settings: Settings): Change {
  switch (input.kind) {
    case 'message':
    case 'set-aside':
      return onMessage(state, input)
    case 'edited-message':
      return onEdited(state, input.message)
    case 'deleted-message':
      return onDeleted(state, input.messageId)
    case 'pressed':
      return onPress(state, input.press)
    case 'outcome':
      return followedBy(onOutcome(state, input.effect, input.outcome), (next) =>
        input.outcome.kind === 'seen' ? watchWaiting(next, input.at, settings) : unchanged(next),
      )
    case 'command-output':
      return unchanged(onOutput(state, input.commandId, input.text))
    case 'agent':
      return followedBy(onAgent(heard(state), input.event), (next) => watchAfter(next, input, settings))
    case 'snapshot':
      return followedBy(onSnapshot(state, input), (next) =>
        followedBy(watchSilence(next, settings), (watched) => watchWaiting(watched, input.at, settings)),
      )
    case 'unreadable':
      return onUnreadable(state, input)
    case 'described':
      return unchanged({ ...state, footers: { ...state.footers, [input.answerId]: input.facts } })
    case 'posted':
      return unchanged(onPosted(state, input.postId, input.messageId))
    case 'edited':
      return unchanged({ ...state, cards: updateCard(state, input.postId, { shown: input.shown }) })
    case 'post-refused':
      return unchanged(onPostRefused(state, input.postId, input.fallback))
    case 'thread-gone':
      return closeThread(state, { kind: 'failed', reason: { kind: 'told', text: input.text } })
    case 'thread-renamed':
      return unchanged(input.name === state.title.synced ? state : { ...state, title: { ...state.title, theirs: true } })
    case 'resume':
      return lookAgain(state)
    case 'wake':
      return onWake(state, input, settings)
  }
}

function watchAfter(state: Conversation, { event, at }: Extract<Input, { kind: 'agent' }>, settings: Settings): Change {
  if (event.kind === 'status') return watchSilence(state, settings)
  // The message may be told after its hand-over has ended.
  if (event.kind === 'message' && event.message.kind === 'user') return watchWaiting(state, at, settings)
  return unchanged(state)
}

function onWake(state: Conversation, { why, at }: Extract<Input, { kind: 'wake' }>, settings: Settings): Change {
  if (why === 'silence') return lookForSilence(state, settings)
  if (why === 'waiting') return interruptIfDue(state, at, settings)
  return unchanged(why === 'overtaken' ? sealOvertaken(state) : state)
}

/** The session cannot be read: its prompts end with the reason, once trying again is of no use. */
function onUnreadable(state: Conversation, input: Extract<Input, { kind: 'unreadable' }>): Change {
  const reason = { kind: 'told', text: input.text } as const
  if (input.final)
    return unchanged(endTogether(state.mirrored ? state : leaveUnread(state, input.at), everyPrompt, { kind: 'failed', reason }))
  return { ...unchanged(state), hints: [{ kind: 'read-session', delayMs: 1000 }] }
}

/** What the session holds up to now will never be shown: later it must not be taken for news. (OpenCode and we read the same clock.) */
const leaveUnread = (state: Conversation, at: number): Conversation => ({
  ...state,
  mirrored: true,
  messages: [],
  status: { kind: 'idle' },
  settledAt: Math.max(state.settledAt, at),
})

function onPosted(state: Conversation, postId: string, messageId: string): Conversation {
  const post = state.outbox.find(({ id }) => id === postId)
  const outbox = state.outbox.filter(({ id }) => id !== postId)
  if (!post?.live) return { ...state, outbox }
  return {
    ...state,
    outbox,
    cards: updateCard(state, postId, { messageId, shown: faceText({ text: post.content, buttons: post.buttons }) }),
  }
}

const updateCard = ({ cards }: Conversation, postId: string, news: Partial<Card>): readonly Card[] =>
  cards.map((card) => (card.postId === postId ? { ...card, ...news } : card))

/** First the fallback line in its place, then nothing: a post never blocks those behind it. */
function onPostRefused(state: Conversation, postId: string, fallback: string): Conversation {
  const retry = (post: Post): readonly Post[] => {
    if (post.id !== postId) return [post]
    return post.fallback ? [] : [{ ...post, content: fallback, file: undefined, fallback: true }]
  }
  return { ...state, outbox: state.outbox.flatMap(retry) }
}

/** Something may have been missed: the open turn is read anew, and nothing of it is shown before that. */
function lookAgain(state: Conversation): Change {
  if (state.session.kind !== 'open' || state.prompts.length + state.posted.size === 0) return unchanged(state)
  return { ...unchanged({ ...state, mirrored: false }), hints: [{ kind: 'read-session', delayMs: 0 }] }
}
