import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCli } from '../support/run-cli.ts'
import { pointsIn, type Load } from './points.ts'
import { startDoomed } from './doomed.ts'
import { CRASH_RULES } from './rules.ts'
import { startInnerBot } from '../support/inner-bot.ts'
import { startSpeechProvider, type SpeechProvider } from '../support/speech-provider.ts'
import { recordingOf } from '../support/speech.ts'
import { useHarness } from '../support/use-harness.ts'

const { harness, project } = useHarness({ rules: CRASH_RULES })
let speech: SpeechProvider
let count = 0
/** A thread in which questions are asked aside. What is said in it stands in every copy of its session, so nothing of it is tagged. */
let source: string
const reached = new Set<string>()
const POINTS = pointsIn('points')
const OF_MESSAGES = POINTS.filter(({ load }) => !['btw', 'abort'].includes(load))
const BTW = POINTS.filter(({ load }) => load === 'btw')
/** A program's request meets those of them that have to do with no session to copy. */
const SENT = BTW.filter(({ name }) => name.startsWith('begin-'))
const ABORT = POINTS.filter(({ load }) => load === 'abort')

beforeAll(async () => {
  speech = await startSpeechProvider()
  const first = await startInnerBot(harness)
  const { id } = harness.owner.send(project.channelId, 'warm up #m0')
  await harness.untilSaid(id, /^\*alpha/)
  source = harness.owner.send(project.channelId, 'aside a0').id
  await harness.untilSaid(source, /^\*alpha/)
  first.kill()
  await first.gone
})

afterAll(async () => {
  await speech.stop()
  process.stdout.write(`${reached.size} of ${OF_MESSAGES.length + BTW.length + ABORT.length} points: each 1 hit, 1 kill\n`)
})

function send(load: Load): { readonly id: string; readonly tag: string } {
  const tag = `#m${(count += 1)}`
  if (load === 'voice') {
    const data = recordingOf(`text ${tag}`)
    return { id: harness.owner.sendVoice(project.channelId, { data, durationSeconds: 4 }).id, tag }
  }
  const files = load === 'attachment' ? [{ name: 'notes.txt', contentType: 'text/plain', data: `notes of ${tag.slice(1)}` }] : []
  const word = load === 'attachment' ? 'text' : load
  return { id: harness.owner.send(project.channelId, `${word} ${tag}`, { files }).id, tag }
}

/** A message for whose sake a tool that takes long is stopped. */
async function interruptALongTool(): Promise<{ readonly id: string; readonly tag: string }> {
  const first = `#m${(count += 1)}`
  const tag = `#m${(count += 1)}`
  const { id } = harness.owner.send(project.channelId, `long ${first}`)
  await harness.untilSaid(id, /sleep 30/)
  harness.owner.send(id, `text ${tag}`)
  return { id, tag }
}

async function expectAskedOnce(name: string): Promise<void> {
  const threads = () =>
    harness.emulator.world.threads(project.channelId).filter((thread) => 'name' in thread && thread.name === `btw: aside ${name}`)
  const id = await harness.emulator.world.until(`the thread of ${name}`, () => threads()[0]?.id)
  await harness.untilSaid(id, /^\*alpha/)
  await harness.untilSaid(source, `<#${id}>`)
  expect(threads()).toHaveLength(1)
  expect(harness.said(id).filter((text) => text.includes(`Answer to ${name}.`))).toHaveLength(1)
  expect(harness.said(source).filter((text) => text.includes(`<#${id}>`))).toHaveLength(1)
  const asked = harness.model.log.filter(
    ({ hasTools, answers }) => hasTools && answers.some((text) => text.includes(`aside ${name}`)),
  )
  expect(asked).toHaveLength(1)
}

test.each(BTW)('killed at $name ($row), a question aside has one copy, one thread and one answer', async (point) => {
  const doomed = await startDoomed(harness, point)
  doomed.arm()
  const name = `a${(count += 1)}`
  harness.owner.send(source, `aside ${name}. btw`)
  await doomed.died
  reached.add(point.name)
  const next = await doomed.next()
  await expectAskedOnce(name)
  await next.kill()
  harness.expectFaithful()
})

