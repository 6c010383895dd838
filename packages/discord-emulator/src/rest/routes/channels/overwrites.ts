/** `/channels/:channel/permissions` (docs: Channel > Edit Channel Permissions, Delete Channel Permission). */
import { PermissionFlagsBits as P } from 'discord-api-types/v10'
import { demand, permissionsIn, visibleChannel } from '../../../world/realm/access.ts'
import { refusal } from '../../../world/base/discord-error.ts'
import type { ChannelRecord, OverwriteRecord } from '../../../world/realm/records.ts'
import { storeChannel } from '../../../world/channels/update-channel.ts'
import { readForm } from '../../body/form.ts'
import { noContent, param, type RestAnswer, type RestRequest, type Route } from '../../route.ts'

const one = '/channels/:channel/permissions/:overwrite'

export const overwriteRoutes: readonly Route[] = [
  { method: 'PUT', template: one, handle: put },
  { method: 'DELETE', template: one, handle: remove },
]

/** Only permissions the bot has in the channel can be allowed or denied. */
function put(request: RestRequest): RestAnswer {
  const { realm, bot, body } = request
  const channel = channelOf(request)
  const form = readForm(body)
  const type = form.integer('type', { of: [0, 1] })
  const [allow, deny] = ['allow', 'deny'].map((name) => BigInt(form.id(name) ?? '0'))
  if (type === undefined && !form.has('type')) form.problem(['type'], 'BASE_TYPE_REQUIRED', 'This field is required')
  form.check()
  const overwrite: OverwriteRecord = {
    id: param(request, 'overwrite'),
    type: type === 1 ? 'member' : 'role',
    allow: allow ?? 0n,
    deny: deny ?? 0n,
  }
  const touched = overwrite.allow | overwrite.deny
  if ((permissionsIn(realm, bot.id, channel) & touched) !== touched) throw refusal('missingPermissions')
  storeChannel(realm, channel, { overwrites: [...channel.overwrites.filter(({ id }) => id !== overwrite.id), overwrite] })
  return noContent()
}

function remove(request: RestRequest): RestAnswer {
  const channel = channelOf(request)
  const id = param(request, 'overwrite')
  if (!channel.overwrites.some((overwrite) => overwrite.id === id)) throw refusal('unknownOverwrite')
  storeChannel(request.realm, channel, { overwrites: channel.overwrites.filter((overwrite) => overwrite.id !== id) })
  return noContent()
}

function channelOf(request: RestRequest): ChannelRecord {
  const { realm, bot } = request
  const channel = visibleChannel(realm, bot.id, param(request, 'channel'))
  if (channel.kind === 'thread') throw refusal('wrongChannelType')
  demand(realm, bot.id, channel, P.ManageRoles)
  return channel
}
