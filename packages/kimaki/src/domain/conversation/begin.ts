/**
 * The one way to begin a conversation that no message in a project channel opened: a row, a thread opened or found, an inbox row in it.
 * Questions aside, `kimaki send`, resumed, forked, scheduled and mirrored sessions begin like this (`app/effects/begin-conversation.ts`).
 */
import { authorUserId, type IncomingMessage } from '../message/incoming.ts'
import type { Effect, Outcome } from './effect.ts'
import type { Beginning } from './request.ts'
import type { Conversation } from './state.ts'

export interface BeginConversation extends Effect {
  readonly kind: 'begin-conversation'
  /** What the owner knows the request by. */
  readonly id: string
  /** Key of the inbox row the new conversation begins with: found again, the work is done. */
  readonly requestKey: string
  /** A thread that an earlier attempt has opened is newer than this snowflake. */
  readonly afterId: string
  readonly guildId: string
  readonly channelId: string
  readonly directory: string
  readonly message: IncomingMessage
  readonly begins: Beginning
  /** Who is added to the thread. */
  readonly userId: string | undefined
}

export type ConversationBegun = Outcome<{ readonly kind: 'begun'; readonly threadId: string }>

export function beginConversationEffect(
  { guildId, channelId, directory }: Conversation,
  request: Pick<BeginConversation, 'owner' | 'id' | 'requestKey' | 'afterId' | 'message' | 'begins'>,
): BeginConversation {
  const userId = authorUserId(request.message.author)
  const place = { guildId, channelId, directory: request.begins.cwd ?? directory }
  return { ...request, key: `begin/${request.id}`, kind: 'begin-conversation', ...place, userId }
}
