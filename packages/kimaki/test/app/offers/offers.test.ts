/** What OpenCode offers, and when Discord is told: nothing is started for it, and nothing is told twice. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ChatRefused, ChatUnknown } from '../../../src/base/errors.ts'
import { COMMANDS } from '../../../src/commands/index.ts'
import { allClosed, commandEvent, never, openHarness, postsIn, type BotRun, type Harness } from '../support/harness.ts'
import { quiet, until } from '../support/until.ts'
import { CHANNEL, GUILD, OWNER, ownerAccess } from '../../support/conversation.ts'

let harness: Harness
beforeEach(async () => (harness = await openHarness()))
afterEach(() => harness.close())

const registrations = ({ chat }: BotRun): number => chat.calls.filter((call) => call.startsWith('registerCommands')).length
const shown = ({ chat }: BotRun): readonly string[] => chat.commands.map(({ name }) => name).slice(COMMANDS.length)

/** A message is answered, and some seconds go by. */
async function worked(bot: BotRun): Promise<void> {
  bot.agent.answers('hello', 'hi')
  const { id } = bot.send('hello')
  await until('the answer', () => postsIn(bot, id).some((text) => text.includes('hi')))
  await allClosed(bot)
  for (let second = 0; second < 4; second += 1) {
    harness.clock.advance(1000)
    await quiet()
  }
}

describe('registration', () => {
  test('a second start with the same commands asks nothing of Discord', async () => {
    const first = await harness.run()
    await until('the commands', () => first.chat.commands.length > 0)
    await quiet()
    const second = await harness.run()
    await quiet(60)
    expect([registrations(first), registrations(second)]).toEqual([1, 0])
    expect(second.chat.calls.filter((call) => call.startsWith('removeGlobal'))).toEqual([])
  })

  test('the commands that an earlier version registered for all guilds are removed once', async () => {
    const bot = await harness.run()
    await quiet()
    expect(bot.chat.calls.filter((call) => call.startsWith('removeGlobal'))).toHaveLength(1)
  })

  test('is not waited for: the bot is ready while Discord does not answer', async () => {
    const bot = await harness.run(({ chat }) => void (chat.on.registerCommands = async () => never))
    await worked(bot)
    expect(bot.chat.commands).toEqual([])
  })

  test('200 new commands a day are used up: the log says so, and the rest follows an hour later', async () => {
    const full = new ChatRefused({ code: 30_034, reason: 'Max number of daily application command creates' })
    const bot = await harness.run(({ chat }) => void (chat.on.registerCommands = async () => full))
    await until('the line', () => bot.lines.some((line) => line.includes('200 new slash commands a day')))
    bot.chat.on.registerCommands = async () => undefined
    harness.clock.advance(3_599_000)
    await quiet()
    expect(bot.chat.commands).toEqual([])
    harness.clock.advance(1000)
    await until('the commands', () => bot.chat.commands.length > 0)
  })

  test('fails, and is done again by the next process, too', async () => {
    const first = await harness.run(({ chat }) => void (chat.on.registerCommands = async () => new ChatUnknown({ reason: 'no' })))
    await until('the line', () => first.lines.some((line) => line.includes('could not be registered')))
    const second = await harness.run()
    await until('the commands', () => second.chat.commands.length > 0)
    expect(registrations(second)).toBe(1)
  })
})

