/**
 * Gateway dispatches -> events for the caller, strictly in the order of the gateway. Most are judged on the spot. A message that needs
 * a fact the cache lacks waits for REST, and everything behind it waits too: nothing is ever reordered, and no position passes a
 * message that is not handed up yet. Should REST fail for `PATIENCE_MS`, the message is given up with a line in the log.
 */
import {
  GatewayDispatchEvents,
  type GatewayDispatchPayload,
  type GatewayMessageCreateDispatchData,
  type GatewayMessageUpdateDispatchData,
} from 'discord-api-types/v10'
import type { ChatEvent, GatewayPosition } from '../../ports/chat.ts'
import type { Log } from '../../ports/host.ts'
import type { Cache } from './cache.ts'
import { accessFacts, mayBePrompt, placeOf, toIncoming, type Surroundings } from './incoming.ts'
import { pressOf } from './interactions.ts'
import { lookUp } from './dispatches.ts'
import type { Lookups } from './fetch-missing.ts'
import type { MemberFacts, Members } from './members.ts'
import type { RestResult } from '../rest/rest.ts'
import { sleep } from '../rest/sleep.ts'

export interface IngestOptions {
  readonly cache: Cache
  readonly lookups: Lookups
  readonly members: Members
  readonly log: Log
  readonly stopping: AbortSignal
  readonly botUserId: () => string
  readonly isProjectChannel: (channelId: string) => boolean
  readonly deliver: (event: ChatEvent) => void
  /** What waited longer than this was not written just now, ms. */
  readonly stillNewMs?: number
}

interface Arrived {
  readonly dispatch: GatewayDispatchPayload
  readonly position: GatewayPosition
  readonly replayed: boolean
  /** By the steady clock, ms. */
  readonly at: number
}

type Where = Pick<Surroundings, 'guild' | 'place'>
type Around = Where & Pick<Surroundings, 'member'>
type Written = GatewayMessageCreateDispatchData | GatewayMessageUpdateDispatchData
type Judged = ReturnType<typeof toIncoming>
type Pressed = NonNullable<ReturnType<typeof pressOf>>

const PATIENCE_MS = 600_000
const PAUSE_MS = 1000
const STILL_NEW_MS = 10_000

