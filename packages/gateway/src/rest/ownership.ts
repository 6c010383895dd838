/** One owner per channel (`kimaki-protocol`, `ownership.ts`): a machine claims a channel, gives it up, or asks whose it is. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { PROTOCOL, type Ownership, type RefusalName } from 'kimaki-protocol'
import { refuse, refuseOwned, sendJson } from '../base/answer.ts'
import { NoAnswer, StoreAway } from '../base/errors.ts'
import type { ChannelOwner } from '../ports/store.ts'
import { authenticate } from './authenticate.ts'
import { guildOfChannel, type ChannelLookUp } from './guild-of-channel.ts'

/** `channelId`: of the path, digits alone. */
export type OwnershipRoute = (request: IncomingMessage, response: ServerResponse, channelId: string) => Promise<void>

const BUCKET = 'owner of a channel'

export function createOwnership(options: ChannelLookUp): OwnershipRoute {
  const { store, limits } = options
  const act = (method: string, clientId: string, place: { readonly channelId: string; readonly guildId: string }) => {
    if (method === 'PUT') return store.owners.claim(clientId, place)
    return method === 'DELETE' ? store.owners.release(clientId, place.channelId) : store.owners.ofChannel(place.channelId)
  }
  return async (request, response, channelId) => {
    const client = authenticate(store.clients, (request.headers.authorization ?? '').replace(/^Bearer /, ''))
    if (client instanceof StoreAway) return refuse(response, 'unavailable')
    if (client === 'unauthorized') return refuse(response, 'unauthorized')
    const wait = limits.take(client.id, BUCKET)
    if (wait > 0) return refuse(response, 'tooMany', wait)
    const guildId = await ownGuildOf(options, client.id, channelId)
    if ('refused' in guildId) return refuse(response, guildId.refused)
    const owner = act(request.method ?? 'GET', client.id, { channelId, guildId: guildId.id })
    if (owner instanceof StoreAway) return refuse(response, 'unavailable')
    const isOthers = owner !== undefined && owner.clientId !== client.id
    if (request.method !== 'GET' && isOthers) return refuseOwned(response, owner.machine)
    sendJson(response, 200, shown(channelId, owner, client.id))
  }
}

const shown = (channelId: string, owner: ChannelOwner | undefined, clientId: string): Ownership => ({
  protocol: PROTOCOL,
  channel_id: channelId,
  machine: owner?.machine ?? null,
  is_own: owner?.clientId === clientId,
})

type GuildOrRefusal = { readonly id: string } | { readonly refused: RefusalName }

async function ownGuildOf(options: ChannelLookUp, clientId: string, channelId: string): Promise<GuildOrRefusal> {
  const own = options.store.clients.guildsOf(clientId)
  if (own instanceof StoreAway) return { refused: 'unavailable' }
  const id = await guildOfChannel(options, clientId, channelId)
  if (id instanceof StoreAway) return { refused: 'unavailable' }
  if (id instanceof NoAnswer) return { refused: 'noAnswer' }
  return id === undefined || !own.includes(id) ? { refused: 'foreignGuild' } : { id }
}
