/** `kimaki send`: what is refused before anything happens, what the running bot does, and what is left for it while it does not run. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { BatchRejected, UsageError } from '../../src/base/errors.ts'
import type { BotHandle } from '../../src/cli/command.ts'
import { send } from '../../src/cli/commands/send.ts'
import type { Composed } from '../../src/cli/compose.ts'
import { takeControl } from '../../src/cli/control/lock.ts'
import type { Acceptance, Committed, Project } from '../../src/ports/store.ts'
import { createStore } from '../../src/store/store.ts'
import { freePort } from '../support/bot-process.ts'
import { runCli, type Ended } from '../support/run-cli.ts'

const CHANNEL = '100000000000000001'
const THREAD = '100000000000000003'
const PROJECT: Project = { channelId: CHANNEL, guildId: '100000000000000002', directory: '/alpha' }

let dataDir: string
let port: number
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'kimaki-send-'))
  port = await freePort()
})
afterEach(() => rmSync(dataDir, { recursive: true }))

/** The command as a program calls it, with this text piped in. */
const kimaki = (args: readonly string[], input?: string): Promise<Ended> =>
  runCli(
    { HOME: dataDir, KIMAKI_DATA_DIR: dataDir, KIMAKI_LOCK_PORT: String(port), NODE_DISABLE_COMPILE_CACHE: '1' },
    ['send', ...args],
    input,
  )

describe('is refused with 64 and a sentence', () => {
  test.each([
    { args: ['-p', 'hi'], words: 'Give either --channel (a new thread) or --thread' },
    { args: ['--channel', CHANNEL, '--thread', THREAD, '-p', 'hi'], words: 'Give either --channel (a new thread) or --thread' },
    { args: ['--channel', 'general', '-p', 'hi'], words: '--channel must be a Discord id' },
    { args: ['--thread', THREAD, '--name', 'x', '-p', 'hi'], words: '--name is for a new thread' },
    { args: ['--channel', CHANNEL], words: 'The prompt is empty' },
    { args: ['--channel', CHANNEL, '-p', '  '], words: 'The prompt is empty' },
    { args: ['--channel', CHANNEL, '-p', 'x'.repeat(30_001)], words: 'The prompt is 30001 characters long' },
    { args: ['--channel', CHANNEL, '-p', 'hi'], words: `The channel ${CHANNEL} is not linked` },
    { args: ['--channel', CHANNEL, '--thread', '', '--name', ' ', '-p', 'hi'], words: `The channel ${CHANNEL} is not linked` },
    { args: ['--channel', CHANNEL, '-p', ''], words: 'The prompt is empty' },
    { args: ['--thread', THREAD, '-p', 'hi'], words: `The thread ${THREAD} has no conversation` },
  ])('$words', async ({ args, words }) => {
    const { code, stdout, stderr } = await kimaki(args)
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' })
    expect(stderr).toMatch(/^kimaki: [^\n]*\n$/)
    expect(stderr).toContain(words)
  })
})

describe('without a running bot', () => {
  const database = (): string => join(dataDir, 'discord-sessions.db')

  async function linkProject(): Promise<void> {
    const store = createStore(database())
    if (store instanceof Error) throw store
    await store.linkProject(PROJECT, undefined)
    await store.close()
  }

  test('leaves the row for the next start, and says that it waits', async () => {
    await linkProject()
    const told = await kimaki(['--channel', CHANNEL, '-p', 'hello'])
    expect(told).toEqual({
      code: 0,
      stdout: 'kimaki does not run now: the message waits in its database until kimaki is started.\n',
      stderr: '',
    })
    const asJson = await kimaki(['--channel', CHANNEL, '--name', 'nightly', '--json', '--prompt', '-'], 'from a pipe\n')
    expect(JSON.parse(asJson.stdout)).toEqual({ queued: true, state: 'waiting', key: expect.stringMatching(/^send:[\w-]{36}$/) })
    const store = createStore(database())
    if (store instanceof Error) throw store
    const open = await store.openConversations()
    const inbox = await Promise.all(open.map(async (id) => (await store.load(id)).inbox))
    await store.close()
    const rows = inbox.flat().toSorted((a, b) => a.order - b.order)
    expect(rows.map(({ request }) => request)).toMatchObject([
      { kind: 'begin', begins: { name: 'hello' }, message: { text: 'hello' } },
      { kind: 'begin', begins: { name: 'nightly' }, message: { text: 'from a pipe' } },
    ])
  })
})

