/** Files that the agent asks for: how a card is answered, by whom, and what the waiting call reads. */
import { describe, expect, test } from 'vitest'
import { prepareUpload, uploadOutput } from '../../../src/app/control/ask-upload.ts'
import {
  fileAskKey,
  fileUpload,
  type SaveUploads,
  type SaveUploadsOutcome,
} from '../../../src/domain/conversation/features/asks/file-upload.ts'
import type { Input } from '../../../src/domain/conversation/input.ts'
import type { Conversation } from '../../../src/domain/conversation/state.ts'
import { step } from '../../../src/domain/conversation/step.ts'
import { modalOf } from '../../../src/view/asks/modals.ts'
import { view } from '../../../src/view/index.ts'
import { conversation, delivered, idle, message, OWNER, prompt, user } from '../../support/conversation.ts'

const ASKED: Input = { kind: 'upload-asked', at: 1, call: 'ses_1/call_1', prompt: 'The *logs*', atMost: 2 }
const file = (id: string) => ({ id, name: `${id}.log`, contentType: 'text/plain', size: 1, url: `https://cdn/${id}` })

/** The run waits in its call, and the card stands as message 9. */
function asked(): Conversation {
  const state = step(
    conversation({
      isSynced: true,
      status: { kind: 'busy' },
      messages: [user('msg_u', 1)],
      prompts: [prompt(1, delivered('msg_u', 1))],
    }),
    ASKED,
  ).state
  const key = fileUpload.of(state).map(fileAskKey)[0] ?? ''
  const card = { postId: 'p', channelId: '1', key, content: { text: 'x', buttons: [] }, shown: 'x', messageId: '9' }
  return { ...state, posts: { posted: new Set([key]), outbox: [], editable: [card] } }
}

const card = (state: Conversation) => view(state).find(({ key }) => key.startsWith('upload/'))
const buttonIds = (state: Conversation) => card(state)?.buttons?.map(({ id }) => id) ?? []
const pressed = (customId = '', by = 'ada', files: readonly string[] = []): Input => ({
  kind: 'pressed',
  at: 2,
  order: 2,
  press: {
    id: `p-${by}`,
    guildId: '2',
    channelId: '1',
    messageId: '9',
    customId,
    followUp: { applicationId: '3', token: 't' },
    ...(files.length > 0 && { files: files.map(file) }),
    userId: `u-${by}`,
    userName: by,
  },
})
const said = (text: string, facts = {}): Input => ({
  kind: 'message',
  at: 3,
  order: 3,
  message: message(text, { inThread: true, channelId: '1', ...facts }),
})
const unreadable: Input = { kind: 'unreadable', at: 3, text: 'gone', final: true, isGone: true }
const held: Input = { kind: 'post-held', at: 3, postId: 'p', code: 50_083, missing: [] }
/** The session as the next bot reads it. */
const readAs = (kind: 'idle' | 'busy'): Input => ({
  kind: 'snapshot',
  at: 3,
  snapshot: { status: { kind }, messages: [{ kind: 'user', id: 'msg_u', created: 1 }], title: undefined },
  meanwhile: [],
})
const output = (state: Conversation) => uploadOutput(state, 'ses_1', 'call_1')
const saving = (effects: readonly { readonly kind: string }[]) =>
  effects.filter((effect): effect is SaveUploads => effect.kind === 'save-uploads')

