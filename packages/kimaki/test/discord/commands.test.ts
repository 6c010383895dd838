/** Slash commands: made known to Discord, invoked by people, acknowledged and answered. */
import { InteractionType, MessageFlags, type APIApplicationCommand } from 'discord-api-types/v10'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { COMMANDS as OURS } from '../../src/commands/index.ts'
import { declaredIn } from '../../src/commands/opencode/declared.ts'
import { interaction as readInteraction } from '../../src/discord/wire/interaction.ts'
import type { ChatEvent, CommandDeclaration } from '../../src/ports/chat.ts'
import { openWorld, value, type Chat, type World } from './world.ts'

let world: World
let chat: Chat

beforeEach(async () => {
  world = await openWorld()
  own = []
  chat = world.chat()
})

afterEach(() => world.stop())

const ABORT: CommandDeclaration = { name: 'abort', description: 'Stop the agent', options: [] }
const ADD: CommandDeclaration = {
  name: 'add',
  description: 'Add somebody',
  options: [
    { kind: 'user', name: 'who', description: 'Whom', required: true },
    { kind: 'string', name: 'how', description: 'How', required: false, choices: [{ name: 'Quietly', value: 'quiet' }] },
    { kind: 'integer', name: 'times', description: 'How often', required: false },
    { kind: 'boolean', name: 'now', description: 'At once?', required: false },
  ],
}
const NOTE: CommandDeclaration = {
  name: 'note',
  description: 'Keep a file',
  options: [
    { kind: 'attachment', name: 'file', description: 'Which', required: true },
    { kind: 'string', name: 'label', description: 'Its name', required: false, autocomplete: true },
  ],
}

const COMMANDS = '/applications/:application/guilds/:guild/commands'
/** Which of the guild's commands are ours: what a store would hold. */
let own: readonly string[] = []
const requests = (method: string) =>
  world.emulator.journal.entries.filter(
    (entry) => entry.kind === 'request' && entry.method === method && entry.route.startsWith(COMMANDS),
  )

/** The commands as Discord lists them, or what another program with this bot does. */
async function api(request: RequestInit = {}, path = `/guilds/${world.guild.id}`): Promise<readonly APIApplicationCommand[]> {
  const headers = { authorization: `Bot ${world.bot.token}`, 'content-type': 'application/json' }
  const url = `${world.emulator.apiUrl}/v10/applications/${world.bot.applicationId}${path}/commands`
  return (await (await fetch(url, { headers, ...request })).json()) as readonly APIApplicationCommand[]
}

const register = async (commands: readonly CommandDeclaration[]) =>
  chat.port.registerCommands(world.guild.id, commands, { names: own, keep: async (names) => void (own = names) })

type Invoked = Extract<ChatEvent, { kind: 'command' }>
const invocations = () => chat.events.flatMap((event): readonly Invoked[] => (event.kind === 'command' ? [event] : []))
const invocation = () => chat.until('the command', () => invocations()[0])

async function started(): Promise<void> {
  await chat.start()
  value(await register([ABORT, ADD, NOTE]))
}

describe('a command in the menu of a message', () => {
  const MENU: CommandDeclaration = { kind: 'message', name: 'Queue this', description: 'Not shown', options: [] }

  test('is registered once, and comes with the words of the message and whose they are', async () => {
    await chat.start()
    value(await register([MENU]))
    value(await register([MENU]))
    expect(requests('POST')).toHaveLength(1)
    const { id } = world.owner.send(world.channelId, 'plant a tree')
    world.owner.contextMenu(world.channelId, 'Queue this', id)
    const { command } = await invocation()
    const target = { id, text: 'plant a tree', hasFiles: false, authorId: world.owner.id }
    expect(command).toMatchObject({ name: 'Queue this', options: {}, target })
  })
})

