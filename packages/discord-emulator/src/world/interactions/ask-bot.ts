/** Opens an interaction: records it and sends INTERACTION_CREATE (docs: Interactions > Interaction Object). */
import type { Snowflake } from '../../api.ts'
import { LIMITS } from '../../rules/limits.ts'
import { permissionsIn } from '../realm/access.ts'
import { findMessageOrEphemeral } from './interactions.ts'
import type { Realm } from '../realm/realm.ts'
import type { ChannelRecord, Fields, InteractionOrigin, InteractionRecord, ThreadRecord } from '../realm/records.ts'
import { showChannel } from '../show/show-channel.ts'
import { showMessage } from '../show/show-message.ts'
import { showMember, showUser } from '../show/show-user.ts'

export interface Question {
  readonly botId: Snowflake
  readonly type: number
  readonly userId: Snowflake
  readonly channel: ChannelRecord | ThreadRecord
  readonly data: Fields
  readonly messageId?: Snowflake | undefined
  readonly target?: NonNullable<InteractionOrigin['target']>
  readonly triggering?: InteractionOrigin
}

export function askBot(realm: Realm, question: Question): InteractionRecord {
  const { botId, type, userId, channel, data, messageId, target, triggering } = question
  const id = realm.newId()
  const interaction: InteractionRecord = {
    id,
    token: Buffer.concat([Buffer.from(`interaction:${id}:`), realm.settings.secret(96)]).toString('base64url'),
    botId,
    type,
    userId,
    channelId: channel.id,
    createdAt: realm.settings.now(),
    data,
    messageId,
    origin: {
      id,
      type,
      userId,
      applicationId: botId,
      guildId: channel.guildId === '' ? undefined : channel.guildId,
      ...(target === undefined ? {} : { target }),
      ...(messageId === undefined ? {} : { messageId }),
      ...(triggering === undefined ? {} : { triggering }),
    },
    answer: undefined,
  }
  realm.interactions.open(interaction)
  realm.dispatch({
    event: 'INTERACTION_CREATE',
    guildId: channel.guildId,
    subjectId: id,
    to: botId,
    payload: () => showInteraction(realm, interaction, channel),
  })
  // A person who waits sees it fail then, though nothing else happens.
  realm.settings.clock.after(LIMITS.interactionAnswer, realm.changed)
  return interaction
}

function showInteraction(realm: Realm, interaction: InteractionRecord, channel: ChannelRecord | ThreadRecord): unknown {
  const { id, token, botId, type, userId, data, messageId } = interaction
  const guild = realm.guilds.get(channel.guildId)
  const member = guild?.members.get(userId)
  const message = messageId === undefined ? undefined : findMessageOrEphemeral(realm, channel.id, messageId)
  const permissions = (of: Snowflake) => String(permissionsIn(realm, of, channel))
  return {
    id,
    application_id: botId,
    type,
    token,
    version: 1,
    data,
    channel_id: channel.id,
    channel: { ...showChannel(channel, botId), permissions: permissions(userId) },
    ...(message === undefined ? {} : { message: showMessage(realm, message) }),
    ...(guild === undefined || member === undefined
      ? { user: showUser(realm, userId), context: 1 }
      : {
          guild_id: guild.id,
          guild: { id: guild.id, locale: 'en-US', features: [] },
          guild_locale: 'en-US',
          member: { ...showMember(realm, member), permissions: permissions(userId) },
          context: 0,
        }),
    app_permissions: permissions(botId),
    locale: 'en-US',
    entitlements: [],
    entitlement_sku_ids: [],
    authorizing_integration_owners: { '0': guild?.id ?? '0' },
    attachment_size_limit: LIMITS.fileBytes,
  }
}