describe('with a running bot', () => {
  const accepted: Acceptance[] = []
  const ok: Committed = []

  /** A bot with one project, as far as the route asks it. */
  function bot(answer: Committed = ok): BotHandle {
    accepted.length = 0
    const composed = {
      projects: { of: (id: string) => (id === CHANNEL ? PROJECT : undefined) },
      store: {
        load: async (id: string) => ({
          state: id === THREAD ? { id, ...PROJECT, features: {} } : undefined,
          inbox: [],
          effects: [],
        }),
      },
      bot: {
        async accept(acceptance: Acceptance) {
          accepted.push(acceptance)
          return answer
        },
      },
    }
    return {
      composed: composed as unknown as Composed,
      standDown: () => undefined,
      restart: () => undefined,
      links: { publish: () => undefined, allows: () => false },
    }
  }

  /** Of the request: made again, it has the same key, and the inbox keeps one. */
  const ID = 'b3a1c6de-0f64-4d0c-9d7a-2a52f5d9c1aa'
  const route = (body: unknown, handle: BotHandle): Promise<unknown> | undefined => send.routes['POST /send']?.(body, handle)

  test('the bot accepts the message into the conversation of the thread', async () => {
    const answer = await route({ id: ID, threadId: THREAD, prompt: 'go on' }, bot())
    expect(answer).toEqual({ key: `send:${ID}`, state: 'accepted', threadId: THREAD })
    expect(accepted).toMatchObject([{ request: { kind: 'message', message: { text: 'go on' } }, conversation: { id: THREAD } }])
  })

  test.each([
    { body: undefined, words: 'prompt and either channelId or threadId' },
    { body: { id: ID, prompt: 'x', channelId: CHANNEL, threadId: THREAD }, words: 'prompt and either channelId or threadId' },
    { body: { id: ID, prompt: ' ', channelId: CHANNEL }, words: 'The prompt is empty' },
    { body: { id: ID, prompt: 'x', channelId: THREAD }, words: 'is not linked' },
    { body: { id: ID, prompt: 'x', threadId: CHANNEL }, words: 'has no conversation' },
    { body: { prompt: 'x', threadId: THREAD }, words: 'id must be a UUID' },
    { body: { id: ID, prompt: 'x', channelId: CHANNEL, parent: 'ses_1\n# Obey' }, words: 'parent must be the id of a session' },
    { body: { id: '../x', prompt: 'x', threadId: THREAD }, words: 'id must be a UUID' },
  ])('the bot checks the request itself: $words', async ({ body, words }) => {
    const refused = await route(body, bot())
    expect(refused).toBeInstanceOf(UsageError)
    expect(refused).toMatchObject({ message: expect.stringContaining(words) })
    expect(accepted).toEqual([])
  })

  test("a row that the bot's database does not take is no mistake of the caller", async () => {
    const rejected = new BatchRejected({ reason: 'it is too large' })
    expect(await route({ id: ID, threadId: THREAD, prompt: 'x' }, bot(rejected))).toBe(rejected)
    expect(
      await route(
        { id: ID, threadId: THREAD, prompt: 'x' },
        {
          composed: undefined,
          standDown: () => undefined,
          restart: () => undefined,
          links: { publish: () => undefined, allows: () => false },
        },
      ),
    ).toMatchObject({
      message: 'kimaki is still starting, try again',
    })
  })

  test('the command asks that bot, and exits as the bot answers: 0, 64 for a wrong request, 1 for trouble', async () => {
    const sent = { key: 'send:1', state: 'accepted', threadId: THREAD }
    const answers = [sent, new UsageError({ reason: 'not like this' }), new Error('not now')]
    const bodies: unknown[] = []
    const control = await takeControl(
      { dataDir, port },
      {
        'POST /send': async (body) => {
          bodies.push(body)
          return answers[bodies.length - 1]
        },
      },
    )
    if (!control || control instanceof Error) throw control ?? new Error('no lock')
    try {
      const args = ['--thread', THREAD, '-p', 'go on']
      expect(await kimaki([...args, '--json'])).toEqual({
        code: 0,
        stdout: `${JSON.stringify({ queued: false, ...sent })}\n`,
        stderr: '',
      })
      expect(await kimaki(args)).toEqual({ code: 64, stdout: '', stderr: 'kimaki: not like this\n' })
      expect(await kimaki(args)).toEqual({ code: 1, stdout: '', stderr: 'kimaki: not now\n' })
      expect(bodies).toEqual(
        Array.from({ length: 3 }, () => ({ id: expect.stringMatching(/^[\da-f-]{36}$/), threadId: THREAD, prompt: 'go on' })),
      )
    } finally {
      await control.close()
    }
  })
})
