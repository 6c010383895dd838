/**
 * What is known of one interaction (docs: Interactions > Receiving and Responding).
 *
 *   waiting ──one callback within 3 s──▶ answered: `message` (4, 5) | `update` (6, 7) | `choices` (8) | `modal` (9)
 *      └─────3 s──▶ failed: the person reads "The application did not respond"
 *
 * The token of an answered interaction is good for 15 minutes. Whether an answer still loads is the flag of its message.
 */
import type { Snowflake } from '../../api.ts'
import { LIMITS } from '../../rules/limits.ts'
import { refusal } from '../base/discord-error.ts'
import type { Realm } from '../realm/realm.ts'
import type { InteractionRecord, MessageRecord } from '../realm/records.ts'

/** For the callback: 10062 for one that does not exist or waited too long, 40060 for one that has its answer. */
export function awaitedInteraction(realm: Realm, id: Snowflake, token: string): InteractionRecord {
  const found = realm.interactions.find(id)
  if (found === undefined || found.token !== token) throw refusal('unknownInteraction')
  if (found.answer !== undefined) throw refusal('interactionAcknowledged')
  if (isLate(realm, found)) throw refusal('unknownInteraction')
  return found
}

/** For the webhook: 10015 before the first answer, 50027 after 15 minutes or with a token that is none. */
export function answeredInteraction(realm: Realm, applicationId: Snowflake, token: string): InteractionRecord {
  const found = realm.interactions.ofToken(token)
  if (!realm.bots.has(applicationId)) throw refusal('unknownWebhook')
  if (found === undefined || found.botId !== applicationId) throw refusal('invalidWebhookToken')
  if (realm.settings.now() - found.createdAt >= LIMITS.interactionToken) throw refusal('invalidWebhookToken')
  if (found.answer === undefined) throw refusal('unknownWebhook')
  return found
}

/** The message `@original` names (10008 where there is none). */
export function originalMessage(realm: Realm, interaction: InteractionRecord): MessageRecord {
  const id = originalId(interaction)
  const message = id === undefined ? undefined : findMessageOrEphemeral(realm, interaction.channelId, id)
  if (message === undefined) throw refusal('unknownMessage')
  return message
}

export function originalId({ answer }: InteractionRecord): Snowflake | undefined {
  return answer?.kind === 'message' || answer?.kind === 'update' ? answer.messageId : undefined
}

export function findMessageOrEphemeral(realm: Realm, channelId: Snowflake, messageId: Snowflake): MessageRecord | undefined {
  return realm.messages.find(channelId, messageId) ?? realm.ephemerals.find(channelId, messageId)
}

/** Nobody answered in time. */
export function isLate(realm: Realm, { createdAt, answer }: InteractionRecord): boolean {
  return answer === undefined && realm.settings.now() - createdAt >= LIMITS.interactionAnswer
}
