/** What was on its way when a thread was deleted: its end brings nothing back. */
import { expect, test } from 'vitest'
import type { Input } from '../../../src/domain/conversation/input.ts'
import type { OpenSession, OpenThread, Prepare, SubmitPrompt } from '../../../src/domain/conversation/run/effects.ts'
import { NO_POSTS, NEW_TURN, type Conversation } from '../../../src/domain/conversation/state.ts'
import { DEFAULT_RULES, step } from '../../../src/domain/conversation/step.ts'
import { transact } from '../../../src/app/conversation/transaction.ts'
import { layout } from '../../../src/discord/layout/layout.ts'
import { SESSION, busy, conversation, message, prompt, says, user } from '../../support/conversation.ts'

const told = '✗ the thread is gone'
const after = (state: Conversation, input: Input) =>
  transact(state, state, input, { rules: DEFAULT_RULES, layout, clean: (text) => text })
const gone = (state: Conversation): Conversation => after(state, { kind: 'thread-gone', at: 1, text: told }).after
const posted = (state: Conversation): Conversation =>
  state.posts.outbox.reduce(
    (next, { id }) => after(next, { kind: 'posted', at: 2, postId: id, messageId: `9${id}` }).after,
    state,
  )

const openThread: OpenThread = {
  key: 'open-thread/1',
  kind: 'open-thread',
  owner: 'run',
  channelId: '3',
  messageId: '1',
  name: 'a thread',
  userId: '4',
}
const openSession: OpenSession = { key: 'open-session/1', kind: 'open-session', owner: 'run', directory: '/p', mark: '1' }
const prepare: Prepare = {
  key: 'prepare/discord:1',
  kind: 'prepare',
  owner: 'run',
  promptId: 'discord:1',
  directory: '/p',
  message: message('m1', { id: '1' }),
}
const submit: SubmitPrompt = {
  key: 'prompt/msg_1/0',
  kind: 'prompt',
  owner: 'run',
  promptId: 'discord:1',
  userId: '4',
  guildId: '2',
  waited: false,
  directory: '/p',
  session: SESSION,
  messageId: 'msg_1',
  parts: [],
  resend: false,
  after: [],
}
const sending = { kind: 'sending', messageId: 'msg_1', parts: [], resends: 0 } as const
const editable = {
  postId: 'k1',
  channelId: '1',
  key: 'shell/x',
  content: { text: 'new', buttons: [] },
  shown: 'old',
  messageId: '8',
}
const post = {
  id: 'k2',
  channelId: '1',
  blocks: ['part/prt_1'],
  content: 'words',
  file: undefined,
  notify: false,
  fallback: false,
  editable: false,
  buttons: [],
}

test.each<readonly [string, Conversation, Input]>([
  [
    'a thread that was opened',
    conversation({ prompts: [prompt(1, { kind: 'waiting' })] }, { thread: { kind: 'opening' }, session: { kind: 'none' } }),
    { kind: 'outcome', at: 3, effect: openThread, outcome: { kind: 'thread-opened', threadId: '1' } },
  ],
  [
    'files that were fetched',
    conversation({ prompts: [prompt(1, { kind: 'preparing' })] }),
    { kind: 'outcome', at: 3, effect: prepare, outcome: { kind: 'prepared', prepared: [] } },
  ],
  [
    'a session that was opened',
    conversation({ prompts: [prompt(1, { kind: 'ready', prepared: [] })] }, { session: { kind: 'opening' } }),
    { kind: 'outcome', at: 3, effect: openSession, outcome: { kind: 'session-opened', session: SESSION } },
  ],
  [
    'a post',
    conversation({}, { posts: { ...NO_POSTS, outbox: [post] } }),
    { kind: 'posted', at: 3, postId: 'k2', messageId: '9' },
  ],
  [
    'a post that Discord refused',
    conversation({}, { posts: { ...NO_POSTS, outbox: [post] } }),
    { kind: 'post-refused', at: 3, postId: 'k2', fallback: '✗' },
  ],
  [
    'an edit',
    conversation({}, { posts: { ...NO_POSTS, editable: [editable] } }),
    { kind: 'post-edited', at: 3, postId: 'k1', shown: 'new' },
  ],
])('%s comes too late: the thread stays gone, and nothing is said or asked', (_what, state, late) => {
  const before = posted(gone(state))
  const { change, after: then } = after(before, late)
  expect([before.thread.kind, then.thread.kind]).toEqual(['gone', 'gone'])
  expect([then.posts.outbox, then.posts.editable, then.turn.prompts]).toEqual([[], [], []])
  expect([change.effects, change.actions.filter(({ kind }) => kind !== 'read-session')]).toEqual([[], []])
})

test('a prompt whose POST came through too late is stopped: nobody could read its answer', () => {
  const before = posted(gone(conversation({ prompts: [prompt(1, sending)] })))
  expect(before.turn).toEqual(NEW_TURN)
  const begun = step(step(before, { kind: 'agent', at: 2, event: says(user('msg_1', 5)) }).state, {
    kind: 'agent',
    at: 2,
    event: busy,
  }).state
  const outcome = { kind: 'delivered', created: 5 } as const
  const { effects } = step(begun, { kind: 'outcome', at: 3, effect: submit, outcome })
  expect(effects.map(({ kind }) => kind)).toEqual(['abort'])
})
