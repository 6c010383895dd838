/** What follows when an effect of the run has ended. */
import { noEffects, updatePrompt, withAction, type Change } from '../change.ts'
import type { IncomingMessage } from '../../message/incoming.ts'
import type { PreparedAttachment } from '../../message/prompt.ts'
import type { Prompt, PromptPhase } from '../prompt.ts'
import { inTurn, type Conversation } from '../state.ts'
import {
  failedWith,
  readSession,
  type Prepare,
  type ReadSession,
  type RunEffect,
  type RunOutcome,
  type SubmitPrompt,
} from './effects.ts'
import { onInterrupted } from './interrupt.ts'
import { hasLeft, onRecalled } from './recall.ts'
import { leaveSession, onThreadOutcome, withoutSession } from './place.ts'
import { stopRun } from './stop.ts'

/** A prompt that the session took in but nobody picks up is checked after this long: a run's last check can just miss it. */
const CHECK_AFTER_MS = 5000

export function onRunOutcome(state: Conversation, effect: RunEffect, outcome: RunOutcome): Change {
  switch (effect.kind) {
    case 'open-thread':
      // It was deleted before the answer to its opening came: that brings it back no more.
      return state.thread.kind === 'gone' ? noEffects(state) : onThreadOutcome(state, effect, outcome)
    case 'open-session':
      return onSession(state, outcome)
    case 'prepare':
    case 'prompt':
      return onPromptOutcome(state, effect, outcome)
    case 'abort':
      return withAction(hasLeft(state, effect), readSession(0))
    case 'read-history':
      return { ...noEffects(state), events: [{ kind: 'history-unread', text: outcome.kind === 'failed' ? outcome.text : '' }] }
    case 'interrupt':
      return onInterrupted(state, effect, outcome)
    case 'recall':
      return onRecalled(state, effect, outcome)
  }
}

function onSession(state: Conversation, outcome: RunOutcome): Change {
  if (outcome.kind === 'session-opened') return noEffects({ ...state, session: { kind: 'open', id: outcome.session } })
  return withoutSession({ ...state, session: { kind: 'none' } }, failedWith(outcome))
}

function onPromptOutcome(state: Conversation, effect: Prepare | SubmitPrompt, outcome: RunOutcome): Change {
  const next = updatePrompt(state, effect.promptId, (prompt) => ({
    ...prompt,
    phase: phaseAfter(prompt, outcome, state),
  }))
  // The missing message is found when the session is read, and goes first; so is the terminal's run.
  if (outcome.kind === 'gap' || outcome.kind === 'busy-elsewhere')
    return withAction(inTurn(next, { isSynced: false }), readSession(0))
  if (outcome.kind === 'session-gone' && effect.kind === 'prompt') return leaveSession(next, effect.session)
  if (outcome.kind === 'prepared')
    return { ...noEffects(next), events: [{ kind: 'files-prepared', promptId: effect.promptId, prepared: outcome.prepared }] }
  if (outcome.kind !== 'delivered' || effect.kind !== 'prompt') return noEffects(next)
  // The thread was deleted while the prompt was on its way, and the run was stopped before it had begun: nobody could read its answer.
  if (next.thread.kind === 'gone') return stopRun(next)
  // The stream may have been cut when the message was stored: then the replica does not know it yet.
  const isReplicated = next.turn.messages.some((message) => message.id === effect.messageId)
  const check: ReadSession = { ...readSession(isReplicated ? CHECK_AFTER_MS : 200), ifQuiet: true }
  const { answeredBy, by = 'none' } = outcome
  return { ...withAction(next, check), events: [{ kind: 'delivered', answeredBy, by }] }
}

function phaseAfter({ command, message, phase }: Prompt, outcome: RunOutcome, { turn: { failure } }: Conversation): PromptPhase {
  if (phase.kind === 'ended') return phase
  if (outcome.kind === 'prepared' && phase.kind === 'preparing')
    return isEmpty(message, outcome.prepared) ? NOTHING_TO_READ : { ...outcome, kind: 'ready' }
  if (outcome.kind === 'delivered' && phase.kind === 'sending') return { ...phase, kind: 'delivered', created: outcome.created }
  // A command is repeated by its message, which is gone with the session.
  if (outcome.kind === 'session-gone' && command && phase.kind === 'sending')
    return { kind: 'ended', end: { kind: 'failed', reason: { kind: 'session-gone', isUnread: true } } }
  if (NOTHING_POSTED.has(outcome.kind) && phase.kind === 'sending')
    return { ...phase, kind: 'resend', resends: phase.resends + 1 }
  if (outcome.kind !== 'failed') return phase
  return { kind: 'ended', end: failure ? { kind: 'failed', reason: { kind: 'agent', failure } } : failedWith(outcome) }
}

/** No words, nothing quoted, and no file that could be read: the agent would be asked nothing. */
const isEmpty = ({ text, quotes = [] }: IncomingMessage, prepared: readonly PreparedAttachment[]): boolean =>
  text.trim() === '' && quotes.length === 0 && prepared.every(({ kind }) => kind === 'failed')

const NOTHING_POSTED: ReadonlySet<RunOutcome['kind']> = new Set(['gap', 'session-gone', 'busy-elsewhere'])

const NOTHING_TO_READ: PromptPhase = { kind: 'ended', end: { kind: 'failed', reason: { kind: 'nothing-to-read' } } }
