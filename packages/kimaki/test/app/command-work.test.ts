/** What slash commands do outside their conversation, and what they say in it: once, whatever dies. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { AgentRefused } from '../../src/base/errors.ts'
import type { OptionQuery } from '../../src/domain/conversation/request.ts'
import {
  allClosed,
  commandEvent,
  endsEffect,
  hangsAt,
  openHarness,
  postsIn,
  prompted,
  type BotRun,
  type Harness,
} from './support/harness.ts'
import { quiet, until } from './support/until.ts'
import { CHANNEL, GUILD, OWNER, SESSION, ownerAccess } from '../support/conversation.ts'

let harness: Harness
beforeEach(async () => (harness = await openHarness()))
afterEach(() => harness.close())

const replies = (bot: BotRun): readonly string[] => [...bot.chat.replies.values()]
const answered = async (bot: BotRun, count = 1): Promise<string> => {
  await until('the answer', () => replies(bot).length === count)
  return replies(bot).at(-1) ?? ''
}

/** A thread whose session is open and idle. */
async function thread(bot: BotRun): Promise<string> {
  bot.agent.answers('hello', 'hi')
  const { id } = bot.send('hello')
  await until('the answer of the agent', () => postsIn(bot, id).some((text) => text.includes('hi')))
  await allClosed(bot)
  return id
}

describe('work', () => {
  test('is done in the session of the thread, and answered', async () => {
    const bot = await harness.run()
    bot.chat.emit(commandEvent(await thread(bot), 'share'))
    expect(await answered(bot)).toBe(`⬦ shared: https://opencode.test/s/${SESSION}`)
  })

  test('that OpenCode refuses is answered with why', async () => {
    const bot = await harness.run()
    bot.agent.on.share = async () => new AgentRefused({ status: 500, reason: 'sharing is off' })
    bot.chat.emit(commandEvent(await thread(bot), 'share'))
    expect(await answered(bot)).toBe('✗ OpenCode refused this (500): sharing is off')
  })

  test('killed before its outcome is on record, the work is done again with the same arguments, and knows that it is a retry', async () => {
    const first = await harness.run(hangsAt(endsEffect('command-work')))
    first.chat.emit(commandEvent(await thread(first), 'share', { options: { state: 'off' } }))
    await until('the work', () => first.agent.calls.includes('share false'))
    await quiet()
    const second = await harness.run()
    expect(await answered(second)).toBe('⬦ not shared any more')
    expect(second.agent.calls.filter((call) => call.startsWith('share'))).toEqual(['share false'])
  })

  test('in a thread without a session is not begun', async () => {
    const bot = await harness.run(
      ({ agent }) => void (agent.on.openSession = async () => new AgentRefused({ status: 400, reason: 'no' })),
    )
    const { id } = bot.send('hello')
    await until('the end', () => postsIn(bot, id).length > 0)
    bot.chat.emit(commandEvent(id, 'share'))
    expect(await answered(bot)).toMatch(/^✗ this thread has no session yet/)
    expect(bot.agent.calls).not.toContain('share true')
  })
})

describe('words', () => {
  test('of /queue wait, as those with the suffix do', async () => {
    const bot = await harness.run()
    const { id } = await prompted(bot)
    bot.chat.emit(commandEvent(id, 'queue', { options: { message: 'and then this' } }))
    expect(await answered(bot)).toBe('» **Ann:** and then this')
    await until('the card', () => postsIn(bot, id).some((text) => text.includes('queued')))
    expect(bot.agent.prompts).toHaveLength(1)
  })

  test('of /queue run at once where the agent is idle', async () => {
    const bot = await harness.run()
    bot.agent.answers('and then', 'done it')
    const id = await thread(bot)
    bot.chat.emit(commandEvent(id, 'queue', { options: { message: 'and then this' } }))
    await until('the answer of the agent', () => postsIn(bot, id).some((text) => text.includes('done it')))
    expect(
      bot.agent.prompts.map(({ parts }) =>
        parts.flatMap((part) => (part.type === 'text' && !part.synthetic ? part.text : [])).join(),
      ),
    ).toContain('and then this')
  })

  test('of /run-shell-command run in the shell, in a channel too', async () => {
    const bot = await harness.run()
    bot.chat.emit(commandEvent(CHANNEL, 'run-shell-command', { options: { command: 'date' } }))
    expect(await answered(bot)).toBe('» **Ann:** !date')
    await until('the command', () => bot.shell.runs.some(({ command }) => command === 'date'))
    expect(bot.agent.prompts).toEqual([])
  })
})

