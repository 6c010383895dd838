/**
 * Gateway dispatches -> events for the caller, strictly in the order of the gateway. Most are judged on the spot. A message that needs
 * a fact the cache lacks waits for REST, and everything behind it waits too: nothing is ever reordered, and no position passes a
 * message that is not handed up yet. Should REST fail for `PATIENCE_MS`, the message is given up with a line in the log.
 */
import { GatewayDispatchEvents, type GatewayDispatchPayload, type GatewayMessageCreateDispatchData } from 'discord-api-types/v10'
import type { ChatEvent, GatewayPosition } from '../ports/chat.ts'
import type { Log } from '../ports/host.ts'
import type { Cache } from './cache.ts'
import { mayBePrompt, placeOf, toIncoming, type Surroundings } from './incoming.ts'
import { lookUp } from './dispatches.ts'
import type { Lookups } from './lookups.ts'
import type { MemberFacts, Members } from './members.ts'
import type { RestResult } from './rest.ts'
import { sleep } from './sleep.ts'

export interface IngestOptions {
  readonly cache: Cache
  readonly lookups: Lookups
  readonly members: Members
  readonly log: Log
  readonly stopping: AbortSignal
  readonly botUserId: () => string
  readonly isProjectChannel: (channelId: string) => boolean
  readonly deliver: (event: ChatEvent) => void
}

interface Arrived {
  readonly dispatch: GatewayDispatchPayload
  readonly position: GatewayPosition
}

type Around = Pick<Surroundings, 'guild' | 'place' | 'member'>

const PATIENCE_MS = 600_000
const PAUSE_MS = 1000

export function createIngest(options: IngestOptions): {
  push(dispatch: GatewayDispatchPayload, position: GatewayPosition): void
} {
  const { cache, lookups, members, log, stopping, deliver } = options
  const waiting: Arrived[] = []
  let busy = false

  function drain(): void {
    while (!busy && !stopping.aborted) {
      const next = waiting.shift()
      if (!next) return
      const event = judge(next)
      if (event instanceof Promise) void handLater(event)
      else deliver(event)
    }
  }

  async function handLater(event: Promise<ChatEvent>): Promise<void> {
    busy = true
    const found = await event
    busy = false
    if (stopping.aborted) return
    deliver(found)
    drain()
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
        MESSAGE_CREATE: (message) =>
          mayBePrompt(message, options.botUserId()) && message.guild_id
            ? placed(message, message.guild_id, position)
            : passed(position, message),
      },
      dispatch,
    )
    return event ?? passed(position)
  }

  /** Known places are judged at once; a channel nobody announced may be a thread of ours. */
  function placed(
    message: GatewayMessageCreateDispatchData,
    guildId: string,
    position: GatewayPosition,
  ): ChatEvent | Promise<ChatEvent> {
    const guild = cache.guild(guildId)
    const channel = cache.channel(message.channel_id)
    if (!guild || !channel) return looked(message, guildId, position)
    const place = placeOf(channel, options.isProjectChannel)
    if (!place) return passed(position, message)
    return message.member
      ? incoming(message, { guild, place, member: memberIn(message) }, position)
      : looked(message, guildId, position)
  }

  async function looked(
    message: GatewayMessageCreateDispatchData,
    guildId: string,
    position: GatewayPosition,
  ): Promise<ChatEvent> {
    const guild = await patiently(() => lookups.guild(guildId))
    const channel = guild && (await patiently(() => lookups.channel(message.channel_id)))
    const place = channel && placeOf(channel, options.isProjectChannel)
    if (!place) return passed(position, message)
    const member = message.member ? memberIn(message) : await patiently(() => members.recent(guildId, message.author.id))
    return incoming(message, { guild, place, member }, position)
  }

  function incoming(message: GatewayMessageCreateDispatchData, around: Around, position: GatewayPosition): ChatEvent {
    return { kind: 'message', position, ...toIncoming(message, { cache, botUserId: options.botUserId(), ...around }) }
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
    push(dispatch, position) {
      waiting.push({ dispatch, position })
      drain()
    },
  }
}

function memberIn(message: GatewayMessageCreateDispatchData): MemberFacts | undefined {
  return (
    message.member && { roles: message.member.roles, nick: message.member.nick ?? undefined, isBot: message.author.bot ?? false }
  )
}

function passed(position: GatewayPosition, message?: { readonly id: string; readonly channel_id: string }): ChatEvent {
  return { kind: 'passed', position, channelId: message?.channel_id, messageId: message?.id }
}
