/** Declarations of verbs: what holds for each of them. */
import { Option } from 'commander'
import { describe, expect, test } from 'vitest'
import type { CliCommand } from '../../src/cli/command.ts'
import { CLI_COMMANDS, GROUPS } from '../../src/cli/commands/index.ts'
import { start } from '../../src/cli/commands/start.ts'
import type { Composed } from '../../src/cli/compose.ts'
import { GLOBAL_FLAGS, isPlainCommand } from '../../src/cli/flags.ts'
import { parserOfAll } from '../../src/cli/main.ts'

describe.each(CLI_COMMANDS.map((command) => [command.usage || 'the plain kimaki', command] as const))('%s', (_usage, command) => {
  test('names its options as the parser does', () => {
    for (const [name, { flag }] of Object.entries(command.options)) expect(new Option(flag).attributeName()).toBe(name)
  })

  test('takes no option that every command has', () => {
    for (const name of Object.keys(command.options)) expect(GLOBAL_FLAGS).not.toHaveProperty(name)
  })

  test('has routes of the form METHOD /path', () => {
    for (const route of Object.keys(command.routes)) expect(route).toMatch(/^(GET|POST) \/[a-z/-]+$/)
  })
})

/** The words of the first kimaki in a line of a shell, up to a pipe, a redirection or the end of a substitution. */
function wordsIn(line: string): readonly string[] {
  const [, call = ''] = /(?:^|[\s(])kimaki((?:\s+(?:'[^']*'|"[^"]*"|[^\s|<>()]+))*)/.exec(line) ?? []
  return [...call.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, single, double, bare]) => single ?? double ?? bare ?? '')
}

describe.each(CLI_COMMANDS.map((command) => [command.usage || 'the plain kimaki', command] as const))(
  '--help of %s',
  (_usage, command) => {
    test('has an example', () => expect(command.examples ?? []).not.toEqual([]))

    test.each(command.examples ?? [])('%s is understood, and is of this verb', async (line) => {
      const meant: CliCommand[] = []
      const parser = parserOfAll(async (verb) => void meant.push(verb))
      await parser.parseAsync(wordsIn(line), { from: 'user' })
      expect({ meant, left: command.usage === '' ? parser.args : [] }).toEqual({ meant: [command], left: [] })
    })
  },
)

test('a line of a shell is taken apart as the shell does', () => {
  expect(wordsIn(`git diff | kimaki send -n "a b" --prompt 'c d' | head -1`)).toEqual(['send', '-n', 'a b', '--prompt', 'c d'])
  expect(wordsIn('A=$(kimaki bot token) kimaki-like')).toEqual(['bot', 'token'])
  expect(wordsIn('kimaki multioauth add anthropic work < key.txt')).toEqual(['multioauth', 'add', 'anthropic', 'work'])
})

test('usages and routes are unique', () => {
  const usages = CLI_COMMANDS.map(({ usage }) => usage)
  const routes = CLI_COMMANDS.flatMap(({ routes }) => Object.keys(routes))
  expect(new Set(usages).size).toBe(usages.length)
  expect(new Set(routes).size).toBe(routes.length)
})

test('every group has a verb', () => {
  for (const group of Object.keys(GROUPS)) expect(CLI_COMMANDS.some(({ usage }) => usage.startsWith(`${group} `))).toBe(true)
})

describe('the wrapper takes the plain command', () => {
  test.each([
    [],
    ['--data-dir', '/x'],
    ['--verbosity', 'text_only', '--opencode-servers', '2'],
    ['--guest-approval', '--data-dir', '/x'],
  ])('%j', (...args) => {
    expect(isPlainCommand(args.flat())).toBe(true)
  })

  test.each([
    ['--help'],
    ['--data-dir'],
    ['--data-dir=/x'],
    ['--guest-approval', '1'],
    ['project', 'list'],
    ['--data-dir', '/x', 'send'],
  ])('and not %j', (...args) => {
    expect(isPlainCommand(args)).toBe(false)
  })
})

test('a bot that stops still tells its pid to the one that takes over, which waits for its end', async () => {
  const stopping = AbortSignal.abort()
  const composed = { agent: { servers: async () => stopping.throwIfAborted() } } as unknown as Composed
  const status = start.routes['GET /status']?.(undefined, {
    composed,
    standDown: () => undefined,
    restart: () => undefined,
    links: { publish: () => undefined, allows: () => false },
  })
  expect(await status).toEqual({ pid: process.pid, servers: [] })
})