describe('a server', () => {
  const told = (bot: BotRun, isHere: boolean, id = GUILD): void =>
    bot.chat.emit({ kind: 'place-changed', ids: [id], guild: { id, isHere }, position: bot.chat.nextPosition() })

  test('that the bot joins while it runs is told the commands, once', async () => {
    const bot = await harness.run()
    await until('the commands', () => registrations(bot) === 1)
    told(bot, true, '77')
    told(bot, true, '77')
    told(bot, true)
    await quiet(60)
    expect(registrations(bot)).toBe(2)
  })

  test('that has removed the bot is asked nothing any more, and is told all of it again when the bot comes back', async () => {
    const bot = await harness.run(({ chat }) => void (chat.on.registerCommands = async () => new ChatUnknown({ reason: 'no' })))
    await until('the first attempt', () => registrations(bot) === 1)
    bot.chat.on.registerCommands = async () => undefined
    told(bot, false)
    await quiet()
    harness.clock.advance(3_600_000)
    bot.agent.commandNames = ['deploy']
    await worked(bot)
    expect(registrations(bot)).toBe(1)
    told(bot, true)
    await until('the commands', () => shown(bot).length === 1)
    told(bot, false)
    told(bot, true)
    await until('the same commands', () => registrations(bot) === 3)
  })
})

describe('what OpenCode offers', () => {
  test('is asked while it works there, shown, and remembered by the next process', async () => {
    const first = await harness.run()
    await until('the commands', () => registrations(first) === 1)
    expect(first.agent.calls).not.toContain('offered true')
    first.agent.commandNames = ['deploy']
    first.agent.offers = { agents: [{ name: 'plan', description: '' }], commands: [] }
    await worked(first)
    expect(shown(first)).toEqual(['plan-agent', 'deploy-cmd'])
    expect(first.agent.calls).not.toContain('offered true')
    const second = await harness.run()
    await quiet(60)
    expect(registrations(second)).toBe(0)
    second.chat.emit(commandEvent(CHANNEL, 'deploy-cmd', { options: { arguments: 'now' } }))
    await until('the thread', () => second.chat.started.length === 1)
  })

  test('a new command is shown a minute after the next message, without a restart', async () => {
    const bot = await harness.run()
    await worked(bot)
    bot.agent.commandNames = ['fresh']
    bot.send('hello again')
    await quiet(60)
    expect(shown(bot)).toEqual([])
    for (let second = 0; second < 62; second += 1) {
      harness.clock.advance(1000)
      await quiet(10)
    }
    expect(shown(bot)).toEqual(['fresh-cmd'])
  })

  test('a command that only Discord knows by name goes to OpenCode by its own', async () => {
    const bot = await harness.run()
    bot.agent.commandNames = ['git/commit']
    await worked(bot)
    bot.chat.emit(commandEvent(CHANNEL, 'git-commit-cmd', { options: { arguments: 'all' } }))
    await until('the prompt', () => bot.agent.prompts.length === 2)
    expect(bot.agent.prompts.at(-1)?.command).toEqual({ name: 'git/commit', args: 'all' })
  })

  test('the prompt of an agent is answered by that agent', async () => {
    const bot = await harness.run()
    bot.agent.offers = { agents: [{ name: 'plan', description: '' }], commands: [] }
    const plan = { name: 'plan', description: '', isPrimary: true, isHidden: false, model: undefined }
    bot.agent.choices = { ...bot.agent.choices, agents: [plan] }
    await worked(bot)
    bot.chat.emit(commandEvent(CHANNEL, 'plan-agent', { options: { prompt: 'the week' } }))
    await until('the prompt', () => bot.agent.prompts.length === 2)
    expect(bot.agent.prompts.at(-1)?.answeredBy).toEqual({ agent: 'plan', model: undefined })
  })

  test('is proposed for /run, where nothing is known yet by asking', async () => {
    const bot = await harness.run()
    bot.agent.commandNames = ['deploy', 'other']
    const place = { channelId: CHANNEL, projectChannelId: CHANNEL, inThread: false }
    const query = {
      id: '77',
      token: 't',
      name: 'run',
      option: 'command',
      typed: 'dep',
      options: {},
      guildId: GUILD,
      channelId: CHANNEL,
      userId: OWNER,
    }
    bot.chat.emit({ kind: 'autocomplete', query, place, access: ownerAccess, position: undefined })
    await until('the list', () => bot.chat.proposed.has('77'))
    expect(bot.chat.proposed.get('77')).toEqual([{ name: '/deploy [cmd]', value: 'deploy' }])
  })
})
