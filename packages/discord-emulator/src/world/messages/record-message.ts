/** Writes a message into the world: log, journal and gateway, in this order. The only place where messages come to be or change. */
import type { APIMessage } from 'discord-api-types/v10'
import { MESSAGE } from '../../rules/types.ts'
import type { Realm } from '../realm/realm.ts'
import type { MessageRecord } from '../realm/records.ts'
import { inGuild, showDispatchedMessage, showMessage, showPlainMessage } from '../show/show-message.ts'
import { attachedTexts } from './store-files.ts'

type By = 'person' | 'bot' | 'system'

export function recordCreated(realm: Realm, message: MessageRecord, by: By, nonce?: string | number): void {
  logOf(realm, message).append(message)
  if (message.ephemeralFor === undefined) countInChannel(realm, message)
  journalMessage(realm, message, { action: 'create', by, nonce })
  dispatchMessage(realm, 'MESSAGE_CREATE', message, nonce === undefined ? {} : { nonce })
}

export function recordUpdated(realm: Realm, message: MessageRecord, by: By): void {
  logOf(realm, message).replace(message)
  journalMessage(realm, message, { action: 'update', by })
  dispatchMessage(realm, 'MESSAGE_UPDATE', message, {})
}

export function recordDeleted(realm: Realm, message: MessageRecord, by: By): void {
  const channel = realm.channels.get(message.channelId)
  if (channel === undefined) return
  takeOut(realm, message, by)
  realm.dispatch({
    event: 'MESSAGE_DELETE',
    guildId: channel.guildId,
    subjectId: message.id,
    ...audience(message),
    payload: () => ({
      id: message.id,
      channel_id: channel.id,
      ...(message.ephemeralFor === undefined ? inGuild(channel.guildId) : {}),
    }),
  })
}

/** One event for all of them. */
export function recordBulkDeleted(realm: Realm, channelId: string, messages: readonly MessageRecord[], by: By): void {
  const guildId = realm.channels.get(channelId)?.guildId ?? ''
  for (const message of messages) takeOut(realm, message, by)
  const payload = { ids: messages.map(({ id }) => id), channel_id: channelId, ...inGuild(guildId) }
  realm.dispatch({ event: 'MESSAGE_DELETE_BULK', guildId, channelId, subjectId: messages[0]?.id, payload: () => payload })
}

function takeOut(realm: Realm, message: MessageRecord, by: By): void {
  journalMessage(realm, message, { action: 'delete', by })
  logOf(realm, message).remove(message.channelId, message.id)
  const channel = realm.channels.get(message.channelId)
  if (message.ephemeralFor !== undefined || channel?.kind !== 'thread' || !isCounted(message)) return
  realm.channels.set(channel.id, { ...channel, messageCount: Math.max(0, channel.messageCount - 1) })
}

/** Also for a message that has only changed to the eye: a thread begun from it gives it a flag and a `thread`. */
export function dispatchMessage(
  realm: Realm,
  event: 'MESSAGE_CREATE' | 'MESSAGE_UPDATE',
  message: MessageRecord,
  extra: object,
): void {
  const guildId = realm.channels.get(message.channelId)?.guildId
  if (guildId === undefined) return
  realm.dispatch({
    event,
    guildId,
    subjectId: message.id,
    ...audience(message),
    payload: (viewer) => ({ ...(showDispatchedMessage(realm, message, viewer) as object), ...extra }),
  })
}

const logOf = (realm: Realm, { ephemeralFor }: MessageRecord) => (ephemeralFor === undefined ? realm.messages : realm.ephemerals)

/** An ephemeral message goes to its bot alone, under DIRECT_MESSAGES (docs: Gateway Events > Message Create). */
function audience({ ephemeralFor, authorId, channelId }: MessageRecord) {
  return ephemeralFor === undefined ? { channelId } : { to: authorId, direct: true }
}

interface What {
  readonly action: 'create' | 'update' | 'delete'
  readonly by: By
  readonly nonce?: string | number | undefined
}

function journalMessage(realm: Realm, message: MessageRecord, { action, by, nonce }: What): void {
  const channel = realm.channels.get(message.channelId)
  const record = {
    kind: 'message' as const,
    action,
    by,
    authorId: message.authorId,
    channelId: message.channelId,
    parentId: channel?.kind === 'thread' ? channel.parentId : undefined,
    messageId: message.id,
    content: message.content,
    attachedTexts: attachedTexts(realm, message.attachments),
    nonce: nonce === undefined ? undefined : String(nonce),
  }
  if (isPlain(realm, message)) realm.journal.appendShownLater(record, message, showerOf(realm))
  else realm.journal.append({ ...record, message: showMessage(realm, message) })
}

/** One function for all messages of a realm. */
const SHOWERS = new WeakMap<Realm, (message: MessageRecord) => APIMessage>()

function showerOf(realm: Realm): (message: MessageRecord) => APIMessage {
  const known = SHOWERS.get(realm) ?? ((message) => showPlainMessage(realm, message))
  SHOWERS.set(realm, known)
  return known
}

/** Nothing in it depends on more than itself: no thread, no other message, no address that is signed at the time. */
function isPlain(realm: Realm, { id, reference, attachments }: MessageRecord): boolean {
  return reference === undefined && attachments.length === 0 && !realm.channels.has(id)
}

/** The starter message of a thread (type 21) is not counted (docs: Channel > `message_count`). */
function isCounted(message: MessageRecord): boolean {
  return message.type !== MESSAGE.threadStarter
}

function countInChannel(realm: Realm, message: MessageRecord): void {
  const channel = realm.channels.get(message.channelId)
  if (channel === undefined) return
  const counts =
    channel.kind === 'thread' && isCounted(message)
      ? { messageCount: channel.messageCount + 1, totalMessages: channel.totalMessages + 1 }
      : {}
  realm.channels.set(channel.id, { ...channel, ...counts, lastMessageId: message.id })
}
