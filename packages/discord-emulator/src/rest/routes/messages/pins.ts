/** `/channels/:channel/messages/pins` and the older `/channels/:channel/pins` (docs: Message > Get Channel Pins). */
import { PermissionFlagsBits as P } from 'discord-api-types/v10'
import { LIMITS } from '../../../rules/limits.ts'
import { may, visibleChannel } from '../../../world/realm/access.ts'
import { pinMessage, pinsOf, unpinMessage } from '../../../world/messages/pins.ts'
import { showMessage } from '../../../world/show/show-message.ts'
import { microseconds } from '../../../world/base/snowflake.ts'
import { addressOf } from './messages.ts'
import {
  actorOf,
  noContent,
  ok,
  param,
  queryInteger,
  viewerOf,
  type RestAnswer,
  type RestRequest,
  type Route,
} from '../../route.ts'

const [now, old] = ['/channels/:channel/messages/pins', '/channels/:channel/pins'] as const

export const pinRoutes: readonly Route[] = [
  { method: 'GET', template: now, handle: page },
  { method: 'PUT', template: `${now}/:message`, handle: pin },
  { method: 'DELETE', template: `${now}/:message`, handle: unpin },
  { method: 'GET', template: old, handle: (request) => ok(pins(request).map(({ message }) => message)) },
  { method: 'PUT', template: `${old}/:message`, handle: pin },
  { method: 'DELETE', template: `${old}/:message`, handle: unpin },
]

/** Without READ_MESSAGE_HISTORY an empty list. */
function pins(request: RestRequest) {
  const { realm, bot } = request
  const channel = visibleChannel(realm, bot.id, param(request, 'channel'))
  if (!may(realm, bot.id, channel, P.ReadMessageHistory)) return []
  return pinsOf(realm, channel.id).map((message) => ({
    pinned_at: message.pinnedAt,
    message: showMessage(realm, message, viewerOf(request)),
  }))
}

function page(request: RestRequest): RestAnswer {
  const limit = queryInteger(request, 'limit', { min: 1, max: LIMITS.pinPage, fallback: LIMITS.pinPage })
  const before = request.query.get('before')
  const until = before === null ? Number.POSITIVE_INFINITY : microseconds(before)
  const items = pins(request).filter(({ pinned_at }) => microseconds(pinned_at) < until)
  return ok({ items: items.slice(0, limit), has_more: items.length > limit })
}

function pin(request: RestRequest): RestAnswer {
  pinMessage(request.realm, actorOf(request), addressOf(request))
  return noContent()
}

function unpin(request: RestRequest): RestAnswer {
  unpinMessage(request.realm, actorOf(request), addressOf(request))
  return noContent()
}
