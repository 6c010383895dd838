/**
 * A question aside: `. btw` in a thread with a session. It is asked in a thread of its own, in a copy of the session, and the run that
 * goes on here never hears of it:
 *
 *     waiting ──(session open, no other is forking)──▶ forking ──▶ opening ──▶ asked
 *                                                         └───────────┴──▶ failed
 *
 * `forking`: the session is being copied. `opening`: a thread is opened for the copy and the question put into its inbox, where it begins
 * a conversation. The copy comes first, so that no thread is opened for nothing. One copy at a time: its mark stands in the source
 * while it is made.
 */
import { asideNameFrom } from '../naming.ts'
import type { IncomingMessage } from '../message/incoming.ts'
import { unchanged, type Change } from './change.ts'
import type { Effect, Outcome } from './effect.ts'
import type { AsideOrigin } from './prompt.ts'
import type { Aside, AsidePhase, Conversation } from './state.ts'

/** Where there is no session to copy, it is asked like anything else. */
export const canAskAside = ({ session }: Conversation, { inThread }: IncomingMessage): boolean =>
  inThread && session.kind !== 'none'

export const askAside = (state: Conversation, id: string, message: IncomingMessage): Conversation => ({
  ...state,
  asides: [...state.asides, { id, message, phase: { kind: 'waiting' } }],
})

export const isUnderWay = ({ phase }: Aside): boolean => phase.kind !== 'asked' && phase.kind !== 'failed'

export function forkNext(state: Conversation): Change {
  const { session, asides } = state
  const next = asides.find(({ phase }) => phase.kind === 'waiting')
  if (!next || asides.some(({ phase }) => phase.kind === 'forking')) return unchanged(state)
  const { id, message } = next
  if (session.kind === 'none') return forkNext(move(state, id, { kind: 'failed', text: NO_SESSION }))
  if (session.kind === 'opening') return unchanged(state)
  const fork: Effect = {
    key: `fork/${id}`,
    kind: 'fork',
    promptId: id,
    directory: state.directory,
    session: session.id,
    mark: `btw:${message.id}`,
    title: asideNameFrom(message.titleText),
    message,
    guildId: state.guildId,
    authorId: message.authorId,
  }
  return { state: move(state, id, { kind: 'forking' }), effects: [fork], hints: [] }
}

export function onForked(before: Conversation, effect: Extract<Effect, { kind: 'fork' }>, outcome: Outcome): Change {
  const { promptId, message, session: parent, title: name } = effect
  const state = withAside(before, effect)
  if (outcome.kind !== 'forked') return unchanged(fail(state, promptId, outcome))
  const { guildId, channelId, directory } = state
  const aside: AsideOrigin = { from: message.channelId, parent, fork: outcome.fork, name }
  const key = `open-aside/${promptId}`
  const open: Effect = { key, kind: 'open-aside', promptId, guildId, channelId, directory, message, aside }
  return { state: move(state, promptId, { kind: 'opening' }), effects: [open], hints: [] }
}

export function onAsideOpened(
  before: Conversation,
  effect: Extract<Effect, { kind: 'open-aside' }>,
  outcome: Outcome,
): Conversation {
  const state = withAside(before, effect)
  if (outcome.kind !== 'thread-opened') return fail(state, effect.promptId, outcome)
  return move(state, effect.promptId, { kind: 'asked', threadId: outcome.threadId })
}

/** The cached state may have been unreadable since: the effect knows it all. */
const withAside = (
  state: Conversation,
  { promptId, message }: { readonly promptId: string; readonly message: IncomingMessage },
): Conversation => (state.asides.some(({ id }) => id === promptId) ? state : askAside(state, promptId, message))

/** The other end: the thread that was opened for a question begins with the copy as its session. */
export function beginInCopy(state: Conversation, { fork, name }: AsideOrigin): Conversation {
  // Somebody was quicker and has begun a session of their own here.
  if (state.session.kind !== 'none') return state
  return {
    ...state,
    session: { kind: 'open', id: fork.session },
    settledAt: Math.max(state.settledAt, fork.upTo),
    title: { ...state.title, synced: name },
  }
}

const fail = (state: Conversation, id: string, outcome: Outcome): Conversation =>
  move(state, id, { kind: 'failed', text: outcome.kind === 'failed' ? outcome.text : `✗ unexpected outcome: ${outcome.kind}` })

const move = (state: Conversation, id: string, phase: AsidePhase): Conversation => ({
  ...state,
  asides: state.asides.map((aside) => (aside.id === id ? { ...aside, phase } : aside)),
})

const NO_SESSION = '✗ not asked aside: this thread has no session\nSend the question without `. btw`.'
