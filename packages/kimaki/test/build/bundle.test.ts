import { execFile } from 'node:child_process'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import type { Rule } from 'scripted-model'
import { afterAll, beforeAll, expect, test } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { freePort, startBot } from '../support/bot-process.ts'
import { startHarness, type Harness } from '../support/harness.ts'
import { installBuilt, type Installed } from './installed.ts'
import { processesAbout } from './processes-about.ts'
import { loadedAtOnce } from './static-imports.ts'
import { signalTo } from '../support/pids.ts'

const LOG_LINE = /^\d\d:\d\d:\d\d /
/** More than eight messages hold: the answer comes as a file. */
const LONG = 'All work and no play makes Jack a dull boy.\n\n'.repeat(500)

const rules: readonly Rule[] = [
  { match: /in length (#m\d+)/, steps: ([, tag]) => [{ kind: 'text', text: `${LONG}Answer to ${tag}` }] },
  { match: /#m\d+/, steps: ([tag]) => [{ kind: 'text', text: `Answer to ${tag}` }] },
]

/** Modules of Node that take a start more than a millisecond. */
const HEAVY = ['node:sqlite', 'node:http', 'node:https', 'node:net', 'node:crypto', 'node:child_process', 'node:fs']

let built: Installed
let harness: Harness

beforeAll(async () => {
  built = await installBuilt()
  harness = await startHarness({ rules, opencode: 'real' })
})

afterAll(async () => {
  await harness?.stop()
  built?.remove()
})

function kimaki(
  ...args: readonly string[]
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [built.bin, ...args], { env: harness.env }, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode, stdout, stderr }),
    )
  })
}

