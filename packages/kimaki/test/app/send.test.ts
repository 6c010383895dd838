/** A program's request as the inbox row it becomes. */
import { describe, expect, test } from 'vitest'
import { PROMPT_LIMIT, checkPrompt, prepareSend, type SendDeps, type SendRequest } from '../../src/app/send.ts'
import { UsageError } from '../../src/base/errors.ts'
import { BOTS_IN_A_ROW, type SaidInChannel } from '../../src/domain/conversation/features/talk/bots.ts'
import type { Conversation } from '../../src/domain/conversation/state.ts'
import type { LoadedConversation, Project } from '../../src/ports/store.ts'

const PROJECT: Project = { channelId: '100000000000000001', guildId: '100000000000000002', directory: '/alpha' }
const THREAD = '100000000000000003'
const NOW = Date.UTC(2027, 0, 2, 3, 4, 5)

const conversationIn = (features: Conversation['features']): Conversation =>
  ({ id: THREAD, ...PROJECT, features }) as Conversation

/** One project, and a conversation in one thread, as far as a place is made of it. */
function deps(loaded?: Partial<LoadedConversation>, said: readonly SaidInChannel[] = []): SendDeps {
  const state = conversationIn({})
  const nothing: LoadedConversation = { state: undefined, inbox: [], effects: [] }
  return {
    projects: { of: (channelId) => (channelId === PROJECT.channelId ? PROJECT : undefined) },
    store: { load: async (id) => (id === THREAD ? { ...nothing, ...(loaded ?? { state }) } : nothing), saidIn: async () => said },
    clock: { now: () => NOW },
  }
}

const toThread = (threadId: string, prompt = 'go on'): SendRequest => ({
  id: 'an-id',
  target: { kind: 'thread', threadId },
  prompt,
})
const toChannel = (channelId: string, name?: string): SendRequest => ({
  id: 'an-id',
  target: { kind: 'channel', channelId, name },
  prompt: 'fix the\nbuild',
})

async function sentence(request: SendRequest, using = deps()): Promise<string> {
  const refused = await prepareSend(request, using)
  expect(refused).toBeInstanceOf(UsageError)
  return refused instanceof Error ? refused.message : ''
}

test('what was posted in Discord has its thread, its files, and words that may be a file', async () => {
  const words = { id: '9', name: 'message.txt', contentType: 'text/plain', size: 3000, url: 'https://cdn/9', digest: 'x' }
  const posted = { ...toChannel(PROJECT.channelId), prompt: '', attached: [words], from: '8', title: 'Count them' }
  expect(await prepareSend(posted, deps())).toMatchObject({
    request: { begins: { name: 'Count them', from: '8' }, message: { text: '', titleText: 'Count them', attachments: [words] } },
  })
  expect(await prepareSend({ ...posted, attached: [] }, deps())).toBeInstanceOf(UsageError)
})

describe('the folder and the parent of a new session', () => {
  const cwdIn: SendDeps['cwdIn'] = async ({ directory }, cwd) =>
    cwd.startsWith(directory) ? cwd : new UsageError({ reason: `${cwd} is elsewhere` })
  const begins = async (request: Partial<SendRequest>): Promise<unknown> => {
    const accepted = await prepareSend({ ...toChannel(PROJECT.channelId), ...request }, { ...deps(), cwdIn })
    return accepted instanceof Error ? accepted.message : accepted
  }

  test('go with the request, which begins in the project itself', async () => {
    expect(await begins({ cwd: '/alpha/web', parent: 'ses_1' })).toMatchObject({
      conversation: { directory: '/alpha' },
      request: { kind: 'begin', begins: { cwd: '/alpha/web', parent: 'ses_1' } },
    })
  })

  test('the folder of the project is no other folder', async () => {
    expect(await begins({ cwd: '/alpha' })).not.toHaveProperty('request.begins.cwd')
  })

  test('are refused elsewhere, and where nobody can look at folders', async () => {
    expect(await begins({ cwd: '/beta' })).toBe('/beta is elsewhere')
    expect(await sentence({ ...toChannel(PROJECT.channelId), cwd: '/alpha/web' })).toBe('A folder cannot be chosen here.')
  })
})

