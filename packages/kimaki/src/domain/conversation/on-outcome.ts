/** An effect ended. */
import { onAsideOpened, onForked } from './aside.ts'
import { endTogether, everyPrompt, followedBy, unchanged, updatePrompt, type Change } from './change.ts'
import type { Effect, Outcome } from './effect.ts'
import { onInterrupted } from './interrupt.ts'
import { isLive, type PromptEnd, type PromptPhase } from './prompt.ts'
import { dropCommands, onCommandEnd } from './shell.ts'
import type { Conversation } from './state.ts'

/** A prompt that the session took in but nobody picks up is looked at after this long: a run's last check can just miss it. */
const LOOK_AFTER_MS = 5000

export function onOutcome(state: Conversation, effect: Effect, outcome: Outcome): Change {
  switch (effect.kind) {
    case 'open-thread':
      return onThread(state, effect, outcome)
    case 'open-session':
      return unchanged(onSession(state, outcome))
    case 'prepare':
    case 'prompt':
      return onPromptOutcome(state, effect, outcome)
    case 'abort':
      return { ...unchanged(state), hints: [{ kind: 'read-session', delayMs: 0 }] }
    case 'reject-ask':
      return unchanged(outcome.kind === 'gone' ? expire(state, effect.ask.id) : state)
    case 'fork':
      return onForked(state, effect, outcome)
    case 'open-aside':
      return unchanged(onAsideOpened(state, effect, outcome))
    case 'interrupt':
      return onInterrupted(state, effect, outcome)
    case 'shell':
      return unchanged(onCommandEnd(state, effect, outcome))
  }
}

function expire(state: Conversation, askId: string): Conversation {
  return { ...state, asks: state.asks.map((ask) => (ask.id === askId ? { ...ask, expired: true } : ask)) }
}

function onThread(state: Conversation, effect: Extract<Effect, { kind: 'open-thread' }>, outcome: Outcome): Change {
  if (outcome.kind === 'thread-opened') {
    const { threadId } = outcome
    return {
      state: { ...state, thread: { kind: 'open', id: threadId }, title: { ...state.title, synced: effect.name } },
      effects: [],
      hints: [{ kind: 'add-member', threadId, userId: effect.authorId }],
    }
  }
  if (outcome.kind === 'gone') return closeThread(state, { kind: 'stopped' })
  return followedBy(withoutPlace({ ...state, thread: { kind: 'failed' } }, failedWith(outcome)), stopRun)
}

/** The place is gone: nobody can read the rest. What runs is stopped, what waits is dropped, and the end is told in the project channel. */
export function closeThread(state: Conversation, end: PromptEnd): Change {
  return followedBy(withoutPlace({ ...state, thread: { kind: 'gone' }, outbox: [], cards: [] }, end), stopRun)
}

/** The reason is told once. */
function withoutPlace(state: Conversation, end: PromptEnd): Change {
  const text = end.kind === 'failed' && end.reason.kind === 'told' ? end.reason.text : undefined
  return dropCommands(endTogether(state, everyPrompt, end), state.prompts.some(isLive) ? undefined : text)
}

export function stopRun(state: Conversation, drop: readonly string[] = []): Change {
  if (state.session.kind !== 'open') return unchanged(state)
  const key = `abort/${state.session.id}/${state.prompts.at(-1)?.id ?? 'idle'}`
  const effect = { key, kind: 'abort', directory: state.directory, session: state.session.id } as const
  return { state, effects: [drop.length > 0 ? { ...effect, drop } : effect], hints: [] }
}

function onSession(state: Conversation, outcome: Outcome): Conversation {
  if (outcome.kind === 'session-opened') return { ...state, session: { kind: 'open', id: outcome.session } }
  return endTogether({ ...state, session: { kind: 'none' } }, everyPrompt, failedWith(outcome))
}

function onPromptOutcome(state: Conversation, effect: Extract<Effect, { kind: 'prepare' | 'prompt' }>, outcome: Outcome): Change {
  const next = updatePrompt(state, effect.promptId, (prompt) => ({ ...prompt, phase: phaseAfter(prompt.phase, outcome, state) }))
  // What is missing before it is found when the session is read, and goes first.
  if (outcome.kind === 'gap') return { ...unchanged({ ...next, mirrored: false }), hints: [{ kind: 'read-session', delayMs: 0 }] }
  if (outcome.kind !== 'seen' || effect.kind !== 'prompt') return unchanged(next)
  // The stream may have been cut when the message was stored: then the mirror does not know it yet.
  const mirrored = next.messages.some((message) => message.id === effect.messageId)
  return { ...unchanged(next), hints: [{ kind: 'read-session', delayMs: mirrored ? LOOK_AFTER_MS : 200, ifQuiet: true }] }
}

function phaseAfter(phase: PromptPhase, outcome: Outcome, state: Conversation): PromptPhase {
  if (phase.kind === 'ended') return phase
  if (outcome.kind === 'prepared' && phase.kind === 'preparing') return { ...outcome, kind: 'ready' }
  if (outcome.kind === 'seen' && phase.kind === 'handing') return { ...phase, kind: 'seen', created: outcome.created }
  if (outcome.kind === 'gap' && phase.kind === 'handing') return { ...phase, kind: 'cut', resends: phase.resends + 1 }
  if (outcome.kind !== 'failed') return phase
  return {
    kind: 'ended',
    end: state.failure ? { kind: 'failed', reason: { kind: 'agent', failure: state.failure } } : failedWith(outcome),
  }
}

const failedWith = (outcome: Outcome): PromptEnd => ({
  kind: 'failed',
  reason: { kind: 'told', text: outcome.kind === 'failed' ? outcome.text : `✗ unexpected outcome: ${outcome.kind}` },
})
