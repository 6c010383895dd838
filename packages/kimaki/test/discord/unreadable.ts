/** What Discord may send that nobody expects: real dispatches, recorded from the emulator, with a field gone or of another kind. */
import { anything as anyJson, array, constant, integer, nat, oneof, record, string } from 'fast-check'
import { Secrets } from '../../src/base/redact.ts'
import { Marks } from '../../src/discord/outbound/mark.ts'
import { createCache } from '../../src/discord/inbound/cache.ts'
import { Ingest } from '../../src/discord/inbound/ingest.ts'
import { openConnection } from '../../src/discord/gateway/connection.ts'
import { Identity } from '../../src/discord/gateway/identity.ts'
import { ReadyBarrier } from '../../src/discord/gateway/ready-barrier.ts'
import type { Rest } from '../../src/discord/rest/rest.ts'
import { readDispatch } from '../../src/discord/wire/dispatch.ts'
import { parseFrame } from '../../src/discord/wire/frame.ts'
import { guild as readGuild } from '../../src/discord/wire/guild.ts'
import { ChatGone } from '../../src/base/errors.ts'
import type { ChatEvent } from '../../src/ports/chat.ts'
import { openWorld } from './world.ts'

export interface Recorded {
  readonly t: string
  readonly d: unknown
}

export interface Recording {
  readonly dispatches: readonly Recorded[]
  readonly botId: string
  readonly channelId: string
}