describe('registering', () => {
  test('creates what Discord lacks, and asks only once it knows: doing it again creates nothing', async () => {
    await started()
    expect(requests('POST')).toHaveLength(3)
    value(await register([ABORT, ADD, NOTE]))
    expect([requests('GET').length, requests('POST').length]).toEqual([2, 3])
  })

  test('edits what changed, and only that', async () => {
    await started()
    value(await register([{ ...ABORT, description: 'Stop what runs' }, ADD, NOTE]))
    value(await register([{ ...ABORT, description: 'Stop what runs' }, { ...ADD, options: ADD.options.slice(0, 1) }, NOTE]))
    expect([requests('POST').length, requests('PATCH').length, requests('DELETE').length]).toEqual([3, 2, 0])
    world.owner.command(world.channelId, 'abort')
    expect((await invocation()).command.name).toBe('abort')
  })

  test('deletes what is not wanted any more, and makes room before it creates', async () => {
    await started()
    value(await register([NOTE]))
    expect((await api()).map(({ name }) => name)).toEqual(['note'])
    expect(own).toEqual(['note'])
  })

  test('leaves commands of other programs alone, and works before the bot has started', async () => {
    await api({ method: 'POST', body: JSON.stringify({ name: 'theirs', description: 'Another program' }) })
    value(await register([ABORT]))
    value(await register([ADD]))
    expect((await api()).map(({ name }) => name)).toEqual(['theirs', 'add'])
  })

  test('does not take a command of another machine with this bot for its own', async () => {
    await started()
    own = []
    value(await register([ABORT]))
    value(await register([ADD]))
    expect([own, (await api()).map(({ name }) => name)]).toEqual([[], ['abort', 'add', 'note']])
  })

  test('killed after the creation, the commands are its own all the same', async () => {
    let kept: readonly string[] = []
    const dies = { names: [], keep: async (names: readonly string[]) => void (kept = names) }
    world.emulator.faults.add({ route: `POST ${COMMANDS}`, effect: { kind: 'reset-after' } })
    expect(await chat.port.registerCommands(world.guild.id, [ABORT], dies)).toMatchObject({ name: 'ChatUnknown' })
    own = kept
    value(await register([ADD]))
    expect((await api()).map(({ name }) => name)).toEqual(['add'])
  })

  test('keeps to the room that other programs leave: the last go', async () => {
    for (const name of ['theirs', 'theirs-too'])
      await api({ method: 'POST', body: JSON.stringify({ name, description: 'Another program' }) })
    value(await register(Array.from({ length: 100 }, (_, n) => ({ ...ABORT, name: `c${n}` }))))
    const names = (await api()).map(({ name }) => name)
    expect([names.length, names.at(-1)]).toEqual([100, 'c97'])
  })

  test('removes what an earlier version registered for all guilds, and leaves the rest there', async () => {
    for (const name of ['theirs', 'abort'])
      await api({ method: 'POST', body: JSON.stringify({ name, description: 'For all guilds' }) }, '')
    value(await chat.port.removeGlobalCommands(['abort', 'queue']))
    expect((await api({}, '')).map(({ name }) => name)).toEqual(['theirs'])
  })

  test('of ours, 150 commands and 40 agents with names of every kind, Discord takes as many as fit, ours first', async () => {
    const strange = [
      'git/commit',
      'git:commit',
      'Ünïcode',
      '提交',
      'x'.repeat(60),
      'İstanbul',
      'a b',
      '--',
      "it's",
      'abort',
      '👍',
    ]
    const commands = Array.from({ length: 150 }, (_, n) => ({
      name: strange[n] ?? `command-${n}`,
      description: n % 3 === 0 ? '' : 'd'.repeat(200),
      source: (['command', 'mcp', 'skill'] as const)[n % 3] ?? 'command',
    }))
    const agents = Array.from({ length: 40 }, (_, n) => ({ name: strange[n] ?? `agent ${n}`, description: '' }))
    const declared = declaredIn(OURS, [{ agents, commands }])
    value(await register(declared))
    const names = (await api()).map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(OURS.map(({ name }) => name)))
    expect([declared.length, names.length]).toEqual([100, 100])
  })

  test('says what Discord refuses', async () => {
    expect(await register([{ ...ABORT, name: 'Not A Name' }])).toMatchObject({
      name: 'ChatRefused',
      code: 50_035,
    })
  })
})

