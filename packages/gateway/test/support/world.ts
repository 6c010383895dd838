/** A store in memory with two clients, each let into a guild of its own, and what belongs to whom. */
import { randomUUID } from 'node:crypto'
import { hashOf, tokenOf } from 'kimaki-protocol'
import { onTestFinished } from 'vitest'
import type { Dispatch, Position, Store } from '../../src/ports/store.ts'
import { openStore } from '../../src/store/store.ts'

export const APPLICATION = '900'

export interface Owner {
  readonly clientId: string
  readonly token: string
  readonly guildId: string
  readonly channelId: string
  readonly threadId: string
  readonly interactionToken: string
}

export interface SmallWorld {
  readonly store: Store
  readonly clock: { now: number }
  readonly ada: Owner
  readonly ben: Owner
  commit(...dispatches: readonly Dispatch[]): ReturnType<Store['events']['commit']>
}

export const POSITION: Position = { sessionId: 'discord', resumeUrl: 'ws://discord', sequence: 1 }

export function smallWorld(limits = { keepMs: 86_400_000, keepEvents: 10_000 }): SmallWorld {
  const clock = { now: 1_000_000 }
  const store = openStore({ path: ':memory:', now: () => clock.now, onFailure: () => undefined, ...limits })
  onTestFinished(() => store.close())
  const commit = (...dispatches: readonly Dispatch[]) => store.events.commit(dispatches, POSITION, () => true)
  commit(ready('100', '200'))
  const [ada, ben] = [owner(store, '1'), owner(store, '2')]
  for (const one of [ada, ben]) commit(guildOf(one), interactionOf(one))
  return { store, clock, ada, ben, commit }
}

export const ready = (...guildIds: readonly string[]): Dispatch => ({
  name: 'READY',
  data: { user: { id: APPLICATION }, guilds: guildIds.map((id) => ({ id, unavailable: true })) },
})

export const guildOf = ({ guildId, channelId, threadId }: Owner): Dispatch => ({
  name: 'GUILD_CREATE',
  data: {
    id: guildId,
    name: `guild ${guildId}`,
    system_channel_id: channelId,
    channels: [{ id: channelId, type: 0, name: 'general' }],
    threads: [{ id: threadId, type: 11, parent_id: channelId, thread_metadata: { archived: false } }],
    roles: [{ id: guildId, name: '@everyone' }],
    members: [{ user: { id: APPLICATION } }, { user: { id: '5' } }],
    presences: [{ user: { id: '5' } }],
  },
})

export const interactionOf = ({ guildId, channelId, interactionToken }: Owner): Dispatch => ({
  name: 'INTERACTION_CREATE',
  data: { id: `${guildId}77`, type: 2, token: interactionToken, guild_id: guildId, channel_id: channelId },
})

export const messageIn = ({ guildId, channelId }: Owner, content: string): Dispatch => ({
  name: 'MESSAGE_CREATE',
  data: { id: '1', guild_id: guildId, channel_id: channelId, content },
})

function owner(store: Store, number: string): Owner {
  const guildId = `${number}00`
  const ids = { channelId: `${number}000001`, threadId: `${number}000002`, interactionToken: `token-of-${number}${number}` }
  return { ...machineIn(store, number, guildId), guildId, ...ids }
}

/** A client named after the digit, let into the guild by the person `<digit>5`. */
export function machineIn(store: Store, digit: string, guildId: string): Pick<Owner, 'clientId' | 'token'> {
  const clientId = randomUUID()
  const secret = digit.repeat(64)
  const attempt = store.clients.register({
    id: clientId,
    secretHash: hashOf(secret),
    machine: `machine ${digit}`,
    restart: false,
  })
  if (typeof attempt === 'string' || attempt instanceof Error) throw new Error('not registered')
  store.clients.authorize(attempt.id, guildId, `${digit}5`)
  return { clientId, token: tokenOf({ clientId, secret }) }
}
