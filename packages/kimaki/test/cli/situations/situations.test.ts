/**
 * Every verb in every situation: a bot runs, none runs, nothing but the token of the bot is known, it is used wrongly, a program reads what it
 * prints, the terminal is narrow, and Ctrl-C while the bot works on it. A new verb needs a row in `rows.ts`, and with `--json` one in `docs/cli.md`.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startEmulator, type Emulator } from 'discord-emulator'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { widthOf } from '../../../src/base/width.ts'
import type { CliCommand } from '../../../src/cli/command.ts'
import { CLI_COMMANDS } from '../../../src/cli/commands/index.ts'
import { AGENT_ROUTES } from '../../../src/cli/control/agent-routes.ts'
import { freePort } from '../../support/bot-process.ts'
import { programOf } from '../../support/programs.ts'
import { answersFor, CHANNEL } from './answers.ts'
import { botOn, kimaki, type Environment, type Screen, type Told } from './house.ts'
import { HAS_NO_JSON, NEEDS_BOT, PRINTS_A_TABLE, ROWS, type End, type Row } from './rows.ts'

const ESCAPE = '\u001B'
const SENTENCE = /^(?:kimaki|error): [^\n]+\n(?:\(Did you mean [^\n]+\)\n)?$/
const wordsOf = (usage: string): string => usage.replace(/ ?[<[].*/, '')
const VERBS = CLI_COMMANDS.map((command) => [wordsOf(command.usage), command] as const)

type Situation = 'up' | 'down' | 'token'

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'kimaki-situations-')))
const here = join(folder, 'garden')
let emulator: Emulator
let bot: Awaited<ReturnType<typeof botOn>>
/** Of Discord, once it is asked. */
let channel = CHANNEL
let token = ''
/** Of the kimakis of this file, one after the other. */
let port = ''

beforeAll(async () => {
  mkdirSync(here)
  // Only its version is asked.
  writeFileSync(join(folder, 'opencode'), '#!/bin/sh\necho 1.18.33\n')
  chmodSync(join(folder, 'opencode'), 0o700)
  emulator = await startEmulator()
  const { world } = emulator
  const ann = world.user('Ann')
  const guild = world.guild({ name: 'Workshop', owner: ann })
  channel = guild.textChannel('general').id
  const account = world.bot({ name: 'helper' })
  guild.addBot(account)
  token = account.token
  port = String(await freePort())
})
afterAll(async () => {
  await emulator.stop()
  rmSync(folder, { recursive: true })
})

/** Each verb finds its situation untouched by the others. */
const dataDirOf = (situation: Situation, words: string): string => join(folder, `${situation}-${words.replace(' ', '-')}`)

function environmentOf(situation: Situation, words: string): Environment {
  const own = dataDirOf(situation, words)
  return {
    PATH: process.env['PATH'],
    HOME: own,
    XDG_CONFIG_HOME: join(own, 'config'),
    XDG_DATA_HOME: join(own, 'share'),
    OPENCODE_PATH: join(folder, 'opencode'),
    KIMAKI_DATA_DIR: own,
    KIMAKI_LOCK_PORT: port,
    KIMAKI_DISCORD_API_URL: situation === 'token' ? emulator.apiUrl : 'http://127.0.0.1:9/api',
    ...(situation === 'token' && { KIMAKI_BOT_TOKEN: token }),
  }
}

function rowOf(words: string): Row {
  const row = ROWS[words]
  if (!row) throw new Error(`rows.ts has no row for "kimaki ${words}"`)
  return row
}

const lineOf = (words: string, args: readonly string[]): readonly string[] => [
  ...words.split(' ').filter(Boolean),
  ...args.map((arg) => (arg === 'HERE' ? here : arg === 'CHANNEL' ? channel : arg)),
]

const call = async (situation: Situation, words: string, args?: readonly string[], screen?: Screen): Promise<Told> => {
  const { args: usual, input } = rowOf(words)
  return kimaki(lineOf(words, args ?? usual), environmentOf(situation, words), {
    ...(input !== undefined && { input }),
    ...screen,
  })
}