describe('an invocation', () => {
  test('arrives with its options, its place and what its person may do', async () => {
    const role = world.guild.role({ name: 'Kimaki' })
    const ben = world.emulator.world.user('Ben')
    world.guild.join(ben, [role.id])
    await started()
    const { id } = ben.command(world.channelId, 'add', { who: world.owner.id, how: 'quiet', times: 3, now: true })
    const { command, place, access, position } = await invocation()
    expect(command).toEqual({
      id,
      applicationId: world.bot.applicationId,
      token: expect.any(String),
      name: 'add',
      options: { who: world.owner.id, how: 'quiet', times: 3, now: true },
      guildId: world.guild.id,
      channelId: world.channelId,
      userId: ben.id,
      userName: 'Ben',
    })
    expect(place).toEqual({ channelId: world.channelId, projectChannelId: world.channelId, inThread: false })
    expect(access).toMatchObject({ userId: ben.id, isBot: false, ownerId: world.owner.id, memberRoleIds: [role.id] })
    expect(position?.sequence).toBeGreaterThan(0)
  })

  test('has what is known of an uploaded file, whose id is the option, and its person by the nickname', async () => {
    await started()
    world.guild.setNick(world.owner.id, 'Boss')
    world.owner.command(world.channelId, 'note', { file: { name: 'a.txt', contentType: 'text/plain', data: 'x' } })
    const { command } = await invocation()
    expect(command.options).toEqual({ file: expect.stringMatching(/^\d{15,21}$/) })
    expect(command.files).toMatchObject([{ id: command.options['file'], name: 'a.txt', size: 1 }])
    expect(command.userName).toBe('Boss')
  })

  test('in a thread belongs to the project channel', async () => {
    await started()
    const thread = world.owner.startThread(world.channelId, 'work', world.owner.send(world.channelId, 'go').id)
    world.owner.command(thread.id, 'abort')
    expect((await invocation()).place).toEqual({ channelId: thread.id, projectChannelId: world.channelId, inThread: true })
  })

  test('in a channel that is no project is handed up with that channel, and Discord is told nothing: another machine may answer', async () => {
    await started()
    const elsewhere = world.guild.textChannel('chatter')
    const use = world.owner.command(elsewhere.id, 'abort')
    world.owner.command(world.channelId, 'abort')
    await expect.poll(() => invocations()).toHaveLength(2)
    expect(invocations().map(({ place }) => place)).toEqual([
      { channelId: elsewhere.id, projectChannelId: elsewhere.id, inThread: false },
      { channelId: world.channelId, projectChannelId: world.channelId, inThread: false },
    ])
    expect(use.state).toBe('waiting')
  })

  test('in a direct message there is none: Discord offers them in the guild only', async () => {
    await started()
    expect(() => world.owner.command(world.owner.dm(world.bot).id, 'abort')).toThrow('Unknown application command')
    expect((await api()).map(({ contexts }) => contexts)).toEqual([[0], [0], [0]])
  })

  test('P-105: whose channel is in no cache, after a RESUME, waits for the facts, like everything behind it', async () => {
    await started()
    await chat.port.stop()
    const position = chat.position()
    world.owner.command(world.channelId, 'abort')
    world.owner.send(world.channelId, 'behind it')
    chat = world.chat({ position })
    await chat.start()
    await chat.until('what is behind it', () => chat.texts()[0])
    expect(chat.events.flatMap(({ kind }) => (kind === 'command' || kind === 'message' ? [kind] : []))).toEqual([
      'command',
      'message',
    ])
  })

  test.each([
    ['a person who types an option', { type: InteractionType.ApplicationCommandAutocomplete }],
    ['a command of a menu', { type: InteractionType.ApplicationCommand, data: { type: 3, name: 'Fork here' } }],
    ['a direct message', { type: InteractionType.ApplicationCommand, data: { type: 1, name: 'abort' } }],
  ])('is not taken for one: %s', (_what, interaction) => {
    const read = readInteraction({ id: '1', token: 't', channel: { id: '2' }, ...interaction })
    expect(read).toEqual({ kind: 'other' })
  })
})

