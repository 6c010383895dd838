/**
 * Every command in every situation: acknowledged at once, answered once, nothing thrown. The commands come from their declarations, so a new
 * one takes part by itself; each is told twice by the gateway.
 */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { AgentUnavailable, ChatForbidden, SessionGone } from '../../src/base/errors.ts'
import { COMMANDS } from '../../src/commands/index.ts'
import type { AccessFacts } from '../../src/domain/access.ts'
import type { CommandInvocation } from '../../src/domain/conversation/request.ts'
import type { AgentError } from '../../src/ports/agent-error.ts'
import type { CommandDeclaration } from '../../src/ports/chat.ts'
import { commandEvent, openHarness, type BotRun, type Harness } from './support/harness.ts'
import { quiet, until } from './support/until.ts'
import { CHANNEL, GUILD, OWNER, ownerAccess } from '../support/conversation.ts'

let harness: Harness
beforeEach(async () => (harness = await openHarness({ agentsAtOnce: 1000, threadsPerMinute: 1000 })))
afterEach(async () => {
  // A bot waits a while for what is still to be said in its threads.
  const closed = harness.close()
  await quiet()
  harness.clock.advance(60_000)
  await closed
})

type Options = CommandInvocation['options']

const ARGUMENTS = { kind: 'string', name: 'arguments', description: '', required: false } as const
const PROMPT = { kind: 'string', name: 'prompt', description: '', required: true } as const
/** Those that stand for something OpenCode offers: one that it has, one of another project, and an agent. */
const OFFERED: readonly CommandDeclaration[] = [
  { name: 'tidy-cmd', description: '', options: [ARGUMENTS] },
  { name: 'other-skill', description: '', options: [ARGUMENTS] },
  { name: 'plan-agent', description: '', options: [PROMPT] },
]
const EVERY: readonly CommandDeclaration[] = [...COMMANDS, ...OFFERED]

/** In whose menu those commands are picked that stand there. */
const TARGET = { id: '1', text: 'tidy', hasFiles: false, authorId: OWNER }

const VALUES = { string: 'tidy', integer: 1, boolean: true, user: OWNER, attachment: '123456789012345678' } as const
const BAD = { string: ' ', integer: -1, boolean: false, user: '1', attachment: '1' } as const

const filled = ({ options }: CommandDeclaration, values: Record<keyof typeof VALUES, string | number | boolean>): Options =>
  Object.fromEntries(options.map(({ name, kind, choices }) => [name, choices?.[0]?.value ?? values[kind]]))
const right = (command: CommandDeclaration): Options => filled(command, VALUES)
const bad = (command: CommandDeclaration): Options =>
  Object.fromEntries(command.options.map(({ name, kind }) => [name, BAD[kind]]))

interface Invoked {
  readonly access?: AccessFacts
  readonly options?: (command: CommandDeclaration) => Options
  /** By the name of the command; undefined: in the project channel. */
  readonly threads?: ReadonlyMap<string, string>
  readonly projectChannelId?: string
}

/** The answers to it. Discord takes the first refusal only. */
const answersTo = ({ chat }: BotRun, id: string): readonly string[] => [
  ...new Set(chat.calls.filter((call) => call.startsWith(`refuse ${id} `))),
  ...chat.answered.flatMap((answer) => (answer.token === `token-${id}` ? [answer.text] : [])),
]

const isAcknowledged = ({ chat }: BotRun, id: string): boolean =>
  chat.calls.some((call) => call.startsWith(`defer ${id} `) || call.startsWith(`refuse ${id} `))

/** Invokes all of them; the commands that were not acknowledged at once are the answer. */
async function invoke(bot: BotRun, { access = ownerAccess, options = right, threads, projectChannelId = CHANNEL }: Invoked) {
  const events = EVERY.map((command) => {
    const channelId = threads?.get(command.name) ?? projectChannelId
    const target = command.kind === 'message' ? { target: TARGET } : {}
    const event = { ...commandEvent(channelId, command.name, { options: options(command), ...target }), access }
    return { ...event, place: { ...event.place, projectChannelId, inThread: threads !== undefined } }
  })
  for (const event of [...events, ...events]) bot.chat.emit(event)
  await quiet(60)
  const ids = new Map(events.map(({ command }) => [command.name, command.id]))
  return { ids, late: [...ids].flatMap(([name, id]) => (isAcknowledged(bot, id) ? [] : name)) }
}

/** By the name of the command, what is wrong with its answers. Time goes by until each has one. */
async function wrong(bot: BotRun, ids: ReadonlyMap<string, string>): Promise<Readonly<Record<string, unknown>>> {
  const isAnswered = (): boolean => [...ids.values()].every((id) => answersTo(bot, id).length > 0)
  for (let waits = 0; waits < 12 && !isAnswered(); waits += 1) {
    harness.clock.advance(5000)
    await quiet(40)
  }
  const answers = [...ids].map(([name, id]) => [name, answersTo(bot, id)] as const)
  return Object.fromEntries(answers.filter(([, given]) => given.length !== 1 || given[0]?.trim() === ''))
}

const defects = ({ lines }: BotRun): readonly string[] =>
  lines.filter((line) => /could not take an input|conversation stopped|cannot be read|proposing failed|TypeError/.test(line))

/** A thread for each of them, with what OpenCode does in it. */
async function threadsOf(bot: BotRun, words: string): Promise<ReadonlyMap<string, string>> {
  const threads = new Map(EVERY.map(({ name }) => [name, bot.send(`${words} for ${name}`).id]))
  await until('the threads', async () => {
    await quiet(20)
    return bot.chat.threads.length >= EVERY.length
  })
  await quiet(200)
  return threads
}

