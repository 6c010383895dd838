/** The command line of an agent: who is one, what it may ask, and where its token ends. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { agentToken } from '../../src/cli/control/agent-token.ts'
import { agentVerb, refusedToAgent } from '../../src/cli/agent/verbs.ts'
import type { BotHandle, ControlRoute } from '../../src/cli/command.ts'
import { CLI_COMMANDS } from '../../src/cli/commands/index.ts'
import type { Composed } from '../../src/cli/compose.ts'
import { AgentLinks } from '../../src/cli/control/agent-links.ts'
import { isAgent } from '../../src/cli/saved/agent-of.ts'
import { keepWith } from '../../src/cli/sending/keep-file.ts'
import { readModel, readRule, readUser } from '../../src/cli/sending/wishes.ts'

let dir = ''
let one = ''
let two = ''
let links = new AgentLinks('')
beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'kimaki-agent-')))
  one = join(dir, 'one')
  two = join(dir, 'two')
  mkdirSync(join(one, 'src'), { recursive: true })
  mkdirSync(two)
  links = new AgentLinks(dir)
  links.publish([one, two])
})
afterEach(() => rmSync(dir, { recursive: true }))

test('an agent is whoever stands in a shell of the bot of this data folder', () => {
  expect(isAgent({ KIMAKI_AGENT_OF: dir }, dir)).toBe(true)
  expect(isAgent({ KIMAKI_AGENT_OF: dir }, two)).toBe(false)
  expect(isAgent({}, dir)).toBe(false)
})

test('it has the token of the project it stands in, in a folder below it too', () => {
  const found = agentToken(dir, join(one, 'src'))
  expect(found).toMatchObject({ directory: one })
  expect(!(found instanceof Error) && links.allows(one, found.token)).toBe(true)
  expect(agentToken(dir, '/')).toBeInstanceOf(Error)
})

test('in a folder that a session of the project was begun in, it acts for the project', () => {
  links.publish([two], one)
  const found = agentToken(dir, two)
  expect(found).toMatchObject({ directory: one })
  expect(!(found instanceof Error) && links.allows(one, found.token)).toBe(true)
})

test('it may send, read, search, wait and upload; every other verb is refused', () => {
  const allowed = CLI_COMMANDS.filter(({ usage }) => refusedToAgent(usage) === undefined).map(
    ({ usage }) => usage.split(/ [<[]/)[0],
  )
  expect(new Set(allowed)).toEqual(
    new Set([
      'project list',
      'send',
      'session discord-url',
      'session list',
      'session read',
      'session search',
      'session wait',
      'upload-to-discord',
    ]),
  )
  expect(refusedToAgent('')?.message).toContain('would end the bot that runs this session')
})

describe('the bot', () => {
  const asked: unknown[] = []
  const echo: ControlRoute = async (body) => void asked.push(body)
  const all = {
    'POST /send': echo,
    'POST /sessions/read': echo,
    'POST /why': echo,
    'POST /upload': echo,
    'POST /send/wait': echo,
  }

  const ask = async (route: string, body: object, as = one, of = one): Promise<unknown> => {
    asked.length = 0
    const found = agentToken(dir, as)
    const composed = {
      projects: { of: (id: string) => ({ directory: id === '1' ? one : two }) },
      store: { load: async (id: string) => ({ state: { directory: id === '11' ? one : two } }) },
    } as unknown as Composed
    const bot: BotHandle = { composed, links, standDown: () => undefined, restart: () => undefined }
    return agentVerb(all)({ directory: of, token: found instanceof Error ? '' : found.token, route, body }, bot)
  }

  test.each([
    ['a session', 'POST /sessions/read', { session: 'ses_1', within: '/etc' }],
    ['a channel of its project', 'POST /send', { channelId: '1', prompt: 'x', within: '/etc' }],
    ['a thread of its project', 'POST /send', { threadId: '11', prompt: 'x' }],
  ])('keeps what it asks of %s to its project, whatever the call says', async (_what, route, body) => {
    expect(await ask(route, body)).toBeUndefined()
    expect(asked).toEqual([{ ...body, within: one }])
  })

  test.each([
    ['of another folder', () => ask('POST /sessions/read', {}, two, one), 'not of this folder'],
    ['for a channel of another project', () => ask('POST /send', { channelId: '2', prompt: 'x' }), 'not in the project'],
    ['for a thread of another project', () => ask('POST /send', { threadId: '22', prompt: 'x' }), 'not in the project'],
    ['that gives itself more', () => ask('POST /send', { channelId: '1', rules: [{}] }), 'may not choose permissions'],
    ['that speaks for a person', () => ask('POST /send', { channelId: '1', userId: '1' }), 'may not choose permissions'],
    [
      'that waits for a message of Discord',
      () => ask('POST /send/wait', { key: 'discord:1' }),
      'waits for what it has sent itself',
    ],
    ['for anything else', () => ask('POST /why', {}), 'An agent may not ask for POST /why'],
    ['for what every object has', () => ask('constructor', {}), 'An agent may not ask for'],
  ])('refuses a call %s', async (_what, call, why) => {
    expect(String(await call())).toContain(why)
    expect(asked).toEqual([])
  })
})

describe('files that are sent', () => {
  const keep = (within?: string) => keepWith({ saveAttachment: async (id, name) => join('/saved', id, name) }, within)

  test('are copied, by names that are safe', async () => {
    writeFileSync(join(one, 'a b.txt'), 'seven')
    expect(await keep()('begin:1', join(one, 'a b.txt'))).toMatchObject({
      name: 'a b.txt',
      size: 5,
      url: expect.stringMatching(/^file:\/\/\/saved\/begin:1\/sent-[\da-f]{12}-a_b\.txt$/),
    })
  })

  test('of an agent lie in its project, through no link either', async () => {
    writeFileSync(join(two, 'secret.txt'), 'x')
    symlinkSync(join(two, 'secret.txt'), join(one, 'link.txt'))
    expect(await keep(one)('1', join(one, 'link.txt'))).toMatchObject({
      message: expect.stringContaining('is not in the project'),
    })
    expect(await keep(one)('1', join(two, 'secret.txt'))).toMatchObject({
      message: expect.stringContaining('is not in the project'),
    })
    expect(await keep()('1', two)).toMatchObject({ message: expect.stringContaining('is no regular file') })
    expect(await keep()('1', join(one, 'none'))).toMatchObject({ message: expect.stringContaining('is not there') })
  })
})

describe('how a message is to be run', () => {
  test.each([
    [readModel('anthropic/claude'), { provider: 'anthropic', model: 'claude', variant: undefined }],
    [readModel('router/meta/llama'), { provider: 'router', model: 'meta/llama', variant: undefined }],
    [readRule('bash:deny'), { permission: 'bash', pattern: '*', action: 'deny' }],
    [readRule('bash:git push*:ASK'), { permission: 'bash', pattern: 'git push*', action: 'ask' }],
    [readRule('webfetch:https://x:8080/*:allow'), { permission: 'webfetch', pattern: 'https://x:8080/*', action: 'allow' }],
    [readUser('<@100000000000000001>'), '100000000000000001'],
  ])('%j is read', (read, value) => {
    expect(read).toEqual(value)
  })

  test.each([readModel('claude'), readRule('bash'), readRule('bash:perhaps'), readUser('ann')])('%s', (read) => {
    expect(read).toBeInstanceOf(Error)
  })
})
