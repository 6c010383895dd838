/** The one first answer to an interaction (docs: Interactions > Interaction Callback Type). */
import { MessageFlags } from 'discord-api-types/v10'
import type { Snowflake } from '../../api.ts'
import { INTERACTION, MESSAGE } from '../../rules/types.ts'
import { applyEdit, type Edit } from '../messages/change-message.ts'
import { refusal } from '../base/discord-error.ts'
import { EMPTY_DRAFT, SETTABLE_FLAGS, type Draft } from '../messages/draft.ts'
import { findMessageOrEphemeral, originalId } from './interactions.ts'
import { recordUpdated } from '../messages/record-message.ts'
import type { Realm } from '../realm/realm.ts'
import type {
  ChannelRecord,
  Fields,
  InteractionOrigin,
  InteractionRecord,
  MessageRecord,
  ThreadRecord,
} from '../realm/records.ts'
import { checkDraft, postMessage } from '../messages/send-message.ts'

/** Type 4. */
export function respondWithMessage(realm: Realm, interaction: InteractionRecord, draft: Draft): void {
  checkDraft(draft)
  const message = write(realm, interaction, { draft, flags: draft.flags & RESPONSE_FLAGS, origin: interaction.origin })
  settle(realm, interaction, { kind: 'message', messageId: message.id })
}

/** Type 5: a message that loads. Only EPHEMERAL is taken over. */
export function deferMessage(realm: Realm, interaction: InteractionRecord, wantedFlags: number): void {
  const flags = MessageFlags.Loading | (wantedFlags & MessageFlags.Ephemeral)
  const message = write(realm, interaction, { draft: EMPTY_DRAFT, flags, origin: interaction.origin })
  settle(realm, interaction, { kind: 'message', messageId: message.id })
}

/** Types 6 and 7; without an edit the message stays as it is, for now. */
export function updateSource(realm: Realm, interaction: InteractionRecord, edit: Edit | undefined): void {
  const message = sourceMessage(realm, interaction)
  if (edit !== undefined) changeMessage(realm, interaction, message, edit)
  settle(realm, interaction, { kind: 'update', messageId: message.id })
}

/** Type 8. */
export function offerChoices(realm: Realm, interaction: InteractionRecord, choices: readonly Fields[]): void {
  settle(realm, interaction, { kind: 'choices', choices })
}

/** Type 9. */
export function showModal(realm: Realm, interaction: InteractionRecord, modal: Fields): void {
  settle(realm, interaction, { kind: 'modal', modal })
}

/** Another message; the first after a deferral takes the place of what loads. */
export function followUp(realm: Realm, interaction: InteractionRecord, draft: Draft): MessageRecord {
  checkDraft(draft)
  const original = loadingMessage(realm, interaction)
  if (original !== undefined) return changeMessage(realm, interaction, original, draft)
  const first = originalId(interaction)
  const origin: InteractionOrigin = { ...interaction.origin, ...(first === undefined ? {} : { originalId: first }) }
  return write(realm, interaction, { draft, flags: draft.flags & RESPONSE_FLAGS, origin })
}

/** An edit in the name of the interaction's application: no right is asked for, and what loaded has loaded. */
export function changeMessage(realm: Realm, interaction: InteractionRecord, message: MessageRecord, edit: Edit): MessageRecord {
  const loading = (message.flags & MessageFlags.Loading) !== 0
  const edited = applyEdit(realm, { channel: channelOf(realm, interaction), message }, { allowedMentions: USERS_ONLY, ...edit })
  const changed = loading ? { ...edited, editedTimestamp: null } : edited
  recordUpdated(realm, { ...changed, flags: changed.flags & ~MessageFlags.Loading }, 'bot')
  return { ...changed, flags: changed.flags & ~MessageFlags.Loading }
}

/** The message that carries the component, also for a modal that came of one; 50035-like refusals are the route's business. */
export function sourceMessage(realm: Realm, { channelId, messageId }: InteractionRecord): MessageRecord {
  const message = messageId === undefined ? undefined : findMessageOrEphemeral(realm, channelId, messageId)
  if (message === undefined) throw refusal('unknownMessage')
  return message
}

const RESPONSE_FLAGS = SETTABLE_FLAGS | MessageFlags.Ephemeral

/** docs: Message > Allowed Mentions: in interactions and webhooks only users are pinged unless asked for. */
const USERS_ONLY = { parse: ['users'], users: [], roles: [], repliedUser: false }

interface Response {
  readonly draft: Draft
  readonly flags: number
  readonly origin: InteractionOrigin
}

function write(realm: Realm, interaction: InteractionRecord, { draft, flags, origin }: Response): MessageRecord {
  const { botId, userId } = interaction
  const ephemeral = (flags & MessageFlags.Ephemeral) !== 0
  const source = interaction.type === INTERACTION.component ? sourceOrNone(realm, interaction) : undefined
  return postMessage(realm, { kind: 'bot', id: botId }, channelOf(realm, interaction), {
    draft: { allowedMentions: USERS_ONLY, ...draft },
    type: typeOf(interaction, source),
    ...(source === undefined ? {} : { repliedTo: source }),
    flags,
    origin: { interaction: origin, ...(ephemeral ? { ephemeralFor: userId } : {}) },
  })
}

/** Commands answer under their own type; a component's answer is a reply to its message. */
function typeOf({ type, origin }: InteractionRecord, source: MessageRecord | undefined): number {
  if (type === INTERACTION.command) return origin.target === undefined ? MESSAGE.chatInputCommand : MESSAGE.contextMenuCommand
  return source === undefined ? MESSAGE.default : MESSAGE.reply
}

function sourceOrNone(realm: Realm, { channelId, messageId }: InteractionRecord): MessageRecord | undefined {
  return messageId === undefined ? undefined : findMessageOrEphemeral(realm, channelId, messageId)
}

function loadingMessage(realm: Realm, interaction: InteractionRecord): MessageRecord | undefined {
  const id = originalId(interaction)
  const message = id === undefined ? undefined : findMessageOrEphemeral(realm, interaction.channelId, id)
  return message !== undefined && (message.flags & MessageFlags.Loading) !== 0 ? message : undefined
}

function channelOf(realm: Realm, { channelId }: { readonly channelId: Snowflake }): ChannelRecord | ThreadRecord {
  const channel = realm.channels.get(channelId)
  if (channel === undefined) throw refusal('unknownChannel')
  return channel
}

function settle(realm: Realm, interaction: InteractionRecord, answer: NonNullable<InteractionRecord['answer']>): void {
  realm.interactions.answer(interaction.id, answer)
  realm.changed()
}