describe('an answer', () => {
  const OK = { text: 'Stopped.', buttons: [] }

  test('is deferred at once and filled later; filling it again changes nothing', async () => {
    await started()
    const use = world.owner.command(world.channelId, 'abort')
    const { command } = await invocation()
    value(await chat.port.defer(command, 'public'))
    expect(use.state).toBe('thinking')
    for (let n = 0; n < 2; n += 1) value(await chat.port.reply(command, OK))
    expect([use.state, use.response?.content]).toEqual(['answered', 'Stopped.'])
    expect(world.emulator.world.messages(world.channelId).map(({ content }) => content)).toEqual(['Stopped.'])
  })

  test('may be for the eyes of one person', async () => {
    await started()
    const use = world.owner.command(world.channelId, 'abort')
    const { command } = await invocation()
    value(await chat.port.defer(command, 'ephemeral'))
    value(await chat.port.reply(command, OK))
    expect((use.response?.flags ?? 0) & MessageFlags.Ephemeral).toBe(MessageFlags.Ephemeral)
    expect(world.emulator.world.messages(world.channelId)).toEqual([])
  })

  test('carries buttons, and mentions nobody', async () => {
    await started()
    const use = world.owner.command(world.channelId, 'abort')
    const { command } = await invocation()
    value(await chat.port.defer(command, 'public'))
    value(await chat.port.reply(command, { text: `<@${world.owner.id}> @everyone`, buttons: [{ id: 'b', label: 'Again' }] }))
    expect(use.response).toMatchObject({ mentions: [], mention_everyone: false })
    expect(JSON.stringify(use.response?.components)).toContain('"custom_id":"b"')
  })

  test('may be a refusal that only its person sees', async () => {
    await started()
    const use = world.owner.command(world.channelId, 'abort')
    const { command } = await invocation()
    value(await chat.port.refuse(command, 'You may not.'))
    expect([use.state, use.response?.content]).toEqual(['answered', 'You may not.'])
    expect((use.response?.flags ?? 0) & MessageFlags.Ephemeral).toBe(MessageFlags.Ephemeral)
  })

  test('that comes too late is gone, the token of the bot is not suspected, and no token stands in the log', async () => {
    await started()
    world.owner.command(world.channelId, 'abort')
    const { command } = await invocation()
    value(await chat.port.defer(command, 'public'))
    world.emulator.clock.advance(16 * 60_000)
    expect(await chat.port.reply(command, OK)).toMatchObject({ name: 'ChatGone', code: 50_027 })
    expect(await chat.port.defer({ ...command, token: 'none' }, 'public')).toMatchObject({ name: 'ChatGone', code: 10_062 })
    const { entries } = world.emulator.journal
    expect(entries.some((entry) => entry.kind === 'request' && entry.route === '/users/@me')).toBe(false)
    expect(chat.lines.filter((line) => line.includes('discord call failed'))).toHaveLength(2)
    expect(chat.lines.join('\n')).not.toContain(command.token)
  })
})

test('a server that the bot joins, and one that removes it, are told while it runs', async () => {
  await chat.start()
  const other = world.emulator.world.guild({ name: 'Other', owner: world.owner })
  const told = () => chat.events.flatMap((event) => (event.kind === 'place-changed' && event.guild ? [event.guild] : []))
  const count = told().length
  other.addBot(world.bot)
  await chat.until('the joining', () => told()[count])
  other.leave(world.bot.id)
  await chat.until('the leaving', () => told()[count + 1])
  expect(told().slice(count)).toEqual([
    { id: other.id, isHere: true },
    { id: other.id, isHere: false },
  ])
})
