/** `/channels/:channel/messages` (docs: Message resource). */
import { PermissionFlagsBits as P } from 'discord-api-types/v10'
import { LIMITS } from '../../../rules/limits.ts'
import { may, visibleChannel } from '../../../world/realm/access.ts'
import { bulkDelete } from '../../../world/messages/bulk-delete.ts'
import { deleteMessage, editMessage, findMessage, type MessageAddress } from '../../../world/messages/change-message.ts'
import { refusal } from '../../../world/base/discord-error.ts'
import { sendMessage } from '../../../world/messages/send-message.ts'
import { showMessage } from '../../../world/show/show-message.ts'
import { readForm } from '../../body/form.ts'
import { readDraft, readEdit } from '../../body/message-body.ts'
import {
  actorOf,
  noContent,
  ok,
  param,
  queryInteger,
  queryRefusal,
  querySnowflake,
  viewerOf,
  type RestAnswer,
  type RestRequest,
  type Route,
} from '../../route.ts'

export const messageRoutes: readonly Route[] = [
  { method: 'GET', template: '/channels/:channel/messages', handle: list },
  { method: 'POST', template: '/channels/:channel/messages', handle: create },
  { method: 'GET', template: '/channels/:channel/messages/:message', handle: get },
  { method: 'PATCH', template: '/channels/:channel/messages/:message', handle: edit },
  { method: 'DELETE', template: '/channels/:channel/messages/:message', handle: remove },
  { method: 'POST', template: '/channels/:channel/messages/bulk-delete', handle: removeMany },
]

/** Newest first; without READ_MESSAGE_HISTORY an empty list. */
function list(request: RestRequest): RestAnswer {
  const { realm, bot } = request
  const channel = visibleChannel(realm, bot.id, param(request, 'channel'))
  const limit = queryInteger(request, 'limit', { min: 1, max: LIMITS.messagePage, fallback: 50 })
  const [before, after, around] = ['before', 'after', 'around'].map((name) => querySnowflake(request, name))
  if ([before, after, around].filter((id) => id !== undefined).length > 1) {
    throw queryRefusal('before', 'before, after and around are mutually exclusive.')
  }
  if (!may(realm, bot.id, channel, P.ReadMessageHistory)) return ok([])
  const anchors = { ...(before && { before }), ...(after && { after }), ...(around && { around }) }
  const page = realm.messages.page(channel.id, { ...anchors, limit })
  return ok(page.map((message) => showMessage(realm, message, viewerOf(request))))
}

/** The answer repeats the nonce; later reads do not know it. */
function create(request: RestRequest): RestAnswer {
  const { realm } = request
  const draft = readDraft(request)
  const message = sendMessage(realm, actorOf(request), param(request, 'channel'), draft)
  return ok({ ...showMessage(realm, message, viewerOf(request)), ...(draft.nonce === undefined ? {} : { nonce: draft.nonce }) })
}

function get(request: RestRequest): RestAnswer {
  const { realm, bot } = request
  const { channel, message } = findMessage(realm, bot.id, addressOf(request))
  if (!may(realm, bot.id, channel, P.ReadMessageHistory)) throw refusal('missingPermissions')
  return ok(showMessage(realm, message, viewerOf(request)))
}

function edit(request: RestRequest): RestAnswer {
  const { realm, bot } = request
  const { message } = findMessage(realm, bot.id, addressOf(request))
  const changed = editMessage(realm, actorOf(request), addressOf(request), readEdit(request, message.flags))
  return ok(showMessage(realm, changed, viewerOf(request)))
}

function remove(request: RestRequest): RestAnswer {
  deleteMessage(request.realm, actorOf(request), addressOf(request))
  return noContent()
}

function removeMany(request: RestRequest): RestAnswer {
  const form = readForm(request.body)
  const ids = (form.list('messages', Number.POSITIVE_INFINITY) ?? []).map(String)
  const wrong = ids.findIndex((id, index) => !/^\d{1,20}$/.test(id) || ids.indexOf(id) < index)
  if (wrong !== -1) form.problem(['messages', wrong], 'NUMBER_TYPE_COERCE', `Value "${ids[wrong]}" is not a new snowflake.`)
  form.check()
  bulkDelete(request.realm, actorOf(request), param(request, 'channel'), ids)
  return noContent()
}

export function addressOf(request: RestRequest): MessageAddress {
  return { channelId: param(request, 'channel'), messageId: param(request, 'message') }
}
