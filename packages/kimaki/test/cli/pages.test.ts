/** The command lines that the pages name are those that there are; those without a placeholder are run, without a network and a bot. */
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import type { CliCommand } from '../../src/cli/command.ts'
import { CLI_COMMANDS, GROUPS } from '../../src/cli/commands/index.ts'
import { GLOBAL_FLAGS } from '../../src/cli/flags.ts'
import { kimaki } from './situations/house.ts'

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url))
const MADE = ['docs/cli.md', 'docs/source-tree.md', 'docs/tables.md']
const PAGES = globSync(['README.md', 'packages/kimaki/README.md', 'docs/*.md'], { cwd: ROOT }).filter(
  (page) => !MADE.includes(page),
)
const PROGRAM = /^\s*(?:npx -y kimaki|npm start --|kimaki) +(?=[\w-])/
/** What the program says of words that it does not know, and of too few. */
const UNKNOWN = /unknown option|unknown command|there is no command|too many arguments/
const INCOMPLETE = /missing required argument|argument missing|not specified/

interface Line {
  readonly page: string
  readonly text: string
  /** It stands there to be typed; else a sentence names it, perhaps without its arguments. */
  readonly isTyped: boolean
}

function linesOf(page: string): readonly Line[] {
  const text = readFileSync(join(ROOT, page), 'utf8')
  const typed = [...text.matchAll(/^ *```(?:sh|yaml)\n(.*?)^ *```/gms)].flatMap(([, block = '']) => block.split('\n'))
  const spoken = [...text.replaceAll(/^ *```.*?^ *```/gms, '').matchAll(/`([^`]+)`/g)].map(([, line = '']) =>
    line.replaceAll(/\s+/g, ' '),
  )
  const ours = (lines: readonly string[], isTyped: boolean): readonly Line[] =>
    lines
      .filter((line) => PROGRAM.test(line))
      .map((line) => ({
        page,
        text: line
          .replace(PROGRAM, '')
          .replace(/ +#.*$/, '')
          .trim(),
        isTyped,
      }))
  return [...ours(typed, true), ...ours(spoken, false)]
}

const wordsOf = (usage: string): string => usage.replace(/ ?[<[].*/, '')
const byWords = new Map(CLI_COMMANDS.map((command) => [wordsOf(command.usage), command]))

/** The verb that a line calls; a group where it names no more. */
function verbOf(line: string): CliCommand | 'group' | undefined {
  const [first = '', second = ''] = line.split(/[\s|\\…]+/)
  if (first.startsWith('-')) return byWords.get('')
  const found = byWords.get(`${first} ${second}`) ?? byWords.get(first)
  return found ?? (first in GROUPS ? 'group' : undefined)
}

const flagsOf = (options: object): readonly string[] =>
  Object.values(options as Record<string, { readonly flag: string }>).flatMap(({ flag }) => flag.match(/--?[\w-]+/g) ?? [])

const LINES = PAGES.flatMap(linesOf)

test.each(LINES)('$page: kimaki $text', ({ text: line }) => {
  const verb = verbOf(line)
  expect(verb).toBeDefined()
  if (!verb || verb === 'group') return
  const known = [...flagsOf(GLOBAL_FLAGS), ...flagsOf(verb.options), '--help', '--version']
  const used = line.replaceAll(/"[^"]*"/g, '').match(/(?<=[\s([]|^)--?[a-z][\w-]*/g) ?? []
  expect(used.filter((flag) => !known.includes(flag))).toEqual([])
})

const folder = mkdtempSync(join(tmpdir(), 'kimaki-pages-'))
afterAll(() => rmSync(folder, { recursive: true }))

const isWhole = (line: string): boolean => !/[<>[\]…"$|\\()]/.test(line) && !/^--(?!help|version|install-url)/.test(line)
const WHOLE = LINES.filter(({ text }) => isWhole(text) && typeof verbOf(text) === 'object')

test.each(WHOLE)('is understood: kimaki $text', async ({ text, isTyped }) => {
  // Untouched: what a line leaves behind changes nothing for the others.
  const own = mkdtempSync(join(folder, 'line-'))
  const environment = {
    PATH: process.env['PATH'],
    HOME: own,
    KIMAKI_DATA_DIR: join(own, 'data'),
    KIMAKI_LOCK_PORT: '9',
    KIMAKI_DISCORD_API_URL: 'http://127.0.0.1:9/api',
    OPENCODE_PATH: '/bin/false',
  }
  const { stderr } = await kimaki(text.split(/\s+/), environment)
  expect(stderr).not.toMatch(UNKNOWN)
  if (isTyped) expect(stderr).not.toMatch(INCOMPLETE)
})
