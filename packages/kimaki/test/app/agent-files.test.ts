/** Files of the agent on their way into a thread: kept until Discord has them, each there once, whatever is killed or refused. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { AgentMessage, AgentPart } from '../../src/domain/agent.ts'
import type { FoundFile } from '../../src/ports/agent.ts'
import { answer, run, text, tool } from '../support/conversation.ts'
import { AgentUnavailable } from '../../src/base/errors.ts'
import { openHarness, prompted, type BotRun, type Harness } from './support/harness.ts'
import { refused } from './support/fake-chat.ts'
import { quiet, until } from './support/until.ts'

let harness: Harness
beforeEach(async () => (harness = await openHarness()))
afterEach(() => harness.close())

const bytes = (words: string): FoundFile => ({ kind: 'bytes', mime: 'image/png', bytes: new TextEncoder().encode(words) })

function drawn(names: readonly string[]): AgentPart {
  const done = tool('prt_draw', 'completed')
  return done.kind === 'tool' ? { ...done, tool: 'draw', files: names.map((name) => ({ name })) } : done
}

/** The agent answers with files. */
function draw(bot: BotRun, names: readonly string[]): void {
  const user: AgentMessage = bot.agent.user()
  const whole = answer('msg_a', user, [text('prt_1', 'Here:'), drawn(names), text('prt_2', 'Done.')])
  bot.agent.session = { status: { kind: 'idle' }, messages: [user, whole], title: undefined }
  for (const event of run(user, whole)) bot.agent.emit(event)
}

const attached = ({ chat }: BotRun) => chat.posts.flatMap((post) => post.attached)
const isOver = (bot: BotRun) => bot.texts().some((line) => line.includes('garden'))

test('a picture stands in the thread before the words that follow it, and its copy on disk is deleted', async () => {
  const bot = await harness.run()
  await prompted(bot)
  bot.agent.on.files = async () => [bytes('pixels'), bytes('more')]
  draw(bot, ['chart one.png', '../../../etc/passwd'])
  await until('the footer', () => isOver(bot))
  await quiet()
  expect(attached(bot)).toEqual([
    ['chart_one.png', 'pixels'],
    ['_.._.._etc_passwd', 'more'],
  ])
  expect(bot.texts().join('\n')).toMatch(/^⬥ Here:\n┣ draw.*\n📄 chart one\.png\n📄 .*\n⬥ Done\./)
  expect([...harness.saved.keys()]).toEqual([])
})

test('a bot that is killed before Discord has answered leaves one picture, and no copy', async () => {
  const first = await harness.run()
  await prompted(first)
  first.agent.on.files = async () => [bytes('pixels')]
  first.chat.on.post = async (_channel, content) => {
    first.chat.losesAnswerOfPost ||= content.includes('📄')
    return undefined
  }
  draw(first, ['chart.png'])
  await until('the picture', () => attached(first).length === 1)

  const second = await harness.run()
  second.agent.on.files = async () => [bytes('pixels')]
  await quiet()
  harness.clock.advance(0)
  await until('the footer', () => isOver(second))
  await quiet()
  expect(attached(second)).toEqual([['chart.png', 'pixels']])
  expect([...harness.saved.keys()]).toEqual([])
})

test('a picture that was on record when the bot was killed is posted by the next one', async () => {
  const first = await harness.run()
  await prompted(first)
  first.agent.on.files = async () => [bytes('pixels')]
  first.chat.on.post = async () => new Promise(() => undefined)
  draw(first, ['chart.png'])
  await until('the copy', () => harness.saved.size === 1)
  await quiet()

  const second = await harness.run()
  second.agent.on.files = async () => []
  await quiet()
  harness.clock.advance(0)
  await until('the footer', () => isOver(second))
  expect(attached(second)).toEqual([['chart.png', 'pixels']])
})

test('where Discord refuses the files, the words stand without them and say so', async () => {
  const bot = await harness.run()
  await prompted(bot)
  bot.agent.on.files = async () => [bytes('pixels')]
  bot.chat.on.post = async (_channel, content) => (content.endsWith('📄 chart.png') ? refused : undefined)
  draw(bot, ['chart.png'])
  await until('the footer', () => isOver(bot))
  expect(bot.texts().join('\n')).toMatch(/^⬥ Here:[^]*📄 chart\.png\n⬦ Discord did not take the files of this message/)
  expect(attached(bot)).toEqual([])
})

test('a file that Discord would not take is kept on disk, and the line names its place', async () => {
  const bot = await harness.run()
  await prompted(bot)
  bot.agent.on.files = async () => [bytes('x'.repeat(bot.chat.fileLimit() + 1))]
  draw(bot, ['film.mp4'])
  await until('the footer', () => isOver(bot))
  const [path] = harness.saved.keys()
  expect(path).toMatch(/film\.mp4$/)
  expect(bot.texts().join('\n').replaceAll('\\', '')).toContain(`On the machine of the bot: ${path}`)
})

test('an OpenCode that does not answer is asked again, for a while; then the answer goes on without the file', async () => {
  const bot = await harness.run()
  await prompted(bot)
  bot.agent.on.files = async () => new AgentUnavailable({ reason: 'busy' })
  draw(bot, ['chart.png'])
  const asked = () => bot.agent.calls.filter((call) => call.startsWith('files')).length
  for (let times = 1; times < 5; times += 1) {
    await until('the question', () => asked() >= times)
    await quiet()
    harness.clock.advance(30_000)
  }
  await until('the footer', () => isOver(bot))
  expect(bot.texts().join('\n')).toMatch(/📄 chart\.png: not attached, busy[^]*Done\./)
})