export function createIngest(options: IngestOptions): {
  push(dispatch: GatewayDispatchPayload, position: GatewayPosition, replayed: boolean): void
} {
  const { cache, lookups, members, log, stopping, deliver, stillNewMs = STILL_NEW_MS } = options
  const waiting: Arrived[] = []
  let busy = false

  function drain(): void {
    while (!busy && !stopping.aborted) {
      const next = waiting.shift()
      if (!next) return
      const event = judge(next)
      if (event instanceof Promise) void handLater(next, event)
      else hand(next, event)
    }
  }

  async function handLater(arrived: Arrived, event: Promise<ChatEvent>): Promise<void> {
    busy = true
    const found = await event
    busy = false
    if (stopping.aborted) return
    hand(arrived, found)
    drain()
  }

  function hand({ at, replayed }: Arrived, event: ChatEvent): void {
    const isLate = event.kind === 'message' && (replayed || performance.now() - at > stillNewMs)
    deliver(isLate ? { ...event, late: true } : event)
  }

  function judge({ dispatch, position }: Arrived): ChatEvent | Promise<ChatEvent> {
    const before = dispatch.t === GatewayDispatchEvents.ThreadUpdate ? cache.channel(dispatch.d.id)?.name : undefined
    cache.apply(dispatch)
    const gone = ({ id }: { readonly id: string }): ChatEvent => ({ kind: 'channel-gone', channelId: id, position })
    const event = lookUp<ChatEvent | Promise<ChatEvent>>(
      {
        READY: () => ({ kind: 'fresh', position }),
        CHANNEL_DELETE: gone,
        THREAD_DELETE: gone,
        THREAD_UPDATE: ({ id, name }) =>
          name === before ? passed(position) : { kind: 'thread-renamed', threadId: id, name: name ?? '', position },
        MESSAGE_CREATE: (message) => written(message, position, (found) => ({ kind: 'message', position, ...found })),
        MESSAGE_UPDATE: (message) => {
          const { edited_timestamp: editedAt } = message
          // A link's preview, a pin and the like are told as updates, too.
          if (editedAt === null) return passed(position)
          return written(message, position, (found) => ({ kind: 'edited', position, editedAt, ...found }))
        },
        MESSAGE_DELETE: ({ id, channel_id }) => deleted(channel_id, [id], position),
        MESSAGE_DELETE_BULK: ({ ids, channel_id }) => deleted(channel_id, ids, position),
        INTERACTION_CREATE: (interaction) => {
          const pressed = pressOf(interaction)
          return pressed ? press(pressed, position) : passed(position)
        },
      },
      dispatch,
    )
    return event ?? passed(position)
  }

  /** Known places are judged at once; a channel nobody announced may be a thread of ours. */
  function written(
    message: Written,
    position: GatewayPosition,
    event: (found: Judged) => ChatEvent,
  ): ChatEvent | Promise<ChatEvent> {
    const { guild_id: guildId } = message
    if (guildId === undefined || !mayBePrompt(message, options.botUserId())) return passed(position, message)
    const judged = (around: Around): ChatEvent => event(toIncoming(message, { cache, botUserId: options.botUserId(), ...around }))
    const around = aroundNow(guildId, message.channel_id)
    if (around === 'elsewhere') return passed(position, message)
    if (around && message.member) return judged({ ...around, member: memberIn(message) })
    return lookedUp(guildId, message.channel_id).then(async (found) => {
      if (!found) return passed(position, message)
      const member = message.member ? memberIn(message) : await patiently(() => members.recent(guildId, message.author.id))
      return judged({ ...found, member })
    })
  }

  /** Of what stands in a channel we do not know, nothing was ever accepted. */
  function deleted(channelId: string, messageIds: readonly string[], position: GatewayPosition): ChatEvent {
    const channel = cache.channel(channelId)
    const place = channel && placeOf(channel, options.isProjectChannel)
    return place ? { kind: 'deleted', place: { channelId, ...place }, messageIds, position } : passed(position)
  }

  function press({ press, token, roleIds }: Pressed, position: GatewayPosition): ChatEvent | Promise<ChatEvent> {
    const { guildId, channelId, userId } = press
    const judged = ({ guild, place }: Where): ChatEvent => {
      const access = accessFacts(guild, userId, false, { roles: roleIds, nick: undefined, isBot: false })
      return { kind: 'pressed', press, token, place: { channelId, ...place }, access, position }
    }
    const around = aroundNow(guildId, channelId)
    if (around === 'elsewhere') return passed(position)
    if (around) return judged(around)
    return lookedUp(guildId, channelId).then((found) => (found ? judged(found) : passed(position)))
  }

  /** Undefined: REST has to be asked. */
  function aroundNow(guildId: string, channelId: string): Where | 'elsewhere' | undefined {
    const guild = cache.guild(guildId)
    const channel = cache.channel(channelId)
    if (!guild || !channel) return undefined
    const place = placeOf(channel, options.isProjectChannel)
    return place ? { guild, place } : 'elsewhere'
  }

  async function lookedUp(guildId: string, channelId: string): Promise<Where | undefined> {
    const guild = await patiently(() => lookups.guild(guildId))
    const channel = guild && (await patiently(() => lookups.channel(channelId)))
    const place = channel && placeOf(channel, options.isProjectChannel)
    return place && { guild, place }
  }

  /** Asks until Discord answers; undefined when it says there is no such thing, or patience ends. */
  async function patiently<T>(ask: () => Promise<RestResult<T>>): Promise<T | undefined> {
    for (let waited = 0; !stopping.aborted; waited += PAUSE_MS) {
      const result = await ask()
      if (result.ok) return result.value
      if (result.failure.kind !== 'unknown') return undefined
      if (waited >= PATIENCE_MS) {
        log.error('a message was passed over: Discord did not answer what is needed to judge it', { ...result.failure })
        return undefined
      }
      log.warn('events wait for an answer of Discord', { ...result.failure })
      await sleep(PAUSE_MS, stopping)
    }
    return undefined
  }

  return {
    push(dispatch, position, replayed) {
      waiting.push({ dispatch, position, replayed, at: performance.now() })
      drain()
    },
  }
}

function memberIn(message: Written): MemberFacts | undefined {
  return (
    message.member && { roles: message.member.roles, nick: message.member.nick ?? undefined, isBot: message.author.bot ?? false }
  )
}

function passed(position: GatewayPosition, message?: { readonly id: string; readonly channel_id: string }): ChatEvent {
  return { kind: 'passed', position, channelId: message?.channel_id, messageId: message?.id }
}