/** Data goes to stdout, what went wrong is one sentence on stderr. */
function expectEnd({ code, stdout, stderr }: Told, [wanted, words]: End, tellsByCode = false): void {
  const isAnswer = code === 0 || tellsByCode
  expect({ code, silent: isAnswer ? stderr : stdout, ...(!isAnswer && { stderr }) }).toEqual({
    code: wanted,
    silent: '',
    ...(!isAnswer && { stderr: expect.stringMatching(SENTENCE) }),
  })
  if (typeof words === 'string') expect(isAnswer ? stdout : stderr).toContain(words)
  else expect(isAnswer ? stdout : stderr).toMatch(words)
}

/** The plain kimaki tells a program by an event, too. */
function withoutEvent(told: Told): Told {
  const [event = '', message] = /^data: \{"type":"error","message":"(.*)"\}\n\n$/.exec(told.stdout) ?? []
  if (message !== undefined) expect(told.stderr).toBe(`kimaki: ${message.replaceAll('\\"', '"')}\n`)
  return { ...told, stdout: told.stdout.slice(event.length) }
}

test('the rows are of verbs that there are', () => {
  expect(Object.keys(ROWS).toSorted()).toEqual(VERBS.map(([words]) => words).toSorted())
})

test('every verb tells a program as JSON, but for those whose words are for a program or a person alone', () => {
  const without = VERBS.filter(([, { options }]) => !('json' in options)).map(([words]) => words)
  expect(without.toSorted()).toEqual(HAS_NO_JSON)
})

test('the bot of this table answers every route of every verb', () => {
  const routes = CLI_COMMANDS.flatMap((command) => Object.keys(command.routes))
  expect(Object.keys(answersFor('')).toSorted()).toEqual(routes.toSorted())
  expect(Object.keys(AGENT_ROUTES).filter((route) => routes.includes(route))).toEqual([])
})

describe.each(VERBS)('kimaki %s', (words, command) => {
  beforeAll(async () => {
    mkdirSync(dataDirOf('up', words), { mode: 0o700 })
    bot = await botOn(dataDirOf('up', words), answersFor(here))
  })
  afterAll(async () => bot.close())

  test('while the bot runs', async () => expectEnd(await call('up', words), rowOf(words).up, rowOf(words).tellsByCode))

  test('while none runs', async () => expectEnd(await call('down', words), rowOf(words).down, rowOf(words).tellsByCode))

  test('with the token alone', async () => expectEnd(await call('token', words), rowOf(words).token, rowOf(words).tellsByCode))

  test('used wrongly', async () => {
    const takes = command.usage.includes('...>') || words === ''
    const needed = rowOf(words).args
    const wrong: (readonly [readonly string[], string])[] = [
      [[...needed, '--not-an-option'], "unknown option '--not-an-option'"],
      ...(takes ? [] : [[[...needed, 'one', 'too', 'many'], 'too many arguments'] as const]),
      ...(needsOneArgument(command) ? [[[], 'missing required argument'] as const] : []),
      ...(rowOf(words).bad ?? []),
    ]
    for (const [args, sentence] of wrong) {
      const told = await call('up', words, args, { input: '' })
      expectEnd(words === '' ? withoutEvent(told) : told, [64, sentence])
    }
  })

  test('read by a program: plain text, and JSON of the shape that is documented', async () => {
    expect((await call('up', words)).stdout).not.toContain(ESCAPE)
    if (!('json' in command.options)) return
    const { code, stdout } = await call('up', words, [...rowOf(words).args, '--json'])
    expectShape(documented(words), code === rowOf(words).up[0] && stdout !== '' ? JSON.parse(stdout) : undefined)
  })

  test('in a terminal of 40 columns', async () => {
    const environment = { ...environmentOf('up', words), TERM: 'xterm' }
    const help = await kimaki(lineOf(words, ['--help']), environment, { columns: 40 })
    expect({ code: help.code, stderr: help.stderr }).toEqual({ code: 0, stderr: '' })
    for (const { flag } of Object.values(command.options)) expect(help.stdout).toContain(flag)
    if (!PRINTS_A_TABLE.includes(words)) return
    const { stdout } = await kimaki(lineOf(words, rowOf(words).args), environment, { columns: 40 })
    expect(stdout).toContain(`${ESCAPE}[1m`)
    const plain = stdout.replaceAll(new RegExp(`${ESCAPE}\\[\\d+m`, 'g'), '')
    // A table fits, or each row is a record: a label and its value a line, whole, which the terminal wraps.
    const fits = (line: string): boolean => widthOf(line) <= 40 || /^[a-z ]+ {2}\S/.test(line)
    expect(plain.split('\n').filter((line) => !fits(line))).toEqual([])
  })

  test('Ctrl-C while the bot works on it: nothing catches it, so it ends at once', async () => {
    let go: () => void = () => undefined
    const asked = bot.hold(new Promise((resolve) => (go = resolve)))
    const handlers = process.listenerCount('SIGINT')
    const ended = call('up', words)
    const isHeld = typeof (await Promise.race([asked, ended])) === 'string'
    expect(process.listenerCount('SIGINT')).toBe(handlers)
    if (rowOf(words).down[1] === NEEDS_BOT[1]) expect(isHeld).toBe(true)
    go()
    await ended
  })
})