test.each(SENT)("killed at $name ($row), a program's request has one thread and one answer", async (point) => {
  const doomed = await startDoomed(harness, point, { where: 'inside' })
  doomed.arm()
  const name = `a${(count += 1)}`
  // The bot may die before it has answered: whoever asked knows nothing then.
  const sent = runCli(harness.env, ['send', '--channel', project.channelId, '--prompt', `aside ${name}`])
  await doomed.died
  await sent
  const next = await doomed.next()
  const threads = () => ownThreads().filter((id) => harness.said(id).some((text) => text.includes(`aside ${name}`)))
  const id = await harness.emulator.world.until(`the thread of ${name}`, () => threads()[0])
  await harness.untilSaid(id, /^\*alpha/)
  await next.kill()
  expect(threads()).toHaveLength(1)
  expect(ownThreads().filter((thread) => harness.said(thread).length === 0)).toEqual([])
  expect(harness.said(id).filter((text) => text.includes(`Answer to ${name}.`))).toHaveLength(1)
  harness.expectFaithful()
})

const ownThreads = (): readonly string[] => harness.emulator.world.threads(project.channelId).map(({ id }) => id)

const HOW = 'a slash command is carried out and answered once, or not at all and told'

test.each(ABORT)(`killed at $name ($row), ${HOW}`, async (point) => {
  const doomed = await startDoomed(harness, point)
  const tag = `#m${(count += 1)}`
  const { id } = harness.owner.send(project.channelId, `long ${tag}`)
  await harness.untilSaid(id, /sleep 30/)
  doomed.arm()
  const use = harness.owner.command(id, 'abort')
  await doomed.died
  reached.add(point.name)
  const next = await doomed.next()
  const isMissed = point.row.includes('before its receipt')
  if (isMissed) {
    await harness.untilSaid(id, /^✗ \/abort was not run/)
    expect(use.response?.content ?? '').toBe('')
    harness.owner.command(id, 'abort')
  }
  await harness.untilSaid(id, 'stopped by **ada**')
  const after = `#m${(count += 1)}`
  harness.owner.send(id, `text ${after}`)
  await harness.untilSaid(id, `Answer to ${after}.`)
  await harness.untilSaid(id, /^\*alpha/)
  await next.kill()
  const said = (pattern: RegExp): number => harness.said(id).filter((text) => pattern.test(text)).length
  expect([said(/stopped by/), said(/^⬦ stopped the run$/), said(/was not run/)]).toEqual([1, 1, isMissed ? 1 : 0])
  if (!isMissed) expect(use.response?.content).toBe('⬦ stopped the run')
  const runs = harness.model.log.filter(({ hasTools, userTexts }) => hasTools && userTexts.at(-1)?.includes(tag))
  expect(runs, 'asked once, before the tool').toHaveLength(1)
  harness.expectFaithful()
})

test.each(OF_MESSAGES)('killed at $name ($row), nothing is lost and nothing stands twice', async (point) => {
  const doomed = await startDoomed(harness, point, {
    env: {
      KIMAKI_INTERRUPT_STEP_TIMEOUT_MS: '300',
      KIMAKI_TRANSCRIPTION_URL: `${speech.url}/v1`,
      KIMAKI_TRANSCRIPTION_KEY: speech.key,
    },
  })
  doomed.arm()
  const { id, tag } = point.load === 'interrupt' ? await interruptALongTool() : send(point.load)
  await doomed.died
  reached.add(point.name)
  const next = await doomed.next()
  await harness.untilSaid(id, /^\*alpha/)
  expect(harness.said(id).filter((text) => text.includes(tag) && /Answer|Done/.test(text))).toHaveLength(1)
  if (point.load === 'retry') await harness.untilSaid(id, /^⬦ .*: the provider was asked again once$/)
  await next.kill()
  expect(harness.said(id).filter((text) => text.startsWith('⬦'))).toHaveLength(
    ['retry', 'interrupt', 'voice'].includes(point.load) ? 1 : 0,
  )
  harness.expectFaithful()
})

test.each(POINTS.filter(({ name }) => ['accept-after-commit', 'prompt-before'].includes(name)))(
  'killed at $name, a right that is lost before the next start is told, and the message is not run',
  async (point) => {
    const tag = `#m${(count += 1)}`
    const kimaki = harness.guild.role({ name: 'Kimaki' })
    const friend = harness.emulator.world.user('friend')
    harness.guild.join(friend, [kimaki.id])
    const doomed = await startDoomed(harness, point, { where: 'inside' })
    doomed.arm()
    const { id } = friend.send(project.channelId, `text ${tag}`)
    await doomed.died
    harness.guild.setRoles(friend.id, [])
    const next = await doomed.next()
    await harness.untilSaid(id, /^✗ /)
    expect(harness.model.log.some(({ userTexts }) => userTexts.some((text) => text.includes(tag)))).toBe(false)
    await next.kill()
  },
)
