/** Sessions and `send` in full, as scripts and agents use them, with the real bot. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Rule } from 'scripted-model'
import { beforeAll, expect, test } from 'vitest'
import { startInnerBot } from '../support/inner-bot.ts'
import { programOf } from '../support/programs.ts'
import { runCli, type Ended } from '../support/run-cli.ts'
import { until } from '../support/until.ts'
import { FOOTER, useHarness } from '../support/use-harness.ts'

const AGENT_RUNS = [
  'kimaki session list --json > list.json',
  'kimaki > bare.txt 2>&1; echo "$?" >> bare.txt',
  'kimaki bot token > refused.txt 2>&1; echo "$?" >> refused.txt',
  'kimaki send --project . --prompt "and the twigs? #p7" --wait --json > sent.json',
].join('; ')

const RULES: readonly Rule[] = [
  { match: /fails (#p\d+)/, steps: [{ kind: 'error', status: 400, message: 'the model is out of leaves' }] },
  {
    match: /your own kimaki (#m\d+)/,
    steps: ([, tag]) => [
      { kind: 'tools', calls: [{ name: 'bash', args: { command: AGENT_RUNS, description: 'asks kimaki' } }] },
      { kind: 'text', text: `Answer to ${tag}` },
    ],
  },
  { match: /(#[mp]\d+)/, steps: ([, tag]) => [{ kind: 'text', text: `Answer to ${tag}` }] },
]

const { harness, project, ask } = useHarness({ rules: RULES })
beforeAll(async () => void (await startInnerBot(harness)))

const kimaki = (...args: readonly string[]): Promise<Ended> => runCli(harness.env, args)
const toChannel = (...args: readonly string[]): Promise<Ended> => kimaki('send', '--channel', project.channelId, ...args)
/** Without the signs by which the checker knows the answers of the model. */
const plain = (text: string): string => text.replaceAll(/ ⟦t\d+⟧/gu, '')
const json = ({ stdout }: Ended): unknown => JSON.parse(plain(stdout))

test('a shell script waits for the answer, and goes on with it', async () => {
  const script = `answer=$("$NODE" "$KIMAKI" send --channel ${project.channelId} --wait --prompt 'count the leaves #p1') && echo "it says: $answer"`
  const env = { ...harness.env, NODE: process.execPath, KIMAKI: programOf() }
  const { stdout, stderr } = await promisify(execFile)('sh', ['-c', script], { env })
  expect({ stdout: plain(stdout), stderr }).toEqual({ stdout: 'it says: Answer to #p1\n', stderr: '' })
})

test('a run that fails ends with 1 and says why, on stderr', async () => {
  const { code, stdout, stderr } = await toChannel('--wait', '--prompt', 'this fails #p2')
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toMatch(/^kimaki: .*the model is out of leaves/)
})

test('three at once are three threads, and each gets its own answer', async () => {
  const tags = ['#p3', '#p4', '#p5']
  const ended = await Promise.all(tags.map((tag) => toChannel('--wait', '--prompt', `once ${tag}`)))
  expect(ended.map(({ stdout }) => plain(stdout))).toEqual(tags.map((tag) => `Answer to ${tag}\n`))
})

test('a file goes along, and is kept until the agent has it', async () => {
  const file = join(harness.dir, 'notes.txt')
  writeFileSync(file, 'seven leaves')
  const sent = json(await toChannel('--wait', '--json', '--prompt', 'read it #p6', '--file', file))
  expect(sent).toMatchObject({ state: 'ended', ok: true, text: 'Answer to #p6', threadId: expect.stringMatching(/^\d+$/) })
  const heard = harness.model.log.findLast(({ userTexts }) => userTexts.at(-1)?.includes('read it #p6'))
  expect(heard?.userTexts.at(-1)).toContain('seven leaves')
})

