import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { callBot } from '../support/link-project.ts'
import { freePort, startBot } from '../support/bot-process.ts'
import { startInnerBot } from '../support/inner-bot.ts'
import { useHarness } from '../support/use-harness.ts'
import { E2E_RULES } from './rules.ts'

const { harness, project: alpha } = useHarness({ rules: E2E_RULES })

/** Runs the program to its end. */
async function kimaki(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> {
  const run = startBot({ kind: 'source' }, { ...harness.env, ...env }, args)
  const { code } = await run.exited
  return { code, out: run.stdout(), err: run.stderr() }
}

test('a wrong token ends with 64 and one sentence that says what to do', async () => {
  const { code, err, out } = await kimaki([], { KIMAKI_BOT_TOKEN: `${harness.application.token.slice(0, -3)}xyz` })
  expect(code).toBe(64)
  expect(err.trim().split('\n').at(-1)).toMatch(/^kimaki: .*token/i)
  expect(out).toMatch(/^data: \{"type":"error"/m)
  expect(err).not.toContain(harness.application.token.slice(0, -3))
})

test('no token at all ends with 64 and says where to get one', async () => {
  const { code, err } = await kimaki([], { KIMAKI_BOT_TOKEN: '' })
  expect(code).toBe(64)
  expect(err).toMatch(/KIMAKI_BOT_TOKEN is not set.*discord\.com\/developers/)
})

test('a bot without the Message Content intent is told which switch to turn', async () => {
  const shy = harness.emulator.world.bot({ name: 'shy', messageContentIntent: false })
  harness.guild.addBot(shy)
  const { code, err } = await kimaki([], { KIMAKI_BOT_TOKEN: shy.token, KIMAKI_DATA_DIR: join(harness.dir, 'shy') })
  expect(code).toBe(64)
  expect(err).toMatch(/Message Content/i)
})

test.each([
  ['--verbosity', 'loud', /--verbosity must be one of/],
  ['--colour', 'red', /unknown option/],
])('%s %s ends with 64 and a clear sentence', async (flag, value, sentence) => {
  const { code, err } = await kimaki([flag, value])
  expect(code).toBe(64)
  expect(err).toMatch(sentence)
})

test('a database of a newer program is refused and left as it is', async () => {
  const dataDir = join(harness.dir, 'newer')
  mkdirSync(dataDir)
  const file = join(dataDir, 'discord-sessions.db')
  const db = new DatabaseSync(file)
  db.exec('CREATE TABLE theirs (x TEXT); PRAGMA user_version = 999')
  db.close()
  const before = readFileSync(file)
  const { code, err } = await kimaki([], { KIMAKI_DATA_DIR: dataDir })
  expect(code).toBe(64)
  expect(err).toMatch(/newer kimaki/)
  expect(readFileSync(file).equals(before)).toBe(true)
})

test('projects are linked and listed with and without a running bot', async () => {
  const beta = await harness.project('beta', 'command')
  const listed = async (): Promise<unknown> => JSON.parse((await kimaki(['project', 'list', '--json'])).out)
  expect(await listed()).toMatchObject([alpha, beta])
  const bot = await startInnerBot(harness)
  const gamma = await harness.project('gamma', 'command')
  expect(await listed()).toMatchObject([alpha, beta, gamma])
  const { id } = harness.owner.send(gamma.channelId, 'hello #m1')
  await harness.untilSaid(id, 'Answer to #m1')

  const trust = { programs: [] }
  const swapped = { ...gamma, channelId: harness.guild.id, guildId: gamma.channelId, trust }
  const refused = await callBot(harness.dataDir, 'POST', '/projects', swapped)
  expect(refused).toMatchObject({ status: 400, body: { error: expect.stringContaining('are swapped') } })
  await bot.stop()
})

test('without a bot, too, Discord is asked what is linked; without a token the command says that it could not ask', async () => {
  const link = ['project', 'link', alpha.directory, '--channel']
  const swapped = await kimaki([...link, harness.guild.id, '--guild', alpha.channelId])
  expect(swapped).toMatchObject({ code: 64, err: expect.stringContaining('are swapped') })
  const unasked = await kimaki([...link, alpha.channelId, '--guild', harness.guild.id], { KIMAKI_BOT_TOKEN: '' })
  expect(unasked).toMatchObject({ code: 0, out: expect.stringMatching(/could not be asked.*not checked/) })
})

test('a lock port that another program has is refused: the sentence names it, and the variable that changes it', async () => {
  const server = createServer((socket) => socket.resume().end('220 hello\r\n'))
  const port = await freePort()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const { code, err } = await kimaki([], { KIMAKI_LOCK_PORT: String(port), KIMAKI_NO_WRAPPER: '' })
  expect(code).toBe(64)
  expect(err).toMatch(
    new RegExp(`^kimaki: port ${port}, the lock of .* is taken by another program\\. Set KIMAKI_LOCK_PORT`, 'm'),
  )
  await new Promise((resolve) => server.close(resolve))
})

test.each([
  ['nowhere', 'does not exist'],
  ['file.txt', 'is not a folder'],
])('linking %s is refused', async (name, sentence) => {
  writeFileSync(join(harness.dir, 'file.txt'), '')
  const channel = harness.guild.textChannel('c').id
  const { code, err } = await kimaki([
    'project',
    'link',
    join(harness.dir, name),
    '--channel',
    channel,
    '--guild',
    harness.guild.id,
  ])
  expect(code).toBe(64)
  expect(err).toContain(sentence)
})

test('a broken opencode.json is told with file and reason, and works again once mended', async () => {
  const delta = await harness.project('delta')
  const file = join(delta.directory, 'opencode.json')
  writeFileSync(file, '{ "model": 12 ')
  const bot = await startInnerBot(harness)
  const { id } = harness.owner.send(delta.channelId, 'hello #m2')
  await harness.untilSaid(id, /^✗ .*opencode\.json/)
  writeFileSync(file, '{}')
  harness.owner.send(id, 'mended #m3')
  await harness.untilSaid(id, 'Answer to #m3')
  await bot.stop()
})