describe('to a thread', () => {
  test('is a message of a program in the conversation of that thread', async () => {
    expect(await prepareSend(toThread(THREAD, ' go on\n'), deps())).toEqual({
      key: 'send:an-id',
      at: NOW,
      conversation: { id: THREAD, ...PROJECT, inThread: true },
      request: {
        kind: 'message',
        message: {
          id: 'send:an-id',
          guildId: PROJECT.guildId,
          channelId: THREAD,
          projectChannelId: PROJECT.channelId,
          inThread: true,
          author: { kind: 'program', name: 'kimaki send', userId: undefined },
          text: 'go on',
          titleText: 'go on',
          mentionsBot: false,
          reply: undefined,
          attachments: [],
          sentAt: '2027-01-02T03:04:05.000Z',
        },
      },
    })
  })

  test('of which only inbox rows are known yet goes where those go', async () => {
    const conversation = { id: THREAD, ...PROJECT, inThread: false }
    const row = { conversation } as LoadedConversation['inbox'][number]
    expect(await prepareSend(toThread(THREAD), deps({ inbox: [row] }))).toMatchObject({ conversation })
  })

  test('without a conversation is refused in words', async () => {
    expect(await sentence(toThread('100000000000000009'))).toMatch(/^The thread 100000000000000009 has no conversation/)
  })
})

describe('to a channel', () => {
  test('asks for a new thread, named from the prompt', async () => {
    expect(await prepareSend(toChannel(PROJECT.channelId), deps())).toMatchObject({
      key: 'send:an-id',
      conversation: { id: 'begin:an-id', ...PROJECT, inThread: false },
      request: {
        kind: 'begin',
        begins: { name: 'fix the build' },
        message: { text: 'fix the\nbuild', inThread: false, channelId: PROJECT.channelId },
      },
    })
  })

  test('names the thread as it is told', async () => {
    expect(await prepareSend(toChannel(PROJECT.channelId, 'nightly'), deps())).toMatchObject({
      request: { begins: { name: 'nightly' } },
    })
  })

  test('that is not linked is refused in words', async () => {
    expect(await sentence(toChannel('100000000000000009'))).toMatch(/^The channel 100000000000000009 is not linked to a folder/)
  })
})

describe('talk that only programs and bots keep up', () => {
  const author = { kind: 'program', name: 'kimaki send', userId: undefined } as const
  const said = Array.from({ length: BOTS_IN_A_ROW }, (_, index) => ({ conversation: String(index), author, at: NOW }))
  const held = { of: 'messages', messageId: 'x' } as const
  const talk = { inARow: BOTS_IN_A_ROW, lastAt: NOW }

  test('begins 20 conversations in a channel; the sentence says what lifts the bound', async () => {
    expect(await sentence(toChannel(PROJECT.channelId), deps({}, said))).toMatch(
      /^Not sent: .* began the last 20 conversations .* A person's message in Discord lifts this/,
    )
    expect(await prepareSend(toChannel(PROJECT.channelId), deps({}, said.slice(1)))).not.toBeInstanceOf(Error)
  })

  test('is taken in a thread once more, for the thread to say that it is too much, and then refused', async () => {
    const inTalk = (bots: unknown) => deps({ state: conversationIn({ bots }) })
    expect(await prepareSend(toThread(THREAD), inTalk(talk))).not.toBeInstanceOf(Error)
    expect(await sentence(toThread(THREAD), inTalk({ ...talk, held }))).toMatch(/^Not sent: .* wrote the last 20 messages/)
    expect(await prepareSend(toThread(THREAD), inTalk({ ...talk, held, lastAt: NOW - 3_600_000 }))).not.toBeInstanceOf(Error)
  })
})

describe('a prompt', () => {
  test.each(['', ' \n\t'])('of nothing (%j) is refused', async (prompt) => {
    expect(await sentence(toThread(THREAD, prompt))).toContain('The prompt is empty')
  })

  test('may be as long as the limit, and no longer', () => {
    expect(checkPrompt('x'.repeat(PROMPT_LIMIT))).toHaveLength(PROMPT_LIMIT)
    expect(checkPrompt('x'.repeat(PROMPT_LIMIT + 1))).toMatchObject({
      message: expect.stringContaining('30001 characters long, at most 30000'),
    })
  })
})
