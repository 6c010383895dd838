/** What ids in an interaction's data stand for (docs: Interactions > Resolved Data Structure). */
import type { Snowflake } from '../../api.ts'
import { permissionsIn } from '../realm/access.ts'
import type { Realm } from '../realm/realm.ts'
import type { AttachmentRecord, ChannelRecord, Fields, ThreadRecord } from '../realm/records.ts'
import { showChannel } from '../show/show-channel.ts'
import { showAttachment, showMessage } from '../show/show-message.ts'
import { showPartialMember, showRole, showUser } from '../show/show-user.ts'

/** Ids by what they name. */
export interface Named {
  readonly users?: readonly Snowflake[]
  readonly roles?: readonly Snowflake[]
  readonly channels?: readonly Snowflake[]
  readonly messages?: readonly Snowflake[]
  readonly attachments?: readonly AttachmentRecord[]
}

/** Undefined when nothing is named. Members come without their user, channels with the person's permissions. */
export function resolve(
  realm: Realm,
  { channel, userId }: { readonly channel: ChannelRecord | ThreadRecord; readonly userId: Snowflake },
  { users = [], roles = [], channels = [], messages = [], attachments = [] }: Named,
): Fields | undefined {
  const guild = realm.guilds.get(channel.guildId)
  const sections: Readonly<Record<string, readonly (readonly [string, unknown])[]>> = {
    users: users.filter((id) => realm.users.has(id)).map((id) => [id, showUser(realm, id)]),
    members: users.flatMap((id) => {
      const member = guild?.members.get(id)
      if (member === undefined) return []
      const { mute: _mute, deaf: _deaf, ...partial } = showPartialMember(member)
      return [[id, { ...partial, permissions: String(permissionsIn(realm, id, channel)) }]]
    }),
    roles: roles.flatMap((id) => {
      const role = guild?.roles.get(id)
      return role === undefined ? [] : [[id, showRole(role)]]
    }),
    channels: channels.flatMap((id) => {
      const named = realm.channels.get(id)
      if (named === undefined || named.guildId !== channel.guildId) return []
      return [[id, { ...showChannel(named), permissions: String(permissionsIn(realm, userId, named)) }]]
    }),
    messages: messages.flatMap((id) => {
      const message = realm.messages.find(channel.id, id)
      return message === undefined ? [] : [[id, showMessage(realm, message)]]
    }),
    attachments: attachments.map((one) => [one.id, showAttachment(realm, channel.id, one)]),
  }
  const filled = Object.entries(sections).filter(([, entries]) => entries.length > 0)
  return filled.length === 0
    ? undefined
    : Object.fromEntries(filled.map(([name, entries]) => [name, Object.fromEntries(entries)]))
}

/** Which section an id belongs to: for mentionables, and selects of several kinds. */
export function namedBy(realm: Realm, channel: ChannelRecord | ThreadRecord, ids: readonly Snowflake[]): Named {
  const guild = realm.guilds.get(channel.guildId)
  return {
    users: ids.filter((id) => realm.users.has(id)),
    roles: ids.filter((id) => guild?.roles.has(id) === true && !realm.users.has(id)),
    channels: ids.filter((id) => realm.channels.has(id) && guild?.roles.has(id) !== true),
  }
}
