/** Who is at the other end where that is not Discord itself, but shares one bot among many. Whoever composes the adapter says so; nothing here knows who it is. */
import type { ChatFatal } from '../../ports/chat.ts'
import type { IsGateway } from './address.ts'

export interface Peer {
  /** It does not take the token: told instead of the words for a token of Discord. */
  readonly wrongToken: ChatFatal
  /** Its own close codes after which the same token will not do better. */
  readonly closes: Readonly<Record<number, ChatFatal>>
  /** May the token be said there? */
  readonly isGateway: IsGateway
}