describe('/new-session', () => {
  test('opens a thread, is answered with it, and the agent gets the words', async () => {
    const bot = await harness.run()
    bot.chat.emit(commandEvent(CHANNEL, 'new-session', { options: { prompt: 'build it' } }))
    await until('the thread', () => bot.chat.started.length === 1)
    const [opened] = bot.chat.started
    expect(await answered(bot)).toBe(`⬦ begun: <#${opened?.id}>`)
    await until('the prompt', () => bot.agent.prompts.length === 1)
    await until('the words', () => postsIn(bot, opened?.id ?? '').some((text) => text.includes('» **Ann:** build it')))
  })

  test('killed before the thread is on record, is found again: one thread, one answer', async () => {
    const first = await harness.run(hangsAt(endsEffect('begin')))
    first.chat.emit(commandEvent(CHANNEL, 'new-session', { options: { prompt: 'build it' } }))
    await until('the thread', () => first.chat.started.length === 1)
    await quiet()
    const second = await harness.run()
    await until('the answer', () => replies(second).length === 1)
    expect(second.chat.started).toHaveLength(1)
  })

  test('without words begins nothing, and only the person is told', async () => {
    const bot = await harness.run()
    bot.chat.emit(commandEvent(CHANNEL, 'new-session', { options: { prompt: '  ' } }))
    expect(await answered(bot)).toBe('✗ not begun: the prompt is empty')
    expect(bot.chat.calls).toContain('alone ✗ not begun: the prompt is empty')
    expect(bot.chat.started).toEqual([])
  })
})

test('/restart-opencode-server restarts the server of the project, once, and says so', async () => {
  const bot = await harness.run()
  const event = commandEvent(CHANNEL, 'restart-opencode-server')
  bot.chat.emit(event)
  bot.chat.emit(event)
  expect(await answered(bot)).toMatch(/^⬦ OpenCode was restarted for this project/)
  expect(bot.agent.calls.filter((call) => call === 'restart')).toEqual(['restart'])
})

describe('/mcp', () => {
  test('lists the servers, and a button disconnects one, after a restart, too', async () => {
    const bot = await harness.run()
    bot.agent.mcp.all = [
      { name: 'docs', status: 'connected', reason: undefined },
      { name: 'mail', status: 'needs_auth', reason: undefined },
    ]
    bot.chat.emit(commandEvent(CHANNEL, 'mcp'))
    expect(await answered(bot)).toMatch(/\*\*docs\*\*: connected\n- \*\*mail\*\*: wants you to sign in/)
    const [shown] = bot.chat.answers.values()
    expect(shown?.buttons).toEqual([{ id: 'mcp-off:docs', label: 'Disconnect docs' }])
    const next = await harness.run(({ agent }) => void (agent.mcp.all = bot.agent.mcp.all))
    const followUp = { applicationId: '1', token: 'press' }
    const press = {
      id: '78',
      guildId: GUILD,
      channelId: CHANNEL,
      messageId: '9',
      customId: 'mcp-off:docs',
      userId: OWNER,
      userName: 'Ann',
    }
    const place = { channelId: CHANNEL, projectChannelId: CHANNEL, inThread: false }
    next.chat.emit({
      kind: 'pressed',
      press: { ...press, followUp },
      place,
      token: 'press',
      access: ownerAccess,
      position: undefined,
    })
    await until('the new list', () => next.chat.replies.get('press')?.includes('not connected'))
    expect(next.agent.calls).toContain('connect docs false')
  })
})

describe('what is proposed while somebody types', () => {
  const asked = (bot: BotRun, query: Partial<OptionQuery>, access = ownerAccess): string => {
    const id = '77'
    const facts = { token: 't', typed: '', options: {}, guildId: GUILD, channelId: CHANNEL, userId: OWNER }
    const place = { channelId: CHANNEL, projectChannelId: CHANNEL, inThread: false }
    const whole = { id, name: 'abort', option: 'unread', ...facts, ...query }
    bot.chat.emit({ kind: 'autocomplete', query: whole, place, access, position: undefined })
    return id
  }

  test.each([
    ['an option that proposes nothing', { name: 'abort', option: 'unread' }],
    ['a command that nobody knows', { name: 'constructor', option: 'constructor' }],
  ])('%s gets an empty list', async (_name, query) => {
    const bot = await harness.run()
    const id = asked(bot, query)
    await until('the list', () => bot.chat.proposed.has(id))
    expect(bot.chat.proposed.get(id)).toEqual([])
  })
})
