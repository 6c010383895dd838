/** Rules that hold for the text of every source file. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

const ROOT = new URL('../../src', import.meta.url).pathname
const lines = globSync('**/*.ts', { cwd: ROOT }).flatMap((file) =>
  readFileSync(join(ROOT, file), 'utf8')
    .split('\n')
    .map((line) => `${file}: ${line.trim()}`),
)

test('V35: whatever is written to a terminal passes the function that takes out what a terminal would obey', () => {
  const writes = lines.filter((line) => /\bstd(?:out|err)\.write\(|\bconsole\.\w+\(/.test(line))
  expect(writes.length).toBeGreaterThan(3)
  expect(
    writes.filter(
      (line) => !/\.write\((?:`[^`]*\$\{)?(?:for|json)?(?:ForT|T)?erminal|readable\(/.test(line.replace(/kimaki: |data: /, '')),
    ),
  ).toEqual([])
})

test('V2: nothing is compared without regard to case by the rules of Unicode, where U+212A is a k', () => {
  expect(
    lines.filter((line) =>
      /\/[a-z]*(?:i[a-z]*u|u[a-z]*i)[a-z]*(?=[,.;)\s]|$)/.test(
        line.replace(/^\S+ /, '').replaceAll(/\/\/.*|'[^']*'|`[^`]*`|^\/?\*.*/g, ''),
      ),
    ),
  ).toEqual([])
  const folds = lines.filter((line) => /\.to(?:Lower|Upper)Case\(\)|localeCompare/.test(line)).map((line) => line.split(': ')[0])
  expect(folds.toSorted((a = '', b = '') => (a < b ? -1 : 1))).toEqual([
    'app/control/sessions/search.ts',
    'app/control/sessions/search.ts',
    'app/control/sessions/search.ts',
    'base/environment.ts',
    'cli/sending/wishes.ts',
    'commands/login/login.ts',
    'commands/models/agent.ts',
    'commands/models/search.ts',
    'commands/models/search.ts',
    'commands/opencode/names.ts',
    'commands/opencode/run.ts',
    'commands/projects/find.ts',
    'domain/access.ts',
    'domain/access.ts',
    'domain/message/suffix.ts',
    'domain/models/choices.ts',
    'domain/project.ts',
    'opencode/process/listening.ts',
    'opencode/session/history/proposed.ts',
    'opencode/session/history/proposed.ts',
    'view/text/tool.ts',
  ])
})

describe('one file alone knows which mode runs', () => {
  /** A token that is looked into, or the variables that name a gateway. */
  const looks = (all: readonly string[]): readonly string[] =>
    all
      .filter((line) =>
        /\breadToken\b|\[?'KIMAKI_(?:WEBSITE|GATEWAY_PROXY)_URL'|\buses ===|\btoken\??\.(?:includes|split|startsWith|indexOf|match)\(/.test(
          line,
        ),
      )
      .map((line) => line.split(': ')[0] ?? '')

  test('and Discord’s adapter is not that file, nor does it know the protocol', () => {
    expect([...new Set(looks(lines))].toSorted()).toEqual(['cli/credentials.ts', 'cli/saved/credentials.ts'])
    expect(lines.filter((line) => /^(?!cli\/).*from 'kimaki-protocol'/.test(line))).toEqual([])
  })

  test('red control: an adapter that looks is seen', () => {
    expect(
      looks([`discord/chat.ts: const isMachine = token.includes(':')`, `discord/chat.ts: const credentials = readToken(token)`]),
    ).toHaveLength(2)
  })
})
