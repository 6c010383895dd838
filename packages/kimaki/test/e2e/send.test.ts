/** `kimaki send`, with the real bot: a program speaks to the agent, in a thread of its own or in one that is there. */
import type { Rule } from 'scripted-model'
import { beforeAll, expect, test } from 'vitest'
import { startInnerBot, type InnerBot } from '../support/inner-bot.ts'
import { runCli, type Ended } from '../support/run-cli.ts'
import { FOOTER, useHarness } from '../support/use-harness.ts'

/** What programs say is tagged `#p1`: the checker knows people's messages only. */
const RULES: readonly Rule[] = [{ match: /(#[mp]\d+)/, steps: ([, tag]) => [{ kind: 'text', text: `Answer to ${tag}` }] }]

const ELSEWHERE = '100000000000000009'

const { harness, project } = useHarness({ rules: RULES })
let bot: InnerBot

beforeAll(async () => {
  bot = await startInnerBot(harness)
})

const kimaki = (args: readonly string[], input?: string): Promise<Ended> => runCli(harness.env, ['send', ...args], input)
const toChannel = (...args: readonly string[]): Promise<Ended> => kimaki(['--channel', project.channelId, ...args])

/** What the agent's model was asked last with this tag in it. */
const heard = (tag: string): string =>
  harness.model.log.findLast(({ hasTools, userTexts }) => hasTools && userTexts.at(-1)?.includes(tag))?.userTexts.at(-1) ?? ''
const timesAsked = (tag: string): number =>
  harness.model.log.filter(({ hasTools, answers }) => hasTools && answers.some((text) => text.includes(tag))).length

const threads = (): readonly string[] => harness.emulator.world.threads(project.channelId).map(({ id }) => id)
const threadsAbout = (words: string): readonly string[] =>
  threads().filter((id) => harness.said(id).some((text) => text.includes(words)))
async function untilThread(tag: string): Promise<string> {
  const id = await harness.emulator.world.until(`a thread about ${tag}`, () => threadsAbout(`Answer to ${tag}`)[0])
  await harness.untilSaid(id, FOOTER)
  return id
}

/** The name Discord shows, once nothing renames the thread any more. */
const nameOf = (id: string): string | null | undefined => harness.emulator.world.channel(id)?.name

test('to a channel: a thread opens with the words, the agent answers, a footer ends it', async () => {
  expect(await toChannel('--prompt', 'look at the build #p1')).toEqual({
    code: 0,
    stdout: `A new thread begins in channel ${project.channelId}.\n`,
    stderr: '',
  })
  const thread = await untilThread('#p1')
  await expect(await harness.transcript(thread)).toMatchFileSnapshot('snapshots/sent.txt')
  expect(harness.emulator.world.channel(thread)).toMatchObject({ parent_id: project.channelId, type: 11 })
  harness.owner.send(thread, 'and then? #m1')
  await harness.untilSaid(thread, 'Answer to #m1')
  harness.expectFaithful()
})

test('the model is told that a program asks, and sees no Discord user', async () => {
  await toChannel('--prompt', 'who am I #p2')
  await untilThread('#p2')
  expect(heard('#p2')).toMatch(/^who am I #p2\s+<request from="program" name="kimaki send"\s*\/>/)
  expect(heard('#p2')).not.toContain('discord-user')
})

test('to a thread: the words stand there before the answer, and the thread is the same session', async () => {
  const thread = harness.owner.send(project.channelId, 'begin #m3').id
  await harness.untilFooters(thread, 1)
  expect(await kimaki(['--thread', thread, '--prompt', 'go on #p3'])).toEqual({
    code: 0,
    stdout: `The message is on its way to thread ${thread}.\n`,
    stderr: '',
  })
  await harness.untilSaid(thread, 'Answer to #p3')
  await harness.untilFooters(thread, 2)
  await expect(await harness.transcript(thread)).toMatchFileSnapshot('snapshots/sent-to-thread.txt')
  expect(heard('#p3')).not.toContain('discord-user')
  const sessions = harness.model.log.filter(({ hasTools, userTexts }) => hasTools && /#[mp]3\b/.test(userTexts.at(-1) ?? ''))
  expect(new Set(sessions.map(({ sessionId }) => sessionId)).size).toBe(1)
  harness.expectFaithful()
})

test('--json tells a program what became of it', async () => {
  const { code, stdout } = await toChannel('--json', '--prompt', 'as JSON #p4')
  expect([code, JSON.parse(stdout)]).toEqual([
    0,
    { queued: false, key: expect.stringMatching(/^send:[\w-]{36}$/), state: 'accepted' },
  ])
  const thread = await untilThread('#p4')
  const second = await kimaki(['--thread', thread, '--json', '--prompt', 'again #p5'])
  expect(JSON.parse(second.stdout)).toEqual({
    queued: false,
    key: expect.stringMatching(/^send:[\w-]{36}$/),
    state: 'accepted',
    threadId: thread,
  })
  await harness.untilSaid(thread, 'Answer to #p5')
})

test('the prompt may come from stdin, and the thread keeps the name it is given', async () => {
  expect(await toChannel('--name', 'nightly build')).toMatchObject({
    code: 64,
    stderr: expect.stringContaining('The prompt is empty'),
  })
  const { code } = await kimaki(['--channel', project.channelId, '--name', 'nightly build'], 'from a pipe #p6\n')
  expect(code).toBe(0)
  const thread = await untilThread('#p6')
  expect(heard('#p6')).toMatch(/^from a pipe #p6\n/)
  harness.owner.send(thread, 'once more #m6')
  await harness.untilSaid(thread, 'Answer to #m6')
  await harness.untilFooters(thread, 2)
  expect(nameOf(thread)).toBe('nightly build')
})

test.each([
  { args: [], words: 'Give either --channel (a new thread) or --thread' },
  { args: ['--channel', ELSEWHERE, '--thread', ELSEWHERE], words: 'Give either --channel (a new thread) or --thread' },
  { args: ['--channel', ELSEWHERE], words: `The channel ${ELSEWHERE} is not linked` },
  { args: ['--thread', ELSEWHERE], words: `The thread ${ELSEWHERE} has no conversation` },
  { args: ['--channel', ELSEWHERE, '--prompt', ' '], words: 'The prompt is empty' },
])('is refused with 64 and a sentence, and nothing happens: $words', async ({ args, words }) => {
  const before = threads()
  const { code, stdout, stderr } = await kimaki(['--prompt', 'in vain #p7', ...args])
  expect({ code, stdout }).toEqual({ code: 64, stdout: '' })
  expect(stderr).toMatch(/^kimaki: [^\n]*\n$/)
  expect(stderr).toContain(words)
  expect(threads()).toEqual(before)
  expect(timesAsked('#p7')).toBe(0)
})

test('a prompt of 30,000 characters reaches the agent whole', async () => {
  const prompt = `${'鯨とé🐋'.repeat(6000).slice(0, 29_990)} #p8`
  expect((await kimaki(['--channel', project.channelId, '--prompt', '-'], prompt)).code).toBe(0)
  await untilThread('#p8')
  expect(heard('#p8').startsWith(prompt)).toBe(true)
})

test('two at once, of the same words, are two threads with an answer each', async () => {
  const ended = await Promise.all([toChannel('--prompt', 'twins #p9'), toChannel('--prompt', 'twins #p9')])
  expect(ended.map(({ code }) => code)).toEqual([0, 0])
  const both = await harness.emulator.world.until(
    'two threads',
    () => (threadsAbout('Answer to #p9').length > 1 ? threadsAbout('Answer to #p9') : undefined),
    30_000,
  )
  await Promise.all(both.map(async (id) => harness.untilSaid(id, FOOTER)))
  expect(both).toHaveLength(2)
  for (const id of both) expect(harness.said(id).filter((text) => text.includes('Answer to #p9'))).toHaveLength(1)
  expect(timesAsked('#p9')).toBe(2)
})

test('without a running bot it waits on record, says so, and is done once when the bot has started', async () => {
  const thread = harness.owner.send(project.channelId, 'begin #m10').id
  await harness.untilFooters(thread, 1)
  await bot.stop()
  expect(await toChannel('--prompt', 'wait for it #p10')).toEqual({
    code: 0,
    stdout: 'kimaki does not run now: the message waits in its database until kimaki is started.\n',
    stderr: '',
  })
  const toThread = await kimaki(['--thread', thread, '--json', '--prompt', 'wait here #p11'])
  expect(JSON.parse(toThread.stdout)).toMatchObject({ queued: true, state: 'waiting', threadId: thread })
  expect((await kimaki(['--thread', ELSEWHERE, '--prompt', 'nowhere'])).code).toBe(64)
  bot = await startInnerBot(harness)
  await untilThread('#p10')
  await harness.untilSaid(thread, 'Answer to #p11')
  await harness.untilFooters(thread, 2)
  await bot.stop()
  bot = await startInnerBot(harness)
  harness.owner.send(thread, 'still there? #m11')
  await harness.untilSaid(thread, 'Answer to #m11')
  expect([timesAsked('#p10'), timesAsked('#p11')]).toEqual([1, 1])
  expect(threadsAbout('wait for it #p10')).toHaveLength(1)
  harness.expectFaithful()
})
