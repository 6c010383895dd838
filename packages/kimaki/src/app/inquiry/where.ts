/** Where a message is: from the record, from the conversation in memory, and of its author from Discord. */
import { may } from '../../domain/access.ts'
import { whereIs, type Whereabouts } from '../../domain/conversation/inquiry/where.ts'
import type { MessageTarget } from '../../domain/conversation/request.ts'
import type { ChatPort } from '../../ports/chat.ts'
import type { StorePort } from '../../ports/store.ts'
import type { InquiryDeps } from './standing.ts'

export interface WhereDeps extends Pick<InquiryDeps, 'stateOf'> {
  readonly chat: Pick<ChatPort, 'accessOf'>
  readonly store: Pick<StorePort, 'messageRecord' | 'load'>
}

export async function whereaboutsOf(
  { chat, store, stateOf }: WhereDeps,
  target: MessageTarget,
  { guildId, channelId }: { readonly guildId: string; readonly channelId: string },
): Promise<Whereabouts> {
  const record = await store.messageRecord(target.id, channelId)
  const { accepted } = record
  if (!accepted) {
    const access = target.authorId === undefined ? undefined : await chat.accessOf(guildId, target.authorId)
    const mayAuthorSpeak = access === undefined || access instanceof Error ? undefined : may('speak', access)
    return whereIs(target, record, undefined, mayAuthorSpeak)
  }
  const state = stateOf(accepted.conversation) ?? (await store.load(accepted.conversation)).state
  return whereIs(target, record, state, undefined)
}