/** A needed option that is missing is told first. */
const needsOneArgument = ({ usage, options }: CliCommand): boolean =>
  usage.includes('<') && !Object.values(options).some(({ required }) => required)

test('a command that waits for the bot ends by Ctrl-C without a word', async () => {
  const dataDir = dataDirOf('up', 'held')
  mkdirSync(dataDir, { mode: 0o700 })
  const holding = await botOn(dataDir, answersFor(here))
  let go: () => void = () => undefined
  const asked = holding.hold(new Promise((resolve) => (go = resolve)))
  const env = { HOME: folder, KIMAKI_DATA_DIR: dataDir, KIMAKI_LOCK_PORT: port, NODE_DISABLE_COMPILE_CACHE: '1' }
  const child = spawn(process.execPath, [programOf(), 'session', 'wait', 'ses_abc'], { env, stdio: 'pipe' })
  const told: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => told.push(bytes))
  expect(await asked).toBe('POST /sessions/wait')
  child.kill('SIGINT')
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null]
  expect({ code, signal, told: Buffer.concat(told).toString() }).toEqual({ code: null, signal: 'SIGINT', told: '' })
  go()
  await holding.close()
})

const DOCS = readFileSync(fileURLToPath(new URL('../../../../../docs/cli.md', import.meta.url)), 'utf8')

/** As `docs/cli.md` says in its table. */
function documented(words: string): string {
  const row = DOCS.split('\n').find((line) => line.startsWith('| ') && line.split(' | ')[0]?.includes(`\`${words} --json\``))
  const [, shape] = /^\| [^|]+ \| `([^`]+)`/.exec(row ?? '') ?? []
  if (shape === undefined) throw new Error(`docs/cli.md does not say what kimaki ${words} --json looks like`)
  return shape
}

/** `[{a, b?, c: [{d}], …}]`: an item has a and c, and may have b; the last sign: and more. */
function expectShape(shape: string, value: unknown): void {
  const isList = shape.startsWith('[')
  expect(Array.isArray(value)).toBe(isList)
  const [first] = [value].flat()
  if (first === undefined) return
  const keys = Object.keys(first as object)
  const named = topLevel(shape.replace(/^\[?\{/, '').replace(/\}\]?$/, ''))
  const isOpen = named.includes('…')
  const needed = named.filter((name) => !name.endsWith('?') && name !== '…')
  expect(keys).toEqual(expect.arrayContaining(needed))
  if (!isOpen) expect(named.map((name) => name.replace('?', ''))).toEqual(expect.arrayContaining(keys))
}

function topLevel(fields: string): readonly string[] {
  let text = fields
  while (/[[{][^[\]{}]*[\]}]/.test(text)) text = text.replaceAll(/[[{][^[\]{}]*[\]}]/g, '')
  return text.split(',').map((field) => field.split(':')[0]?.trim() ?? '')
}
