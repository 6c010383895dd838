/** `/channels/:channel` and `/guilds/:guild/channels` (docs: Channel > Get, Modify, Delete Channel; Guild > Create Guild Channel). */
import { AUTO_ARCHIVE_MINUTES, LIMITS } from '../../../rules/limits.ts'
import { CHANNEL } from '../../../rules/types.ts'
import { joinedGuild, visibleChannel } from '../../../world/realm/access.ts'
import { showDirectTo } from '../../../world/channels/direct-messages.ts'
import { refusal } from '../../../world/base/discord-error.ts'
import type { OverwriteRecord } from '../../../world/realm/records.ts'
import { showChannel } from '../../../world/show/show-channel.ts'
import { channelsOf } from '../../../world/show/show-guild.ts'
import {
  createChannel,
  deleteChannel,
  mayManageChannels,
  modifyChannel,
  type ChannelChange,
} from '../../../world/channels/update-channel.ts'
import { isObject, readForm, type Form } from '../../body/form.ts'
import { actorOf, created, ok, param, type RestAnswer, type RestRequest, type Route } from '../../route.ts'

export const channelRoutes: readonly Route[] = [
  { method: 'GET', template: '/channels/:channel', handle: get },
  { method: 'PATCH', template: '/channels/:channel', handle: modify },
  { method: 'DELETE', template: '/channels/:channel', handle: remove },
  { method: 'GET', template: '/guilds/:guild/channels', handle: list },
  { method: 'POST', template: '/guilds/:guild/channels', handle: create },
]

function get(request: RestRequest): RestAnswer {
  const { realm, bot } = request
  const channel = visibleChannel(realm, bot.id, param(request, 'channel'))
  if (channel.kind === 'channel' && channel.recipients !== undefined) return ok(showDirectTo(realm, channel, bot.id))
  return ok(showChannel(channel, bot.id))
}

function modify(request: RestRequest): RestAnswer {
  const { realm, bot, body } = request
  visibleChannel(realm, bot.id, param(request, 'channel'))
  const form = readForm(body)
  const change = readChange(form)
  form.check()
  return ok(showChannel(modifyChannel(realm, actorOf(request), param(request, 'channel'), change), bot.id))
}

function remove(request: RestRequest): RestAnswer {
  const { realm, bot } = request
  return ok(showChannel(deleteChannel(realm, actorOf(request), param(request, 'channel')), bot.id))
}

function list(request: RestRequest): RestAnswer {
  const { realm, bot } = request
  const guild = joinedGuild(realm, bot.id, param(request, 'guild'))
  return ok(channelsOf(realm, guild).map((channel) => showChannel(channel)))
}

const CREATABLE = [CHANNEL.text, CHANNEL.voice, CHANNEL.category, CHANNEL.announcement, CHANNEL.forum]

function create(request: RestRequest): RestAnswer {
  const { realm, bot, body } = request
  const guild = joinedGuild(realm, bot.id, param(request, 'guild'))
  if (!mayManageChannels(guild, bot.id)) throw refusal('missingPermissions')
  const form = readForm(body)
  const name = form.text('name', { min: 1, max: LIMITS.channelName, required: true }) ?? ''
  const type = form.integer('type', { of: CREATABLE }) ?? CHANNEL.text
  const change = readChange(form)
  form.check()
  return created(showChannel(createChannel(realm, guild, { ...change, name, type })))
}

function readChange(form: Form): ChannelChange {
  const topic = form.text('topic', { max: LIMITS.topic })
  const parentId = form.id('parent_id')
  const read = {
    name: form.text('name', { min: 1, max: LIMITS.channelName }),
    topic: form.isNull('topic') ? null : topic,
    parentId: form.isNull('parent_id') ? null : parentId,
    position: form.integer('position', { min: 0 }),
    nsfw: form.boolean('nsfw'),
    slowmode: form.integer('rate_limit_per_user', { min: 0, max: LIMITS.slowmode }),
    overwrites: form.list('permission_overwrites', 1000)?.filter(isObject).map(readOverwrite),
    archived: form.boolean('archived'),
    locked: form.boolean('locked'),
    invitable: form.boolean('invitable'),
    autoArchiveMinutes: form.integer('auto_archive_duration', { of: AUTO_ARCHIVE_MINUTES }),
  }
  return Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined)) as ChannelChange
}

function readOverwrite({ id, type, allow, deny }: Readonly<Record<string, unknown>>): OverwriteRecord {
  const bits = (value: unknown) => (/^\d+$/.test(String(value)) ? BigInt(String(value)) : 0n)
  return { id: String(id), type: type === 1 ? 'member' : 'role', allow: bits(allow), deny: bits(deny) }
}
