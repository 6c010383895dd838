/** `/channels/:channel/messages/:message/reactions` (docs: Message > Create Reaction and the routes after it). */
import { LIMITS } from '../../../rules/limits.ts'
import { addReaction, clearReactions, reactingUsers, removeReaction } from '../../../world/messages/react.ts'
import { showUser } from '../../../world/show/show-user.ts'
import { compareSnowflakes } from '../../../world/base/snowflake.ts'
import { addressOf } from './messages.ts'
import {
  actorOf,
  noContent,
  ok,
  param,
  queryInteger,
  querySnowflake,
  type RestAnswer,
  type RestRequest,
  type Route,
} from '../../route.ts'

const all = '/channels/:channel/messages/:message/reactions'

export const reactionRoutes: readonly Route[] = [
  { method: 'PUT', template: `${all}/:emoji/@me`, handle: add },
  { method: 'DELETE', template: `${all}/:emoji/@me`, handle: (request) => remove(request, request.bot.id) },
  { method: 'DELETE', template: `${all}/:emoji/:user`, handle: (request) => remove(request, param(request, 'user')) },
  { method: 'GET', template: `${all}/:emoji`, handle: list },
  { method: 'DELETE', template: `${all}/:emoji`, handle: (request) => clear(request, { emoji: param(request, 'emoji') }) },
  { method: 'DELETE', template: all, handle: (request) => clear(request, {}) },
]

const reactionAddress = (request: RestRequest) => ({ ...addressOf(request), emoji: param(request, 'emoji') })

function add(request: RestRequest): RestAnswer {
  addReaction(request.realm, actorOf(request), reactionAddress(request))
  return noContent()
}

function remove(request: RestRequest, userId: string): RestAnswer {
  removeReaction(request.realm, actorOf(request), { ...reactionAddress(request), userId })
  return noContent()
}

function clear(request: RestRequest, which: { readonly emoji?: string }): RestAnswer {
  clearReactions(request.realm, actorOf(request), { ...addressOf(request), ...which })
  return noContent()
}

function list(request: RestRequest): RestAnswer {
  const { realm, bot } = request
  const limit = queryInteger(request, 'limit', { min: 1, max: LIMITS.reactionPage, fallback: 25 })
  const after = querySnowflake(request, 'after') ?? '0'
  const users = [...reactingUsers(realm, bot.id, reactionAddress(request))].sort(compareSnowflakes)
  const page = users.filter((id) => compareSnowflakes(id, after) > 0).slice(0, limit)
  return ok(page.map((id) => showUser(realm, id)))
}
