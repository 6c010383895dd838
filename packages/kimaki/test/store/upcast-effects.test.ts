/** Effects that an older program left on record: each goes back to the owner it has now. */
import { expect, test } from 'vitest'
import { btw } from '../../src/domain/conversation/features/btw.ts'
import { step } from '../../src/domain/conversation/step.ts'
import { BEGINS, CACHE, newMessage, OldFile, oldMessage, ORIGIN } from './old-file.ts'
import { ID, open } from './support.ts'

test('each effect goes back to its owner, in the words of now', async () => {
  const rights = { guildId: '2', authorId: '7' }
  const rightsNow = { guildId: '2', userId: '7' }
  const message = oldMessage('5', 'why')
  const effects: readonly (readonly [Record<string, unknown>, object])[] = [
    [
      { key: 'open-thread/1', kind: 'open-thread', channelId: '3', messageId: '1', name: 'hi', authorId: '7' },
      { owner: 'run', channelId: '3', messageId: '1', name: 'hi', userId: '7' },
    ],
    [
      { key: 'open-session/1', kind: 'open-session', directory: '/p', mark: '1' },
      { owner: 'run', directory: '/p', mark: '1' },
    ],
    [
      { key: 'prepare/1', kind: 'prepare', promptId: 'discord:5', directory: '/p', message },
      { owner: 'run', promptId: 'discord:5', directory: '/p', message: newMessage('5', 'why') },
    ],
    [
      {
        key: 'prompt/msg_1/0',
        kind: 'prompt',
        promptId: 'discord:5',
        directory: '/p',
        session: 'ses_1',
        messageId: 'msg_1',
        parts: [],
        resend: false,
        behind: ['msg_0'],
        ...rights,
      },
      {
        owner: 'run',
        promptId: 'discord:5',
        directory: '/p',
        session: 'ses_1',
        messageId: 'msg_1',
        parts: [],
        resend: false,
        after: ['msg_0'],
        waited: false,
        ...rightsNow,
      },
    ],
    [
      {
        key: 'prompt/msg_2/1',
        kind: 'prompt',
        promptId: 'discord:6',
        resend: true,
        takeOut: ['msg_2'],
        behind: [],
        followed: true,
        waited: true,
        as: { agent: 'plan' },
        command: { name: 'greet', args: '' },
        ...rights,
      },
      {
        owner: 'run',
        promptId: 'discord:6',
        resend: true,
        removeFirst: ['msg_2'],
        after: [],
        noReply: true,
        waited: true,
        answeredBy: { agent: 'plan' },
        command: { name: 'greet', args: '' },
        ...rightsNow,
      },
    ],
    [
      {
        key: 'fork/5',
        kind: 'fork',
        promptId: 'discord:5',
        directory: '/p',
        session: 'ses_1',
        mark: 'btw:5',
        title: 'btw: why',
        message,
        ...rights,
      },
      {
        owner: 'btw',
        promptId: 'discord:5',
        directory: '/p',
        session: 'ses_1',
        mark: 'btw:5',
        title: 'btw: why',
        message: newMessage('5', 'why'),
        ...rightsNow,
      },
    ],
    [
      {
        key: 'open-aside/discord:5',
        kind: 'open-aside',
        promptId: 'discord:5',
        guildId: '2',
        channelId: '3',
        directory: '/p',
        message,
        aside: ORIGIN,
      },
      {
        kind: 'begin-conversation',
        owner: 'btw',
        id: 'discord:5',
        requestKey: 'btw:5',
        afterId: '5',
        guildId: '2',
        channelId: '3',
        directory: '/p',
        message: newMessage('5', 'why'),
        begins: BEGINS,
        userId: '7',
      },
    ],
    [
      { key: 'reject-ask/per_1', kind: 'reject-ask', directory: '/p', ask: { id: 'per_1' } },
      { owner: 'asks', directory: '/p', ask: { id: 'per_1' } },
    ],
    [
      { key: 'abort/ses_1/1', kind: 'abort', directory: '/p', session: 'ses_1', drop: ['msg_2'] },
      { owner: 'run', directory: '/p', session: 'ses_1', drop: ['msg_2'] },
    ],
    [
      {
        key: 'interrupt/msg_2/0',
        kind: 'interrupt',
        directory: '/p',
        session: 'ses_1',
        promptId: 'discord:6',
        messageId: 'msg_2',
        due: 4,
      },
      { owner: 'run', directory: '/p', session: 'ses_1', promptId: 'discord:6', messageId: 'msg_2', due: 4 },
    ],
    [
      { key: 'shell/discord:3', kind: 'shell', commandId: 'discord:3', command: 'date', directory: '/p', ...rights },
      { owner: 'shell', commandId: 'discord:3', command: 'date', directory: '/p', ...rightsNow },
    ],
  ]
  const file = new OldFile().conversation(CACHE)
  for (const [was] of effects) file.effect(was)
  const found = await open(file.close()).load(ID)
  expect(found.effects).toEqual(effects.map(([{ key, kind }, is]) => ({ key, kind, ...is })))
  expect(found.state?.turn.interrupting).toBe('discord:6')
})

test('a question aside whose thread was being opened is asked, and told', async () => {
  const message = oldMessage('5', 'why')
  const file = new OldFile()
    .conversation({ ...CACHE, asides: [{ id: 'discord:5', message, phase: { kind: 'opening' } }] })
    .effect({ key: 'open-aside/discord:5', kind: 'open-aside', promptId: 'discord:5', channelId: '3', message, aside: ORIGIN })
  const { state, effects } = await open(file.close()).load(ID)
  const [effect] = effects
  if (!state || !effect) throw new Error('nothing was loaded')
  const told = step(state, { kind: 'outcome', at: 1, effect, outcome: { kind: 'begun', threadId: '901' } })
  expect(btw.of(told.state).map(({ phase }) => phase)).toEqual([{ kind: 'asked', threadId: '901' }])
})
