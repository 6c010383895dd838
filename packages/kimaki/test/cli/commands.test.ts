/** Declarations of verbs: what holds for each of them. */
import { Option } from 'commander'
import { describe, expect, test } from 'vitest'
import { CLI_COMMANDS, GROUPS } from '../../src/cli/commands/index.ts'
import { GLOBAL_FLAGS, isPlainCommand } from '../../src/cli/flags.ts'

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
  test.each([[], ['--data-dir', '/x'], ['--verbosity', 'text_only', '--opencode-servers', '2']])('%j', (...args) => {
    expect(isPlainCommand(args.flat())).toBe(true)
  })

  test.each([['--help'], ['--data-dir'], ['--data-dir=/x'], ['project', 'list'], ['--data-dir', '/x', 'send']])(
    'and not %j',
    (...args) => {
      expect(isPlainCommand(args)).toBe(false)
    },
  )
})
