/** Flags and environment: what they mean, and the sentence when they mean nothing. */
import { execFileSync } from 'node:child_process'
import { homedir, userInfo } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { UsageError } from '../../src/base/errors.ts'
import { defaultServers } from '../../src/cli/opencode-servers.ts'
import { readConfig, type Config, type Flags } from '../../src/cli/config.ts'

function read(flags: Flags = {}, environment: Record<string, string> = {}): Config {
  const config = readConfig(flags, environment)
  if (config instanceof Error) throw config
  return config
}

const sentence = (flags: Flags, environment: Record<string, string> = {}): string => {
  const config = readConfig(flags, environment)
  expect(config).toBeInstanceOf(UsageError)
  return config instanceof Error ? config.message : ''
}

describe('the data folder', () => {
  test('is the flag, else the environment, else ~/.kimaki, always absolute', () => {
    expect(read({ dataDir: '/a' }, { KIMAKI_DATA_DIR: '/b' }).dataDir).toBe('/a')
    expect(read({}, { KIMAKI_DATA_DIR: '/b' }).dataDir).toBe('/b')
    expect(read().dataDir).toBe(join(homedir(), '.kimaki'))
    expect(read({ dataDir: 'here' }).dataDir).toBe(join(process.cwd(), 'here'))
  })

  test.each(['', ' '])('that is given as %o is not given: never the current folder', (empty) => {
    expect(read({ dataDir: empty }, { KIMAKI_DATA_DIR: '/b' }).dataDir).toBe('/b')
    expect(read({ dataDir: empty }, { KIMAKI_DATA_DIR: empty }).dataDir).toBe(join(homedir(), '.kimaki'))
  })

  test('holds the database', () => {
    expect(read({ dataDir: '/a' }).database).toBe('/a/discord-sessions.db')
  })
})

describe('the lock port', () => {
  test('is 29988 for the default folder, and the same one from 30000 to 39999 for another', () => {
    expect(read().lockPort).toBe(29_988)
    const ports = ['/a', '/b', '/c', '/a'].map((dataDir) => read({ dataDir }).lockPort)
    expect(ports[0]).toBe(ports[3])
    expect(new Set(ports).size).toBe(3)
    expect(ports.every((port) => port >= 30_000 && port <= 39_999)).toBe(true)
  })

  test.each(['0', ''])('%o means derived', (value) => {
    expect(read({ dataDir: '/a' }, { KIMAKI_LOCK_PORT: value }).lockPort).toBe(read({ dataDir: '/a' }).lockPort)
  })

  test('can be set', () => {
    expect(read({}, { KIMAKI_LOCK_PORT: '4711' }).lockPort).toBe(4711)
  })

  test.each(['x', '-1', '65536', '1.5'])('%o is refused with a sentence', (value) => {
    expect(sentence({}, { KIMAKI_LOCK_PORT: value })).toContain(`KIMAKI_LOCK_PORT must be a port number; it is "${value}"`)
  })
})

test.each([
  ['KIMAKI_SHELL_TIMEOUT_MS', 'shellTimeoutMs', 600_000],
  ['KIMAKI_STOP_BUTTON_AFTER_MS', 'stopButtonAfterMs', 15_000],
  ['KIMAKI_INTERRUPT_STEP_TIMEOUT_MS', 'interruptAfterMs', 3000],
] as const)('%s is milliseconds up to a day', (name, setting, normal) => {
  expect(read().settings[setting]).toBe(normal)
  expect(read({}, { [name]: '1500' }).settings[setting]).toBe(1500)
  expect(sentence({}, { [name]: '99' })).toContain(`${name} must be milliseconds between 100 and 86400000; it is "99"`)
})

test.each([
  ['KIMAKI_MAX_SHELL_COMMANDS', 'shellCommands', 20],
  ['KIMAKI_MAX_THREADS_PER_MINUTE', 'threadsPerMinute', 20],
  ['KIMAKI_MAX_QUEUE', 'queueLength', 50],
  ['KIMAKI_MAX_AGENTS', 'agentsAtOnce', 10],
] as const)('%s is a whole number, at least 1', (name, setting, normal) => {
  expect(read().settings[setting]).toBe(normal)
  expect(read({}, { [name]: '' }).settings[setting]).toBe(normal)
  expect(read({}, { [name]: '1' }).settings[setting]).toBe(1)
  for (const value of ['0', '1.5', 'many', '10001'])
    expect(sentence({}, { [name]: value })).toContain(`${name} must be a whole number between 1 and 10000; it is "${value}"`)
})

test('a permission waits without a limit, unless the flag or the environment sets minutes; the flag wins', () => {
  const limit = (flag?: string, minutes?: string) =>
    read(
      { ...(flag !== undefined && { permissionTimeoutMinutes: flag }) },
      { ...(minutes !== undefined && { KIMAKI_PERMISSION_TIMEOUT_MIN: minutes }) },
    ).settings.permissionTimeoutMs
  expect([limit(), limit('', ''), limit('10'), limit(undefined, '3'), limit('10', '3')]).toEqual([
    undefined,
    undefined,
    600_000,
    180_000,
    600_000,
  ])
  for (const value of ['0', '-1', '1.5', '35792', 'never']) {
    const range = `must be a whole number of minutes between 1 and 35791; it is "${value}"`
    expect(sentence({ permissionTimeoutMinutes: value })).toContain(`--permission-timeout-minutes ${range}`)
    expect(sentence({}, { KIMAKI_PERMISSION_TIMEOUT_MIN: value })).toContain(`KIMAKI_PERMISSION_TIMEOUT_MIN ${range}`)
  }
})

