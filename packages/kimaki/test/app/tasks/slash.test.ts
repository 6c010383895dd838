/** Tasks in Discord: made after a preview, listed, run, and put to rest; killed on the way, a command makes one task. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { MessageContent } from '../../../src/domain/conversation/posts/post.ts'
import { CHANNEL, GUILD, nextId, OWNER, ownerAccess } from '../../support/conversation.ts'
import { commandEvent, endsEffect, hangsAt, openHarness, postsIn, type BotRun, type Harness } from '../support/harness.ts'
import { quiet, until } from '../support/until.ts'

let harness: Harness
beforeEach(async () => {
  harness = await openHarness()
})
afterEach(() => harness.close())

interface Shown extends MessageContent {
  readonly token: string
}

async function answerTo(bot: BotRun, token: string): Promise<Shown> {
  await until(`the answer to ${token}`, () => bot.chat.answers.get(token)?.text)
  return { ...(bot.chat.answers.get(token) as MessageContent), token }
}

async function invoke(bot: BotRun, name: string, options: Readonly<Record<string, string | boolean>>): Promise<Shown> {
  const event = commandEvent(CHANNEL, name, { options })
  bot.chat.emit(event)
  return answerTo(bot, event.command.token)
}

async function press(bot: BotRun, { buttons }: Shown, label: string): Promise<Shown> {
  const id = nextId()
  const token = `token-${id}`
  const customId = buttons.find((one) => one.label === label)?.id ?? 'none'
  const at = { id, guildId: GUILD, channelId: CHANNEL, messageId: '5', customId, userId: OWNER, userName: 'Ann' }
  const place = { channelId: CHANNEL, projectChannelId: CHANNEL, inThread: false }
  const followUp = { applicationId: '1', token }
  bot.chat.emit({ kind: 'pressed', place, token, access: ownerAccess, position: undefined, press: { ...at, followUp } })
  return answerTo(bot, token)
}

const WEEKDAYS = { when: '0 9 * * 1-5', prompt: 'look for new issues', zone: 'Europe/Berlin' }
const only = async (bot: BotRun) => (await bot.store.tasks.all())[0]

test('/schedule shows the next three times, and nothing runs before it is confirmed', async () => {
  const bot = await harness.run()
  bot.agent.answers('look for new issues', 'None.')
  const shown = await invoke(bot, 'schedule', WEEKDAYS)
  expect(shown.text).toMatch(/^⬦ \*\*look for new issues\*\*, 0 9 .* 1-5 \(Europe\/Berlin\)\. Its next runs:/)
  expect(shown.text.match(/^- \w{3} \d{4}-\d\d-\d\d 09:00 Europe\/Berlin \(<t:\d+:F> for you\)$/gm)).toHaveLength(3)
  harness.clock.advance(7 * 86_400_000)
  await quiet()
  expect([(await only(bot))?.state, bot.agent.prompts.length]).toEqual(['paused', 0])
  expect((await press(bot, shown, 'Schedule')).text).toMatch(/^✓ scheduled: task `t[\da-f]{8}`/)
  expect(await only(bot)).toMatchObject({ state: 'active', userId: OWNER })
})

test('a time that can mean two is answered with both, and no task is made; one that is not wanted is gone', async () => {
  const bot = await harness.run()
  expect((await invoke(bot, 'schedule', { when: 'tomorrow 9:00', prompt: 'x' })).text).toMatch(/no time zone[^]*zone: UTC/)
  expect(await only(bot)).toBeUndefined()
  const shown = await invoke(bot, 'schedule', WEEKDAYS)
  expect((await press(bot, shown, 'Cancel')).text).toBe('⬦ not scheduled')
  expect(await only(bot)).toBeUndefined()
})

test('/tasks lists those of the project, runs one, and lets it rest', async () => {
  const bot = await harness.run()
  bot.agent.answers('look for new issues', 'None.')
  expect((await invoke(bot, 'tasks', {})).text).toContain('there is no task here')
  await press(bot, await invoke(bot, 'schedule', WEEKDAYS), 'Schedule')
  const task = (await only(bot))?.id ?? ''
  expect((await invoke(bot, 'tasks', {})).text).toMatch(/^- `t[\da-f]{8}` \*\*look for new issues\*\*: next <t:\d+:R>$/)
  expect((await invoke(bot, 'tasks', { do: 'run', task })).text).toContain('✓ it runs now')
  await until('the line', () => postsIn(bot, CHANNEL).some((text) => text.includes('has run')))
  expect((await invoke(bot, 'tasks', { do: 'all' })).text).toContain('last run done')
  expect((await invoke(bot, 'tasks', { do: 'pause', task })).text).toContain('✓ it rests')
  expect((await invoke(bot, 'tasks', { do: 'pause', task })).text).toContain('paused already')
  expect((await invoke(bot, 'tasks', { do: 'delete', task: 't00000000' })).text).toContain('there is no such task')
  expect(await only(bot)).toMatchObject({ id: task, state: 'paused' })
})

test('killed before its answer is on record, /schedule has made one task', async () => {
  const first = await harness.run(hangsAt(endsEffect('command-work')))
  const event = commandEvent(CHANNEL, 'schedule', { options: WEEKDAYS })
  first.chat.emit(event)
  await until('the task', async () => only(first))
  await quiet()
  const second = await harness.run()
  await answerTo(second, event.command.token)
  expect(await second.store.tasks.all()).toHaveLength(1)
})
