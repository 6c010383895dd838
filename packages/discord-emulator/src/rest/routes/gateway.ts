/** `/gateway` (docs: Gateway > Get Gateway, Get Gateway Bot, Session Start Limit Object). */
import { ok, type RestRequest, type Route } from '../route.ts'

export const gatewayRoutes: readonly Route[] = [
  {
    method: 'GET',
    template: '/gateway',
    open: true,
    handle: (request) => ok({ url: gatewayUrl(request.realm.settings.origin) }),
  },
  {
    method: 'GET',
    template: '/gateway/bot',
    handle: ({ realm, bot, startLimit }: RestRequest) =>
      ok({ url: gatewayUrl(realm.settings.origin), session_start_limit: startLimit.show(bot.id), shards: realm.settings.shards }),
  },
]

function gatewayUrl(origin: string): string {
  return `${origin.replace('http', 'ws')}/gateway`
}
