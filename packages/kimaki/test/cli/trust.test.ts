/** What is asked before a folder becomes a project. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { askForTrust, type TrustRequest } from '../../src/cli/trust.ts'
import { programsIn } from '../../src/opencode/project/brings.ts'

/** A folder with these files; a directory ends with a slash. */
function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'kimaki-trust-')))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, dirname(name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}

async function link(directory: string, more: Partial<TrustRequest> = {}) {
  const lines: string[] = []
  const print = (line: string): void => void lines.push(line)
  const request = {
    directory,
    dataDir: '/nowhere/data',
    projectsDir: '/nowhere/data/projects',
    trust: false,
    force: false,
    print,
    ask: undefined,
    ...more,
  }
  const decided = await askForTrust(request)
  return decided instanceof Error ? { refused: decided.message, lines } : { refused: undefined, ...decided, lines }
}

describe('V27: a repository brings programs that would run at the first message', () => {
  test.each([
    ['{"plugin": ["x@latest", "./y.ts", ["z", {"a": 1}]]}', ['plugin x@latest', 'plugin ./y.ts', 'plugin z']],
    ['{"mcp": {"db": {"type": "local", "command": ["npx", "evil"]}}}', ['MCP server db: npx evil']],
    ['{"mcp": {"far": {"type": "remote", "url": "https://a.example"}}}', ['MCP server far: https://a.example']],
    ['{"lsp": {"ts": {"command": ["sh", "-c", "x"]}}, "formatter": {"f": {}}}', ['language server ts: sh -c x', 'formatter f']],
    ['{ // words\n "plugin": ["a//b", /* no */ "c",], }', ['plugin a//b', 'plugin c']],
    ['{"plugin": "x", "mcp": [1], "lsp": false}', []],
    ['no json', []],
    [undefined, []],
  ])('of the configuration %s', (text, programs) => {
    expect(programsIn(text)).toEqual(programs)
  })

  test('a folder that brings none is linked without a word', async () => {
    const folder = folderWith({ 'opencode.json': '{"model": "a/b"}', '.opencode/agent/x.md': 'words' })
    expect(await link(folder)).toEqual({ refused: undefined, isTrusted: undefined, programs: [], lines: [] })
  })

  test('in a script nobody is asked: the list is said, and only --trust is trust', async () => {
    const folder = folderWith({
      '.git/HEAD': 'ref: refs/heads/main',
      '.opencode/opencode.jsonc': '{"plugin": ["evil"]}',
      '.opencode/plugin/run.ts': '',
      '.opencode/tools/more.js': '',
      '.opencode/command/go.md': '',
    })
    const programs = ['plugin evil', 'plugin run.ts', 'tool more.js']
    const asked = await link(folder)
    expect(asked).toMatchObject({ isTrusted: undefined, programs })
    expect(asked.lines).toEqual(expect.arrayContaining(programs.map((program) => `  ${program}`)))
    expect(asked.lines.slice(-2)).toEqual(['It also brings words that the agent would follow:', '  command go.md'])
    expect(await link(folder, { trust: true })).toEqual({ ...asked, isTrusted: true })
  })

  test.each([
    ['y', true],
    [' YES ', true],
    ['', false],
    ['n', false],
    ['yesterday', false],
  ])('on a terminal it is asked: %j', async (answer, isTrusted) => {
    const folder = folderWith({ '.opencode/plugin/run.ts': '' })
    const questions: string[] = []
    const ask = async (question: string) => (questions.push(question), answer)
    const { lines, ...decided } = await link(folder, { ask })
    expect(questions).toHaveLength(1)
    expect(lines).toContain('  plugin run.ts')
    expect(decided).toEqual({ refused: undefined, isTrusted, programs: ['plugin run.ts'] })
  })

  test('what lies above the folder in its repository counts, what lies above the repository does not', async () => {
    const outer = folderWith({ '.opencode/plugin/mine.ts': '', 'repo/.git/HEAD': 'x', 'repo/.opencode/plugin/theirs.ts': '' })
    mkdirSync(join(outer, 'repo/packages/a'), { recursive: true })
    expect(await link(join(outer, 'repo/packages/a'))).toMatchObject({ programs: ['plugin theirs.ts'] })
  })

  test('a folder of plugins that leads to the whole disk is looked at within bounds', async () => {
    const folder = folderWith({ '.opencode/x': '' })
    symlinkSync('/', join(folder, '.opencode/plugin'))
    const { lines, ...decided } = await link(folder, { trust: true })
    expect(lines.length).toBeLessThan(50)
    expect(JSON.stringify(decided).length).toBeLessThan(30_000)
  })
})

describe('a folder that holds everything is linked only with --force', () => {
  const data = folderWith
  test('the machine, the home folder, the data folder, what is around it and in it', async () => {
    const outer = data({ 'data/attachments/x': '' })
    const dataDir = join(outer, 'data')
    for (const folder of ['/', homedir(), dataDir, outer, join(dataDir, 'attachments')]) {
      expect((await link(realpathSync(folder), { dataDir })).refused).toMatch(/--force/)
      expect((await link(realpathSync(folder), { dataDir, force: true, trust: true })).refused).toBeUndefined()
    }
    mkdirSync(join(outer, 'database'))
    expect((await link(join(outer, 'database'), { dataDir })).refused).toBeUndefined()
  })
})
