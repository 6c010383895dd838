/** `/channels/:channel/typing` (docs: Channel > Trigger Typing Indicator). */
import { startTyping } from '../../../world/messages/typing.ts'
import { actorOf, noContent, param, type Route } from '../../route.ts'

export const typingRoutes: readonly Route[] = [
  {
    method: 'POST',
    template: '/channels/:channel/typing',
    handle(request) {
      startTyping(request.realm, actorOf(request), param(request, 'channel'))
      return noContent()
    },
  },
]
