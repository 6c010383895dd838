/** The one function that decides: what happened, to what follows. Pure and total. */
import { advance } from './advance.ts'
import { endTogether, everyPrompt, unchanged, type Change } from './change.ts'
import type { Input } from './input.ts'
import { onAgent, sealOvertaken } from './on-agent.ts'
import { onMessage } from './on-message.ts'
import { closeThread, onOutcome } from './on-outcome.ts'
import { onSnapshot } from './on-snapshot.ts'
import type { Conversation, Post } from './state.ts'

export function step(state: Conversation, input: Input): Change {
  return advance(react(state, input))
}

function react(state: Conversation, input: Input): Change {
  switch (input.kind) {
    case 'message':
    case 'set-aside':
      return onMessage(state, input)
    case 'outcome':
      return onOutcome(state, input.effect, input.outcome)
    case 'agent':
      return onAgent(state, input.event)
    case 'snapshot':
      return onSnapshot(state, input)
    case 'unreadable':
      return onUnreadable(state, input)
    case 'described':
      return unchanged({ ...state, footers: { ...state.footers, [input.answerId]: input.facts } })
    case 'posted':
      return unchanged({ ...state, outbox: state.outbox.filter(({ id }) => id !== input.postId) })
    case 'post-refused':
      return unchanged(onPostRefused(state, input.postId, input.fallback))
    case 'thread-gone':
      return closeThread(state, { kind: 'failed', reason: { kind: 'told', text: input.text } })
    case 'thread-renamed':
      return unchanged(input.name === state.title.synced ? state : { ...state, title: { ...state.title, theirs: true } })
    case 'resume':
      return lookAgain(state)
    case 'wake':
      return unchanged(sealOvertaken(state))
  }
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