test('sessions of terminals are shown unless the flag or the environment says no, and are looked at every 5 s', () => {
  const isOn = (flags: Flags, value = '') => read(flags, { KIMAKI_DISABLE_SYNC: value }).settings.mirrorsTerminals
  expect([isOn({}), isOn({}, '0'), isOn({}, '1'), isOn({ disableSync: true })]).toEqual([true, true, false, false])
  expect([read({}).syncEveryMs, read({}, { KIMAKI_SYNC_EVERY_MS: '100' }).syncEveryMs]).toEqual([5000, 100])
})

test('the agent is told of diffs, unless --no-critique was given', () => {
  expect([read({}), read({ critique: true }), read({ critique: false })].map(({ settings }) => settings.tellsOfDiffs)).toEqual([
    true,
    true,
    false,
  ])
})

test('guests are let in where the flag or the environment says so, and nowhere else', () => {
  const isOn = (flags: Flags, value = '') => read(flags, { KIMAKI_GUEST_APPROVAL: value }).settings.guestApproval
  expect([isOn({}), isOn({}, '0'), isOn({}, '1'), isOn({ guestApproval: true }), isOn({ guestApproval: true }, '0')]).toEqual([
    false,
    false,
    true,
    true,
    true,
  ])
  expect(sentence({}, { KIMAKI_GUEST_APPROVAL: 'yes' })).toBe('KIMAKI_GUEST_APPROVAL must be 1 (on) or 0 (off); it is "yes".')
})

test('the take-over deadline is 10 s unless it is set', () => {
  expect(read().takeOverMs).toBe(10_000)
  expect(read({}, { KIMAKI_TAKE_OVER_MS: '500' }).takeOverMs).toBe(500)
  expect(sentence({}, { KIMAKI_TAKE_OVER_MS: 'soon' })).toContain('KIMAKI_TAKE_OVER_MS must be milliseconds')
})

test('verbosity is one of three levels', () => {
  expect(read().verbosity).toBe('text_and_essential_tools')
  expect(read({ verbosity: 'text_only' }).verbosity).toBe('text_only')
  expect(sentence({ verbosity: 'loud' })).toContain('text_only, text_and_essential_tools, tools_and_text; it is "loud"')
})

test("the API address is Discord's unless it is set, and must end in /api", () => {
  expect(read().apiUrl).toBe('https://discord.com/api')
  expect(read({}, { KIMAKI_DISCORD_API_URL: '' }).apiUrl).toBe('https://discord.com/api')
  expect(read({}, { KIMAKI_DISCORD_API_URL: 'http://127.0.0.1:1/api' }).apiUrl).toBe('http://127.0.0.1:1/api')
  for (const url of ['nonsense', 'ftp://x/api', 'http://x/api/'])
    expect(sentence({}, { KIMAKI_DISCORD_API_URL: url })).toContain('KIMAKI_DISCORD_API_URL')
})

test('a token of blanks is none', () => {
  expect(read({}, { KIMAKI_BOT_TOKEN: ' t ' }).token).toBe('t')
  expect(read({}, { KIMAKI_BOT_TOKEN: '  ' }).token).toBeUndefined()
})

describe('how many OpenCode servers', () => {
  test.each(['1', '2', '64'])('%s is taken as it stands', (opencodeServers) => {
    expect(read({ opencodeServers }).opencodeServers).toBe(Number(opencodeServers))
  })

  test.each(['0', '-1', '1.5', '65', 'many'])('%o is refused with a sentence', (opencodeServers) => {
    expect(sentence({ opencodeServers })).toContain(`from 1 (one for all projects) to 64; it is "${opencodeServers}"`)
  })

  test('by default one for every 2 GB of the machine, at least one, at most eight', () => {
    const gigabytes = [0.5, 2, 4, 8, 16, 256]
    expect(gigabytes.map((size) => defaultServers(size * 2 ** 30))).toEqual([1, 1, 2, 4, 8, 8])
    expect(read().opencodeServers).toBeGreaterThanOrEqual(1)
  })
})

describe('what is given empty, as a script writes for a variable without a value, is not given', () => {
  const NAMES = `BOT_TOKEN DATA_DIR LOCK_PORT DISCORD_API_URL NO_WRAPPER TAKE_OVER_MS SHELL_TIMEOUT_MS INTERRUPT_STEP_TIMEOUT_MS
    MODEL_SILENCE_MS OPENCODE_SILENT_MS OPENCODE_DEAD_MS STOP_BUTTON_AFTER_MS`
    .split(/\s+/)
    .map((name) => `KIMAKI_${name}`)
  const normal = { ...read(), environment: undefined }

  test.each(['', ' ', '\t\n'])('%j in every variable and flag', (empty) => {
    const environment = Object.fromEntries(NAMES.map((name) => [name, empty]))
    const flags = { dataDir: empty, verbosity: empty, opencodeServers: empty }
    expect({ ...read(flags, environment), environment: undefined }).toEqual(normal)
  })

  test('HOME too: the default folder is never one of the current folder', () => {
    const module = new URL('../../src/cli/config.ts', import.meta.url).href
    const program = `import { readConfig } from '${module}'; console.log(readConfig({}, {}).dataDir)`
    const args = ['--input-type=module', '--eval', program]
    const told = execFileSync(process.execPath, args, { env: { HOME: '' }, encoding: 'utf8' })
    expect(told).toBe(`${join(userInfo().homedir, '.kimaki')}\n`)
  })
})