test('a session is listed, found, read, waited for and put away', async () => {
  const thread = ask('plant a rose #m1')
  await harness.untilSaid(thread, FOOTER)
  const [{ sessionId }] = json(await kimaki('session', 'list', '--json', '--limit', '1')) as [{ readonly sessionId: string }]
  expect((await kimaki('session', 'list', '--limit', '1')).stdout).toContain(`${sessionId}  ${thread}  idle`)
  const [read, waited, url, found] = await Promise.all([
    kimaki('session', 'read', '--last'),
    kimaki('session', 'wait', thread),
    kimaki('session', 'discord-url', sessionId),
    kimaki('session', 'search', 'a rose', '--json'),
  ])
  expect(plain(read.stdout)).toMatch(/^# .*\n\n## user\n\nplant a rose #m1\n\n## agent\n\nAnswer to #m1\n$/)
  expect({ ...waited, stdout: plain(waited.stdout) }).toEqual({ code: 0, stdout: 'Answer to #m1\n', stderr: '' })
  expect(url.stdout).toBe(`https://discord.com/channels/${harness.guild.id}/${thread}\n`)
  expect(json(found)).toMatchObject([{ sessionId, snippets: [expect.stringContaining('plant a rose')] }])
  const beds = join(project.directory, 'beds')
  mkdirSync(beds)
  const below = json(await toChannel('--cwd', beds, '--parent-session', sessionId, '--wait', '--json', '--prompt', 'weed #p9'))
  expect(below).toMatchObject({ ok: true, text: 'Answer to #p9' })
  expect(json(await kimaki('session', 'list', '--project', project.directory, '--limit', '1', '--json'))).toMatchObject([
    { directory: beds, threadId: (below as { readonly threadId: string }).threadId },
  ])
  expect((await kimaki('session', 'archive', sessionId)).code).toBe(0)
  expect(harness.emulator.world.channel(thread)).toMatchObject({ thread_metadata: { archived: true } })
})

test('files are posted in a thread, a person is found by name, and the log is followed until Ctrl-C', async () => {
  const thread = ask('draw a chart #m3')
  await harness.untilSaid(thread, FOOTER)
  const chart = join(harness.dir, 'chart.csv')
  writeFileSync(chart, 'leaves,7')
  const follower = spawn(process.execPath, [programOf(), 'logs', '--follow', '--lines', '0'], { env: harness.env, stdio: 'pipe' })
  const lines: string[] = []
  follower.stdout.setEncoding('utf8').on('data', (text: string) => lines.push(text))
  const [uploaded, users] = await Promise.all([
    kimaki('upload-to-discord', '--session', thread, '--json', chart),
    kimaki('user', 'list', harness.owner.name.slice(0, 3).toLowerCase(), '--json'),
  ])
  const { messageId } = json(uploaded) as { readonly messageId: string }
  const posted = harness.emulator.world.messages(thread).find(({ id }) => id === messageId)
  expect(posted?.attachments.map(({ filename, size }) => [filename, size])).toEqual([['chart.csv', 8]])
  expect(json(users)).toContainEqual({ id: harness.owner.id, name: harness.owner.name })
  await until('the log has been followed', () => {
    appendFileSync(join(harness.dataDir, 'kimaki.log'), '{"msg":"seven leaves"}\n')
    return lines.join('').includes('{"msg":"seven leaves"}\n')
  })
  follower.kill('SIGINT')
  expect(await once(follower, 'close')).toEqual([null, 'SIGINT'])
})

test('with nothing but the token, as a CI job has it, the message is posted in Discord, and the bot runs it', async () => {
  const home = join(harness.dir, 'ci')
  mkdirSync(home)
  const { KIMAKI_BOT_TOKEN = '', KIMAKI_DISCORD_API_URL = '', PATH = '' } = harness.env
  const env = { HOME: home, PATH, KIMAKI_DATA_DIR: home, KIMAKI_BOT_TOKEN, KIMAKI_DISCORD_API_URL }
  const sent = await runCli(env, [
    'send',
    '--channel',
    project.channelId,
    '--name',
    'Nightly',
    '--prompt',
    `the build is red #p8 ${'x'.repeat(2000)}`,
    '--wait',
  ])
  expect({ ...sent, stdout: plain(sent.stdout) }).toEqual({ code: 0, stdout: 'Answer to #p8\n', stderr: '' })
  const thread = await harness.emulator.world.until('its thread', () =>
    harness.emulator.world
      .threads(project.channelId)
      .find(({ id }) => harness.said(id).some((text) => text.includes('Answer to #p8'))),
  )
  expect(thread.name).toBe('Nightly')
  expect(
    harness.model.log.filter(({ hasTools, answers }) => hasTools && answers.some((text) => text.includes('#p8'))),
  ).toHaveLength(1)
})

test('the agent has a kimaki of its own: it works in its project, and does nothing else', async () => {
  const thread = ask('use your own kimaki #m2')
  await harness.untilSaid(thread, 'Answer to #m2')
  const made = (name: string): string => readFileSync(join(project.directory, name), 'utf8')
  expect(JSON.parse(made('list.json'))).toContainEqual(expect.objectContaining({ threadId: thread, state: 'working' }))
  expect(made('bare.txt')).toMatch(/^kimaki: kimaki is not started in the shell of its own agent[^\n]*\n64\n$/)
  expect(made('refused.txt')).toMatch(/^kimaki: An agent may not run "kimaki bot token"[^\n]*\n64\n$/)
  expect(existsSync(join(project.directory, 'sent.json')) && JSON.parse(made('sent.json'))).toMatchObject({
    state: 'ended',
    ok: true,
    text: expect.stringContaining('Answer to #p7'),
  })
})