test('the tarball is whole: the program, the words, the licences, the pages for users', () => {
  const wanted = [
    'package.json',
    'README.md',
    'LICENSE',
    'bin/kimaki.cjs',
    'dist/entry.js',
    'dist/diff-page.json',
    'dist/opencode-plugin.js',
    'dist/listen.js',
    'dist/resize-image.js',
    'dist/sql-connection.js',
  ]
  const pages = ['access', 'durability', 'operating', 'security', 'troubleshooting', 'using'].map(
    (page) => `dist/docs/${page}.md`,
  )
  expect(built.files).toEqual(expect.arrayContaining([...wanted, 'dist/licenses.md', ...pages]))
  expect(built.files.filter((path) => path.endsWith('.ts'))).toEqual([])
  for (const page of pages) {
    const links = [...readFileSync(join(built.dist, '..', page), 'utf8').matchAll(/\]\((?!https?:|#)([^)#]+)/g)]
    for (const [, link = ''] of links) expect(existsSync(join(built.dist, 'docs', link)), `${page} → ${link}`).toBe(true)
  }
  expect(readFileSync(join(built.dist, 'licenses.md'), 'utf8')).toContain('## ws - ')
})

test('npm installs nothing beside it but OpenCode, and what reads large images and those of telephones', () => {
  expect(built.packages.toSorted()).toEqual(['kimaki', 'libheif-js', 'opencode-ai', 'sharp'])
})

test('nothing in the bundle is looked for in node_modules but OpenCode, what reads images, and natives that `ws` does without', () => {
  const chunks = readdirSync(built.dist).filter((name) => name.endsWith('.js'))
  const named = chunks.flatMap((name) => librariesIn(readFileSync(join(built.dist, name), 'utf8')))
  expect([...new Set(named)].toSorted()).toEqual(['bufferutil', 'libheif-js', 'opencode-ai', 'sharp', 'utf-8-validate'])
})

/** Imports and calls of `require` that name a package; comments are left out. */
const librariesIn = (code: string): readonly string[] =>
  [...code.replaceAll(/^\s*(?:\*|\/[/*]).*$/gm, '').matchAll(NAMED)]
    .map(([, name = '']) => name)
    .filter((name) => !isBuiltin(name))

const NAMED = /(?:^import [^\n]*from |\bimport\(|require\(|\.resolve\()["'`](?!node:|\.)([@\w-]+)/gm

test('it tells its version', async () => {
  expect(await kimaki('--version')).toEqual({ code: 0, stdout: `${packageJson.version}\n`, stderr: '' })
})

test('it helps without loading Discord, OpenCode, the database, a server or a way to start programs', async () => {
  expect(await kimaki('--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('Usage: kimaki'), stderr: '' })
  const loaded = loadedAtOnce(built.dist, 'main.js')
  expect(loaded).toEqual(expect.arrayContaining(['main.js', 'verbs.js', 'node:path']))
  for (const room of ['run.js', 'bot-or-store.js', 'config.js', ...HEAVY]) expect(loaded).not.toContain(room)
})

test('the wrapper holds next to nothing: neither the library of the command line nor any room of the bot', () => {
  for (const part of ['entry.js', 'wrapper.js']) {
    const loaded = loadedAtOnce(built.dist, part)
    for (const room of ['main.js', 'verbs.js', 'run.js', 'node:http', 'node:sqlite']) expect(loaded).not.toContain(room)
  }
  expect(loadedAtOnce(built.dist, 'wrapper.js')).toContain('node:child_process')
})

test('it lists projects without loading Discord or OpenCode', async () => {
  expect(await kimaki('project', 'list', '--json')).toEqual({ code: 0, stdout: '[]\n', stderr: '' })
  const loaded = loadedAtOnce(built.dist, 'bot-or-store.js')
  for (const room of ['run.js', 'chat.js', 'node:https', 'node:net']) expect(loaded).not.toContain(room)
  // 8 of 314 ms CPU on a busy machine, for a constant.
  expect(loadedAtOnce(built.dist, 'config.js')).not.toContain('node:fs/promises')
  // Red control: what runs the bot does load them.
  expect(loadedAtOnce(built.dist, 'run.js')).toEqual(expect.arrayContaining(['run.js', 'node:https', 'node:net', 'node:sqlite']))
})

test("the bot does not load Node's undici", async () => {
  const loadsUndici = async (module: string): Promise<string> => {
    const program = `await import(${JSON.stringify(module)}); console.log(process.moduleLoadList.some((name) => /deps\\/undici/.test(name)))`
    return (await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program])).stdout
  }
  expect(await loadsUndici(pathToFileURL(join(built.dist, 'run.js')).href)).toBe('false\n')
  // Red control: an import of `node:http` reads `http.WebSocket`, which loads it.
  expect(await loadsUndici('node:http')).toBe('true\n')
})

test('a wrong token: one sentence, and 64 for "starting again is of no use"', async () => {
  const elsewhere = { KIMAKI_DATA_DIR: join(harness.dir, 'elsewhere'), KIMAKI_LOCK_PORT: String(await freePort()) }
  const bot = startBot(built.entry, { ...harness.env, ...elsewhere, KIMAKI_BOT_TOKEN: 'wrong' })
  expect(await bot.exited).toEqual({ code: 64, signal: null })
  const sentences = bot
    .stderr()
    .split('\n')
    .filter((line) => line !== '' && !LOG_LINE.test(line))
  expect(sentences).toEqual([expect.stringMatching(/^kimaki: .*token/)])
})

test('under the wrapper the real OpenCode answers, a bot that is killed comes back, a long answer has a file, and an orderly end leaves no process', async () => {
  const project = await harness.project('alpha')
  const wrapper = await harness.bot(built.entry, { KIMAKI_NO_WRAPPER: '' }, ['--opencode-servers', '1'])
  const { id } = harness.owner.send(project.channelId, 'hello #m1')
  await harness.untilSaid(id, 'Answer to #m1')
  await harness.untilSaid(id, /^\*alpha ⋅ main ⋅ /)

  const { pid } = JSON.parse(readFileSync(join(harness.dataDir, 'bot-process.json'), 'utf8')) as { readonly pid: number }
  expect(pid).not.toBe(wrapper.pid)
  signalTo(pid, 'SIGKILL')
  harness.owner.send(id, 'and in length #m2')
  await harness.untilSaid(id, 'Answer to #m2')
  expect(wrapper.stderr()).toContain('kimaki: the bot died (SIGKILL). Starting again in 2 s.')
  expect(harness.emulator.world.messages(id).flatMap(({ attachments }) => attachments)).toHaveLength(1)
  harness.expectFaithful()
  if (process.platform === 'linux') expect(processesAbout(harness.dir).join('\n')).toMatch(/kimaki\.cjs(.|\n)*opencode/)

  const startedAt = performance.now()
  expect(await wrapper.stop()).toEqual({ code: 0, signal: null })
  expect(performance.now() - startedAt).toBeLessThan(5000)
  expect(processesAbout(harness.dir)).toEqual([])
})