/** Everything of a day in a server that the adapter reads. */
export async function recordDispatches(): Promise<Recording> {
  const world = await openWorld()
  const dispatches: Recorded[] = []
  const connect: typeof openConnection = (options) =>
    openConnection({
      ...options,
      onDispatch(arrival, position) {
        dispatches.push({ t: arrival.t, d: arrival.d })
        options.onDispatch(arrival, position)
      },
    })
  const chat = world.chat({ options: { overrides: { client: { connect } } } })
  await chat.start()
  const { guild, owner, channelId, bot, emulator } = world
  await chat.port.registerCommands(guild.id, [{ name: 'abort', description: 'Stop', options: [] }], {
    names: [],
    keep: async () => undefined,
  })
  const role = guild.role({ name: 'Kimaki' })
  guild.setRolePermissions(role.id, 8n)
  guild.deleteRole(role.id)
  const other = guild.textChannel('other')
  guild.rename(other.id, 'renamed')
  guild.deleteChannel(other.id)
  const first = owner.send(channelId, `hello <@${bot.id}> in <#${channelId}>`)
  const files = [{ name: 'a.txt', contentType: 'text/plain', data: 'x' }]
  const second = owner.send(channelId, 'about that', { replyTo: first.id, files })
  owner.edit(channelId, second.id, 'about this')
  const thread = owner.startThread(channelId, 'work', first.id)
  guild.rename(thread.id, 'better')
  const posted = await chat.port.post(
    thread.id,
    { blocks: ['b'], content: 'press', file: undefined, notify: false, buttons: [{ id: 'stop:x', label: 'Stop' }] },
    'n1',
  )
  if (posted instanceof Error) throw posted
  const { components } = emulator.world.messages(thread.id).find(({ id }) => id === posted.messageId) ?? {}
  const custom = /"custom_id":"([^"]+)"/.exec(JSON.stringify(components))
  owner.press(thread.id, posted.messageId, custom?.[1] ?? '')
  owner.command(channelId, 'abort')
  owner.delete(channelId, second.id)
  guild.deleteChannel(thread.id)
  const helper = emulator.world.bot({ name: 'helper' })
  guild.addBot(helper, { roles: [guild.role({ name: 'kimaki' }).id] })
  await fetch(`${emulator.apiUrl}/v10/channels/${channelId}/messages`, {
    method: 'POST',
    headers: { authorization: `Bot ${helper.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ embeds: [{ title: 'Build 7', fields: [{ name: 'job', value: 'failed' }], footer: { text: 'now' } }] }),
  })
  owner.send(channelId, 'last')
  await chat.until('the last', () => chat.texts().find((text) => text === 'last'))
  await world.stop()
  const { t, d } = find(dispatches, 'MESSAGE_CREATE')
  dispatches.push({ t, d: { ...(d as object), id: String(BigInt((d as { readonly id: string }).id) + 1n), ...everything } })
  return { dispatches, botId: bot.id, channelId }
}

const inner = {
  content: 'hello',
  attachments: [{ id: '7', filename: 'a.log', size: 3, url: 'https://cdn.discordapp.com/a' }],
  embeds: [{ title: 'Build 7', fields: [{ name: 'job', value: 'failed' }] }],
  components: [
    {
      type: 17,
      components: [
        { type: 10, content: 'words' },
        { type: 12, items: [{ description: 'a picture' }] },
      ],
    },
  ],
  sticker_items: [{ id: '8', name: 'wave', format_type: 1 }],
  mentions: [{ id: '9', username: 'ben', member: { nick: 'Ben' } }],
}

/** What the emulator's people do not send. */
const everything = {
  ...inner,
  poll: { question: { text: 'Ship?' }, answers: [{ poll_media: { text: 'Yes', emoji: { id: null, name: '👍' } } }] },
  message_snapshots: [{ message: inner }],
  referenced_message: { id: '6', author: { id: '9', username: 'ben' }, ...inner, message_snapshots: [{ message: inner }] },
}

export interface Rig {
  readonly events: readonly ChatEvent[]
  readonly lines: readonly string[]
  /** As it comes over the socket: JSON. Resolves once its event has been handed up. */
  hear(frame: unknown): Promise<void>
  /** The event of a message that a person with every right writes now. */
  sayGood(): Promise<ChatEvent | undefined>
}

/** The whole inbound adapter but its socket; Discord answers every question about the guild as it was at first. */
export function rigOf({ dispatches, botId, channelId }: Recording): Rig {
  const events: ChatEvent[] = []
  const lines: string[] = []
  const note = (line: string, facts?: object): void => void lines.push(`${line} ${JSON.stringify(facts ?? {})}`)
  const log = { debug: note, info: note, warn: note, error: note }
  const guildCreate = find(dispatches, 'GUILD_CREATE')
  const goodMessage = find(dispatches, 'MESSAGE_CREATE')
  const cache = createCache()
  const guild = readGuild(guildCreate.d)
  if (guild instanceof Error) throw guild
  const gone = new ChatGone({ code: 0, reason: 'gone' })
  const facts = {
    guild: async (id: string) => {
      if (id !== guild.id) return gone
      cache.putGuild(guild)
      return cache.guild(id) ?? gone
    },
    channel: async (id: string) =>
      id === channelId
        ? cache.putChannel(
            { id, type: 0, guild_id: guild.id, name: 'project', parent_id: undefined, thread_metadata: undefined },
            guild.id,
          )
        : gone,
    answers: async () => true,
  }
  const members = { recent: async () => ({ roles: [], nick: undefined, isBot: false }) }
  const stopping = new AbortController().signal
  const ingest = new Ingest({
    cache,
    facts,
    members: members as never,
    log,
    stopping,
    secrets: new Secrets(['SECRET-TOKEN']),
    hearsGuests: false,
    marks: new Marks('SECRET-TOKEN'),
    botUserId: () => botId,
    isProjectChannel: (id) => id === channelId,
    onEvent: (event) => void events.push(event),
  })
  const identity = new Identity({ stopping } as Rest)
  const barrier = new ReadyBarrier()
  let sequence = 0
  let pushed = 0

  async function hear(frame: unknown): Promise<void> {
    const known = parseFrame(JSON.stringify(frame) ?? '')
    if (!known) return
    const { t, d, s } = known
    sequence += 1
    pushed += 1
    const arrival = readDispatch(t, d)
    identity.onDispatch(arrival)
    ingest.push(arrival, { sessionId: 's', resumeUrl: 'ws://x', sequence: s ?? sequence }, false)
    barrier.onDispatch(arrival)
    barrier.stop()
    for (let turn = 0; events.length < pushed; turn += 1) {
      if (turn > 1000) throw new Error(`no event came of ${JSON.stringify(frame).slice(0, 2000)}`)
      await Promise.resolve()
    }
  }

  return {
    events,
    lines,
    hear,
    async sayGood() {
      await hear({ op: 0, s: sequence, ...guildCreate })
      await hear({ op: 0, s: sequence, ...goodMessage })
      return events.at(-1)
    },
  }
}

export function find(dispatches: readonly Recorded[], name: string): Recorded {
  const found = dispatches.find(({ t }) => t === name)
  if (!found) throw new Error(`no ${name} was recorded`)
  return found
}

export type Path = readonly (string | number)[]

/** Every place in a value, the value itself first. */
export function pathsIn(value: unknown, here: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [here]
  return [here, ...Object.entries(value).flatMap(([name, each]) => pathsIn(each, [...here, name]))]
}

/** A copy with another value at the path; `undefined` drops the field. */
export function changed(value: unknown, [name, ...rest]: Path, to: unknown): unknown {
  if (name === undefined) return to
  const copy: Record<string, unknown> = Array.isArray(value) ? ([...value] as never) : { ...(value as object) }
  const field = changed(copy[name], rest, to)
  if (field === undefined && Array.isArray(copy)) copy.splice(Number(name), 1)
  else if (field === undefined) delete copy[name]
  else copy[name] = field
  return copy
}

const replacement = oneof(
  constant(undefined),
  constant(null),
  constant([]),
  constant({}),
  constant(true),
  integer(),
  constant(1e300),
  constant(''),
  string(),
  constant('9'.repeat(20)),
  array(nat(), { maxLength: 3 }),
  anyJson({ maxDepth: 2 }),
)
const mutations = array(record({ where: nat(), to: replacement }), { minLength: 1, maxLength: 4 })

/** One field gone, or something else in its place. */
export interface Mutation {
  readonly where: number
  readonly to: unknown
}

/** Which of the recorded things, and what is changed in it. */
export const badFrames = array(record({ which: nat(), mutations }), { minLength: 1, maxLength: 8 })
