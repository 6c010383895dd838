/** How effects end that change nothing the model plays: well, or not. */
import type { BeginConversation } from '../../../src/domain/conversation/begin.ts'
import type { AnyOutcome, Effect } from '../../../src/domain/conversation/effect.ts'
import type { OpenThread } from '../../../src/domain/conversation/run/effects.ts'
import { SESSION } from '../../support/conversation.ts'

/** `now`: Unix ms. */
export const plainOutcomes = (now: () => number): Readonly<Record<string, (effect: Effect) => AnyOutcome>> => ({
  'open-thread': (effect) => ({ kind: 'thread-opened', threadId: (effect as OpenThread).messageId }),
  'open-session': () => ({ kind: 'session-opened', session: SESSION }),
  prepare: () => ({ kind: 'prepared', prepared: [{ kind: 'failed', name: 'a.png', reason: 'gone' }] }),
  fork: () => ({ kind: 'forked', fork: { session: 'ses_copy', upTo: now(), as: { agent: undefined, model: undefined } } }),
  'begin-conversation': (effect) => ({ kind: 'begun', threadId: `9${(effect as BeginConversation).id.length}` }),
  'read-history': () => ({
    kind: 'history-read',
    snapshot: { status: { kind: 'idle' }, messages: [], title: undefined },
    meanwhile: [],
  }),
  transcribe: () =>
    now() % 3
      ? { kind: 'transcribed', text: 'spoken', isQueued: now() % 4 === 0, agent: undefined, atMost: 50 }
      : { kind: 'not-transcribed', text: '✗ no', canRetry: now() % 2 === 0 },
  interrupt: () => ({ kind: 'aborted' }),
  shell: () => ({
    kind: 'command-ended',
    end: { kind: now() % 2 ? 'cut-off' : 'timed-out' },
    tookMs: (now() % 3) * 10_000,
    output: now() % 5 ? undefined : { text: 'line\n'.repeat((now() % 7) * 100), overflow: undefined },
  }),
  'make-worktree': () => ({
    kind: 'worktree-made',
    worktree: {
      source: '/p',
      directory: '/data/worktrees/0123abcd/fix',
      branch: 'opencode/kimaki-fix',
      base: 'main',
      commit: 'c0ffee',
    },
    warnings: [],
  }),
  'merge-worktree': () => ({ kind: 'merged', merged: { branch: 'b', target: 'main', from: 'a', to: 'c', commits: 1 } }),
  reply: () => ({ kind: 'done' }),
  'switch-model': () => ({ kind: 'done' }),
  'command-work': () => ({ kind: 'answered', answer: { reply: '⬦ done' } }),
  'save-uploads': () => ({ kind: 'uploads-saved', paths: ['/p/uploads/a'], failed: [] }),
  audit: () => ({ kind: 'done' }),
  'let-in': () => ({ kind: 'let-in' }),
  'reject-ask': () => ({ kind: 'done' }),
  'allow-ask': () => ({ kind: 'done' }),
  'answer-question': () => ({ kind: 'done' }),
})

export const failure = (n: number, kind: string): AnyOutcome =>
  n % 3 === 0 && (kind === 'open-thread' || kind.endsWith('-ask')) ? { kind: 'gone' } : { kind: 'failed', text: '✗ no' }
