/** `/users` (docs: User resource). */
import { refusal } from '../world/discord-error.ts'
import { showUser } from '../world/show-user.ts'
import { ok, param, type RestAnswer, type RestRequest, type Route } from './route.ts'

export const userRoutes: readonly Route[] = [
  { method: 'GET', template: '/users/@me', handle: getSelf },
  { method: 'GET', template: '/users/:user', handle: get },
]

function getSelf({ realm, bot }: RestRequest): RestAnswer {
  return ok({ ...showUser(realm, bot.id), mfa_enabled: true, locale: 'en-US', premium_type: 0, email: null, verified: true })
}

function get(request: RestRequest): RestAnswer {
  const userId = param(request, 'user')
  if (!request.realm.users.has(userId)) throw refusal('unknownUser')
  return ok(showUser(request.realm, userId))
}