describe('files that the agent asks for', () => {
  test('are asked for once for a call, on a card with two buttons; the first one opens a picker for that many', () => {
    const state = asked()
    expect(step(state, ASKED).state).toBe(state)
    expect(card(state)).toMatchObject({ notify: true, pings: OWNER, buttons: [{ label: 'Send files…' }, { label: 'Decline' }] })
    expect(card(state)?.text).toContain('The \\*logs\\*')
    expect(modalOf(buttonIds(state)[0] ?? '')).toMatchObject({ title: 'Send files', files: 2 })
    expect(output(state)).toBeUndefined()
  })

  test('are saved for whoever is first, no more than were asked for, and the call reads their paths', () => {
    const state = asked()
    const [send] = buttonIds(state)
    const first = step(state, pressed(send, 'ada', ['a', 'b', 'c']))
    const [effect] = saving(first.effects)
    expect(effect?.files.map(({ id }) => id)).toEqual(['a', 'b'])
    const late = step(first.state, pressed(send, 'bob', ['d']))
    expect(saving(late.effects)).toEqual([])
    expect(late.actions).toContainEqual(expect.objectContaining({ kind: 'tell-presser' }))
    expect(output(first.state)).toBeUndefined()
    const outcome: SaveUploadsOutcome = { kind: 'uploads-saved', paths: ['/p/uploads/1-a.log'], failed: ['b.log: gone'] }
    if (!effect) throw new Error('nothing is saved')
    const saved = step(first.state, { kind: 'outcome', at: 4, effect, outcome }).state
    expect(output(saved)).toBe('/p/uploads/1-a.log\nNot saved: b.log: gone')
    expect(card(saved)?.text).toMatch(/From \*\*ada\*\*:\n✓ uploads\/1-a\.log\n✗ not saved: b\.log: gone/)
    expect(card(saved)?.buttons).toEqual([])
  })

  test.each<[string, (state: Conversation) => Input, string, string]>([
    ['a person declines', (state) => pressed(buttonIds(state)[1]), 'No files: the user declined.', '✗ **ada** declined'],
    [
      'a person replies to the card',
      () => said('look in /var/log', { reply: { id: '9', authorName: 'Kimaki', text: '' } }),
      'No files: the user answered in words: look in /var/log',
      '✓ **Ann** answered: look in /var/log',
    ],
    ['a message comes', () => said('never mind'), 'No files: the user wrote a message instead.', 'a message came instead'],
    ['the run is over', () => ({ kind: 'agent', at: 3, event: idle }), 'No files: the run was stopped.', 'the run is over'],
    ['OpenCode has ended', () => ({ kind: 'server-ended', at: 3 }), 'No files: the run was stopped.', 'the run is over'],
    ['the session is gone', () => unreadable, 'No files: the run was stopped.', 'the run is over'],
    ['the bot comes back, and the run has ended', () => readAs('idle'), 'No files: the run was stopped.', 'the run is over'],
  ])('%s: the call and the card say so', (_what, input, read, shown) => {
    const state = asked()
    const after = step(state, input(state)).state
    expect(output(after)).toContain(read)
    expect(card(after)?.text).toContain(shown)
  })

  test.each<[string, Input]>([
    ['the bot comes back, and its session is not read yet', { kind: 'resume', at: 3 }],
    ['the bot comes back, and the run goes on', readAs('busy')],
    ['the thread is closed: its card cannot be edited for now', held],
  ])('wait on when %s', (_what, input) => {
    const state = step(asked(), input).state
    expect(output(state)).toBeUndefined()
    expect(card(state)?.buttons).toHaveLength(2)
  })

  test('are asked for no more in a thread that is deleted, and the call does not wait', () => {
    const state = step(asked(), { kind: 'thread-gone', at: 3, text: 'gone' }).state
    expect(output(state)).toContain('No files')
  })

  test('are not given up for a message that waits in the queue, or is for somebody else', () => {
    for (const text of ['then this. queue', '!date']) expect(output(step(asked(), said(text)).state)).toBeUndefined()
  })

  test('a reply is the answer and no prompt; any other message is a prompt', () => {
    const reply = said('no', { reply: { id: '9', authorName: 'Kimaki', text: '' } })
    expect(step(asked(), reply).state.turn.prompts).toHaveLength(1)
    expect(step(asked(), said('no')).state.turn.prompts).toHaveLength(2)
  })
})

test.each([
  [{ prompt: 'Logs' }, { prompt: 'Logs', atMost: 5 }],
  [
    { prompt: ' Logs\u001b[31m ', maxFiles: 1 },
    { prompt: 'Logs', atMost: 1 },
  ],
])('what the agent gives, %j, is read as %j', (args, request) => {
  expect(prepareUpload({ state: conversation(), session: 's', call: 'c', args }, 1)).toMatchObject({ key: 'upload:s:c', request })
})

test.each([
  {},
  { prompt: ' ' },
  { prompt: 'x', maxFiles: 11 },
  { prompt: 'x', maxFiles: 0 },
  { prompt: 'x', maxFiles: 'two' },
  null,
])('what the agent gives, %j, is refused with a sentence that says what to give', (args) => {
  expect(prepareUpload({ state: conversation(), session: 's', call: 'c', args }, 1)).toMatchObject({
    message: expect.stringMatching(/^Nobody was asked: /),
  })
})
