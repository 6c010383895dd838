/** `/users` (docs: User resource). */
import { openDirect, showDirectTo } from '../../../world/channels/direct-messages.ts'
import { refusal } from '../../../world/base/discord-error.ts'
import { showUser } from '../../../world/show/show-user.ts'
import { readForm } from '../../body/form.ts'
import { ok, param, type RestAnswer, type RestRequest, type Route } from '../../route.ts'

export const userRoutes: readonly Route[] = [
  { method: 'GET', template: '/users/@me', scope: 'identify', handle: getSelf },
  { method: 'GET', template: '/users/:user', handle: get },
  { method: 'POST', template: '/users/@me/channels', handle: openChannel },
]

function getSelf({ realm, bot, grant }: RestRequest): RestAnswer {
  return ok({
    ...showUser(realm, grant?.userId ?? bot.id),
    mfa_enabled: true,
    locale: 'en-US',
    premium_type: 0,
    email: null,
    verified: true,
  })
}

function get(request: RestRequest): RestAnswer {
  const userId = param(request, 'user')
  if (!request.realm.users.has(userId)) throw refusal('unknownUser')
  return ok(showUser(request.realm, userId))
}

function openChannel({ realm, bot, body }: RestRequest): RestAnswer {
  const form = readForm(body)
  const other = form.id('recipient_id')
  if (other === undefined) form.problem(['recipient_id'], 'BASE_TYPE_REQUIRED', 'This field is required')
  form.check()
  return ok(showDirectTo(realm, openDirect(realm, bot.id, other ?? ''), bot.id))
}