const offering = async (): Promise<BotRun> =>
  harness.run(({ agent, store }) => {
    agent.answers('idle', 'done')
    agent.hangs('busy')
    return {
      commands: {
        ...store.commands,
        offered: async () =>
          new Map([
            [
              '/project/garden',
              {
                agents: [{ name: 'plan', description: '' }],
                commands: [{ name: 'tidy', description: '', source: 'command' as const }],
              },
            ],
          ]),
      },
    }
  })

/** Every call to OpenCode ends like this. */
const always = (bot: BotRun, answer: () => Promise<AgentError | undefined>): void => {
  bot.agent.on = new Proxy({}, { get: (_, name) => (name === 'contextLimit' ? undefined : answer) })
}

test.each<
  [string, Invoked & { readonly in: 'channel' | 'idle' | 'busy' | 'without-session'; readonly before?: (bot: BotRun) => void }]
>([
  ['in the project channel', { in: 'channel' }],
  ['in a thread with a session', { in: 'idle' }],
  ['in a thread without a session', { in: 'without-session' }],
  ['while the agent works', { in: 'busy' }],
  ['without rights', { in: 'idle', access: { ...ownerAccess, ownerId: 'another' } }],
  [
    'by somebody who is blocked',
    {
      in: 'idle',
      access: {
        ...ownerAccess,
        memberRoleIds: ['9'],
        roles: [...ownerAccess.roles, { id: '9', name: 'no-kimaki', permissions: '0' }],
      },
    },
  ],
  ['with an option missing', { in: 'idle', options: () => ({}) }],
  ['with bad options', { in: 'idle', options: bad }],
  ['with an option missing, in the channel', { in: 'channel', options: () => ({}) }],
  [
    'while the agent asks',
    {
      in: 'busy',
      before: ({ agent }) => {
        for (const { session } of agent.prompts)
          agent.emit({ kind: 'asked', session, ask: { id: `per_${session}`, kind: 'permission', session, title: 'bash: ls' } })
      },
    },
  ],
  [
    'in a thread that is archived',
    {
      in: 'idle',
      before: ({ chat }) => void (chat.on.post = async () => new ChatForbidden({ code: 50_083, reason: 'archived' })),
    },
  ],
  ['whose session is gone', { in: 'idle', before: (bot) => always(bot, async () => new SessionGone({ session: 'ses_1' })) }],
])('%s: each command is acknowledged at once and answered once', async (_situation, { in: where, before, ...invoked }) => {
  const bot = await offering()
  if (where === 'without-session') bot.agent.on.openSession = async () => new SessionGone({ session: 'none' })
  const threads = where === 'channel' ? undefined : await threadsOf(bot, where)
  bot.agent.on = {}
  before?.(bot)
  await quiet()
  const { ids, late } = await invoke(bot, { ...invoked, ...(threads && { threads }) })
  expect({ late, wrong: await wrong(bot, ids), defects: defects(bot) }).toEqual({ late: [], wrong: {}, defects: [] })
})

test('OpenCode is down, and comes back: each command is answered once', async () => {
  const bot = await offering()
  const threads = await threadsOf(bot, 'idle')
  always(bot, async () => new AgentUnavailable({ reason: 'down' }))
  const { ids, late } = await invoke(bot, { threads })
  harness.clock.advance(5000)
  await quiet(40)
  bot.agent.on = {}
  expect({ late, wrong: await wrong(bot, ids), defects: defects(bot) }).toEqual({ late: [], wrong: {}, defects: [] })
})

test('OpenCode answers after 4 s: each command is acknowledged before, and answered once', async () => {
  const bot = await offering()
  const threads = await threadsOf(bot, 'idle')
  always(bot, async () => new Promise((resolve) => harness.clock.after(4000, () => resolve(undefined))))
  const { ids, late } = await invoke(bot, { threads })
  expect({ late, wrong: await wrong(bot, ids), defects: defects(bot) }).toEqual({ late: [], wrong: {}, defects: [] })
})

test.each([
  ['a channel of another machine', '100000000000000999'],
  ['a direct message', '100000000000000998'],
])('in %s each command is met with silence', async (_where, projectChannelId) => {
  const bot = await offering()
  const { ids } = await invoke(bot, { projectChannelId })
  // What works in any channel of a server asks for no project.
  const anywhere = COMMANDS.filter(({ where }) => where === 'anywhere').flatMap(({ name }) => ids.get(name) ?? [])
  expect([...ids.values()].filter((id) => isAcknowledged(bot, id))).toEqual(anywhere)
  expect(bot.agent.prompts.filter(({ directory }) => directory !== '/projects/tidy')).toEqual([])
})

test('P-104: whoever may not use a command gets nothing proposed for its options', async () => {
  const bot = await offering()
  const place = { channelId: CHANNEL, projectChannelId: CHANNEL, inThread: false }
  const facts = { token: 't', typed: '', options: {}, guildId: GUILD, channelId: CHANNEL, userId: OWNER }
  const queries = COMMANDS.flatMap(({ name, proposes = {} }) =>
    Object.keys(proposes).map((option) => ({ ...facts, id: `${name}/${option}`, name, option })),
  )
  const access = { ...ownerAccess, ownerId: 'another' }
  for (const query of queries) bot.chat.emit({ kind: 'autocomplete', query, place, access, position: undefined })
  await quiet(60)
  expect([...bot.chat.proposed]).toEqual(queries.map(({ id }) => [id, []]))
})
