/** `/login`, from its menus to OpenCode; and that nothing of Kimaki keeps what people enter. */
import { existsSync, readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { AgentUnavailable } from '../../src/base/errors.ts'
import type { MessageContent } from '../../src/domain/conversation/posts/post.ts'
import type { LogInEnd, LogInMethod } from '../../src/ports/agent/log-ins.ts'
import { CHANNEL, GUILD, nextId, OWNER, ownerAccess, SESSION } from '../support/conversation.ts'
import { commandEvent, openHarness, prompted, type BotRun, type Harness } from './support/harness.ts'
import { quiet, until } from './support/until.ts'

let harness: Harness
beforeEach(async () => (harness = await openHarness()))
afterEach(() => harness.close())

const KEY = 'c4nary-of-a-key-that-nobody-may-keep'
const WAYS: readonly LogInMethod[] = [
  { kind: 'oauth', label: 'On the page', prompts: [] },
  {
    kind: 'key',
    label: 'By key',
    prompts: [
      {
        kind: 'select',
        key: 'kind',
        message: 'Which kind?',
        options: [
          { label: 'Cloud', value: 'cloud', hint: '' },
          { label: 'Own', value: 'own', hint: '' },
        ],
        when: undefined,
      },
      { kind: 'text', key: 'url', message: 'Address', placeholder: '', when: { key: 'kind', value: 'own', isEqual: true } },
    ],
  },
]

interface Shown extends MessageContent {
  readonly token: string
}

async function answerTo(bot: BotRun, token: string, wanted: RegExp = /./): Promise<Shown> {
  await until(`the answer to ${token}`, () => wanted.test(bot.chat.answers.get(token)?.text ?? ''))
  return { ...(bot.chat.answers.get(token) as MessageContent), token }
}

async function login(bot: BotRun, provider?: string): Promise<Shown> {
  const event = commandEvent(CHANNEL, 'login', { options: provider === undefined ? {} : { provider } })
  bot.chat.emit(event)
  return answerTo(bot, event.command.token)
}

/** What is pressed, chosen or entered in the message. */
function use(
  bot: BotRun,
  customId: string,
  facts: { readonly chosen?: readonly string[]; readonly words?: string; readonly fields?: readonly string[] },
): string {
  const id = nextId()
  const token = `token-${id}`
  const press = { id, guildId: GUILD, channelId: CHANNEL, messageId: '5', customId, userId: OWNER, userName: 'Ann' }
  const place = { channelId: CHANNEL, projectChannelId: CHANNEL, inThread: false }
  const event = { kind: 'pressed', place, token, access: ownerAccess, position: undefined } as const
  bot.chat.emit({ ...event, press: { ...press, ...facts, followUp: { applicationId: '1', token } } })
  return token
}
const choose = (bot: BotRun, shown: Shown, value: string) => answerTo(bot, use(bot, shown.select?.id ?? '', { chosen: [value] }))
const press = (bot: BotRun, shown: Shown, label: string) => answerTo(bot, use(bot, idOf(shown, label), {}))
const enter = (bot: BotRun, shown: Shown, ...fields: readonly string[]) =>
  use(bot, idOf(shown, /^Enter|^Answer/), { words: fields[0] ?? '', ...(fields.length > 1 && { fields }) })
const idOf = ({ buttons }: Shown, label: string | RegExp): string =>
  buttons.find((one) => (typeof label === 'string' ? one.label === label : label.test(one.label)))?.id ?? 'none'

/** Everything that a process of Kimaki leaves behind, or has told Discord. */
function kept(bot: BotRun): string {
  const files = ['', '-wal', '-shm'].map((end) => `${harness.file}${end}`).filter(existsSync)
  const { calls, answered, posts, proposed } = bot.chat
  return [
    ...files.map((file) => readFileSync(file, 'latin1')),
    JSON.stringify([calls, answered, posts, [...proposed], bot.audited, bot.lines]),
  ].join()
}

describe('a key', () => {
  test('goes to OpenCode, and stands in no record, log, audit or call to Discord', async () => {
    const bot = await harness.run()
    const page = await login(bot, 'acme')
    expect(page.text).toMatch(/^⬦ log in at \*\*Acme\*\*\nThe key goes straight to OpenCode/)
    const done = await answerTo(bot, enter(bot, page, ` ${KEY} `), /logged in/)
    expect(done).toMatchObject({ text: '✓ logged in at **Acme**\nIt counts from now on.', buttons: [] })
    expect(bot.agent.logIns.got).toEqual([['acme', KEY, {}]])
    await quiet()
    expect(kept(bot)).not.toContain(KEY)
    expect(kept(bot)).toContain('login-enter')
  })

  test('that was entered when the bot was killed is asked for again, and was kept nowhere', async () => {
    const first = await harness.run(({ agent }) => void (agent.on.setKey = async () => new Promise(() => undefined)))
    const token = enter(first, await login(first, 'acme'), KEY)
    await until('the call', () => first.agent.logIns.got.length === 1)
    expect(kept(first)).not.toContain(KEY)

    const second = await harness.run()
    const asked = await answerTo(second, token)
    expect(asked.text).toMatch(/^✗ not saved: the bot was restarted .*\nPlease enter it again\.$/)
    expect(second.agent.logIns.got).toEqual([])
    const again = await press(second, asked, 'Begin again')
    expect((await answerTo(second, enter(second, again, KEY), /logged in/)).text).toMatch(/^✓/)
    expect(kept(second)).not.toContain(KEY)
  })

  test('that OpenCode cannot be given yet is given when it answers, and is forgotten then', async () => {
    const bot = await harness.run()
    const page = await login(bot, 'Acme')
    let failures = 0
    bot.agent.on.setKey = async () => (failures++ === 0 ? new AgentUnavailable({ reason: 'down' }) : undefined)
    const token = enter(bot, page, KEY)
    await until('the first try', () => failures === 1)
    await quiet()
    harness.clock.advance(5000)
    expect((await answerTo(bot, token, /logged in/)).text).toMatch(/^✓/)
    expect(bot.agent.logIns.got).toHaveLength(2)
    expect(kept(bot)).not.toContain(KEY)
  })

  test('comes with the answers to what the plugin asks', async () => {
    const bot = await harness.run()
    bot.agent.logIns.ways = { acme: WAYS }
    const methods = await login(bot, 'acme')
    expect(methods.select?.options.map(({ label }) => label)).toEqual(['On the page', 'By key'])
    const kind = await choose(bot, methods, '1')
    expect(kind.text).toBe('⬦ Which kind?')
    const page = await choose(bot, kind, '1')
    expect(page.text).toContain('1. Address')
    await answerTo(bot, enter(bot, page, 'house.test', KEY), /logged in/)
    expect(bot.agent.logIns.got).toEqual([['acme', KEY, { kind: 'own', url: 'house.test' }]])
    expect(kept(bot)).not.toMatch(/house\.test|c4nary/)
  })

  test('counts later while something runs, which is named', async () => {
    const bot = await harness.run()
    const thread = await prompted(bot)
    bot.agent.logIns.renewed = { counts: 'later', sessions: [SESSION, 'ses_of_a_terminal'] }
    const page = await login(bot, 'acme')
    const { text } = await answerTo(bot, enter(bot, page, KEY), /logged in/)
    expect(text).toContain(`It counts when the run in <#${thread.id}> has ended`)
  })
})

describe('a page of the provider', () => {
  const onPage = async (bot: BotRun): Promise<Shown> => {
    bot.agent.logIns.ways = { acme: WAYS }
    return choose(bot, await login(bot, 'acme'), '0')
  }

  test('gives a code, which goes to OpenCode and is kept nowhere; a wrong one may be entered again', async () => {
    const bot = await harness.run()
    const page = await onPage(bot)
    expect(page.text).toContain('<https://acme.test/in>')
    bot.agent.on.finish = async () => 'refused'
    const refused = await answerTo(bot, enter(bot, page, KEY), /code/)
    expect(refused.text).toMatch(/^✗ \*\*Acme\*\* did not take the code\n/)
    bot.agent.on = {}
    await answerTo(bot, enter(bot, refused, KEY), /logged in/)
    expect(bot.agent.logIns.got.slice(1)).toEqual([
      [{ provider: 'acme', method: 0 }, KEY],
      [{ provider: 'acme', method: 0 }, KEY],
    ])
    expect(kept(bot)).not.toContain(KEY)
  })

  test.each([
    ['done', /^✓ logged in at \*\*Acme\*\*/],
    ['late', /^✗ the log-in at \*\*Acme\*\* was not finished in time\nBegin again/],
    ['forgotten', /^✗ OpenCode has forgotten this log-in/],
    ['refused', /^✗ the log-in was refused/],
    ['failed', /^✗ OpenCode could not end the log-in/],
  ] as const)('is waited for, and the answer is edited to its end: %s', async (end, wanted) => {
    const bot = await harness.run()
    let finish: (end: LogInEnd) => void = () => undefined
    bot.agent.on.begin = async () => ({ url: 'https://acme.test/in', instructions: 'Enter AB-1', by: 'auto', forMs: 600_000 })
    bot.agent.on.finish = async () => new Promise((resolve) => (finish = resolve))
    const page = await onPage(bot)
    expect(page.text).toMatch(/Enter AB-1\n.*within 10 minutes/)
    finish(end)
    expect((await answerTo(bot, page.token, wanted)).text).toMatch(wanted)
  })

  test('that is waited for is waited for by the next process, too; the bot stops at once', async () => {
    const first = await harness.run()
    first.agent.on.begin = async () => ({ url: 'https://acme.test/in', instructions: '', by: 'auto', forMs: 600_000 })
    first.agent.on.finish = async () => new Promise(() => undefined)
    const page = await onPage(first)
    await until('the wait', () => first.agent.logIns.got.length === 2)
    await first.stop()
    const second = await harness.run(({ agent }) => {
      agent.logIns.ways = { acme: WAYS }
      agent.on.finish = async () => 'forgotten'
    })
    expect((await answerTo(second, page.token, /forgotten/)).buttons.map(({ label }) => label)).toEqual(['Begin again'])
  })

  test('that cannot be asked for is told with what to do', async () => {
    const bot = await harness.run()
    bot.agent.on.begin = async () => 'failed'
    expect((await onPage(bot)).text).toMatch(/could not be begun.*\nLook at the network/)
  })
})

describe('providers', () => {
  const many = Array.from({ length: 30 }, (_, index) => ({
    id: `p${index}`,
    name: `House ${index}`,
    hasMethods: index === 29,
    status: index === 3 ? ('logged-in' as const) : ('none' as const),
  }))

  test('stand in pages and are proposed, those with ways of their own first; who is logged in is told', async () => {
    const bot = await harness.run()
    bot.agent.logIns.all = many
    const page = await login(bot)
    expect(page.select?.options).toHaveLength(25)
    expect(page.select?.options[0]?.label).toBe('House 29')
    expect((await press(bot, page, 'Next')).select?.options).toHaveLength(5)
    const facts = { token: 't', options: {}, guildId: GUILD, channelId: CHANNEL, userId: OWNER }
    const query = { ...facts, id: 'q', name: 'login', option: 'provider', typed: 'p3' }
    const place = { channelId: CHANNEL, projectChannelId: CHANNEL, inThread: false }
    bot.chat.emit({ kind: 'autocomplete', query, place, access: ownerAccess, position: undefined })
    await until('the proposals', () => bot.chat.proposed.has('q'))
    expect(bot.chat.proposed.get('q')).toEqual([{ name: 'House 3 (logged in · p3)', value: 'p3' }])
  })

  test('are found by part of a name; one that is unknown is told', async () => {
    const bot = await harness.run()
    bot.agent.logIns.all = many
    expect((await login(bot, 'ouse 1')).text).toMatch(/^⬦ 12 providers are called so/)
    const event = commandEvent(CHANNEL, 'login', { options: { provider: 'nowhere' } })
    bot.chat.emit(event)
    expect((await answerTo(bot, event.command.token)).text).toMatch(
      /^✗ OpenCode knows no provider of this name: \*\*nowhere\*\*\n/,
    )
  })

  test('can be logged out of, when that is confirmed', async () => {
    const bot = await harness.run()
    bot.agent.logIns.all = many
    const sure = await press(bot, await login(bot, 'p3'), 'Log out')
    expect(bot.agent.calls).not.toContain('remove p3')
    expect((await press(bot, sure, 'Log out')).text).toMatch(/^✓ logged out at \*\*House 3\*\*/)
    expect(bot.agent.calls).toContain('remove p3')
  })
})

test('somebody with the role only may not log in, nor press or enter anything of it', async () => {
  const bot = await harness.run()
  const page = await login(bot, 'acme')
  const roles = [...ownerAccess.roles, { id: '9', name: 'Kimaki', permissions: '0' }]
  const access = { ...ownerAccess, ownerId: 'another', memberRoleIds: ['9'], roles }
  const event = commandEvent(CHANNEL, 'login')
  bot.chat.emit({ ...event, access })
  const press = {
    id: '78',
    guildId: GUILD,
    channelId: CHANNEL,
    messageId: '5',
    customId: idOf(page, /^Enter/),
    userId: OWNER,
    userName: 'Ann',
  }
  bot.chat.emit({ kind: 'pressed', place: event.place, token: 't', access, position: undefined, press: { ...press, words: KEY } })
  await quiet()
  const refused = bot.chat.calls.filter((call) => call.includes('✗ you may not log in at providers here'))
  expect(refused.map((call) => call.split(' ')[1])).toEqual([event.command.id, '78'])
  expect([bot.agent.logIns.got, kept(bot).includes(KEY)]).toEqual([[], false])
})
