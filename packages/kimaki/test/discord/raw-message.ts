/** A message as Discord sends it, and what the adapter makes of it without a connection. */
import { MessageType, type APIMessage, type APIUserWithMember } from 'discord-api-types/v10'
import type { IncomingMessage } from '../../src/domain/message/incoming.ts'
import { createCache } from '../../src/discord/inbound/cache.ts'
import { toIncoming } from '../../src/discord/inbound/incoming.ts'
import { message as readMessage, sender as readSender, type RawMessage, type Sender } from '../../src/discord/wire/message.ts'

export const BOT_ID = '100000000000000009'
const CHANNEL_ID = '300000000000000001'

export const ANN: APIUserWithMember = {
  id: '100000000000000001',
  username: 'ann',
  discriminator: '0',
  global_name: 'Ann',
  avatar: null,
}

export const raw = (facts: Partial<APIMessage>): APIMessage => ({
  id: '200000000000000001',
  channel_id: CHANNEL_ID,
  author: ANN,
  content: '',
  timestamp: '2026-01-01T00:00:00Z',
  edited_timestamp: null,
  tts: false,
  mention_everyone: false,
  mentions: [],
  mention_roles: [],
  attachments: [],
  embeds: [],
  pinned: false,
  type: MessageType.Default,
  ...facts,
})

export const read = (facts: Partial<APIMessage>): RawMessage => known(readMessage(raw(facts)))

export const senderOf = (facts: Partial<APIMessage>): Sender => known(readSender(raw(facts)))

export function incoming(facts: Partial<APIMessage>): IncomingMessage {
  const guild = { id: '400000000000000001', ownerId: ANN.id, roles: new Map(), boosts: 0 }
  const place = { projectChannelId: CHANNEL_ID, inThread: false }
  return toIncoming(read(facts), { cache: createCache(), botUserId: BOT_ID, guild, place, member: undefined })
}

function known<T>(value: T): Exclude<T, Error> {
  if (value instanceof Error) throw value
  return value as Exclude<T, Error>
}
