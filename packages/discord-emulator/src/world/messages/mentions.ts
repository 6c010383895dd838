/** Which users and roles a text mentions, after `allowed_mentions` (docs: Message > Allowed Mentions Object). */
import { PermissionFlagsBits as P } from 'discord-api-types/v10'
import type { Snowflake } from '../../api.ts'
import { may } from '../realm/access.ts'
import type { Realm } from '../realm/realm.ts'
import type { ChannelRecord, MessageRecord, ThreadRecord } from '../realm/records.ts'

export interface AllowedMentions {
  readonly parse: readonly string[]
  readonly users: readonly Snowflake[]
  readonly roles: readonly Snowflake[]
  readonly repliedUser: boolean
}

/** Without `allowed_mentions` everything in the text counts, and so does the author of the message replied to. */
const EVERYTHING: AllowedMentions = { parse: ['users', 'roles', 'everyone'], users: [], roles: [], repliedUser: true }

export type Mentions = Pick<MessageRecord, 'mentions' | 'mentionRoles' | 'mentionEveryone'>

export interface MentionInput {
  readonly authorId: Snowflake
  readonly channel: ChannelRecord | ThreadRecord
  readonly content: string
  readonly allowed: AllowedMentions | undefined
  readonly repliedTo: Snowflake | undefined
}

export function resolveMentions(
  realm: Realm,
  { authorId, channel, content, allowed = EVERYTHING, repliedTo }: MentionInput,
): Mentions {
  const guild = realm.guilds.get(channel.guildId)
  const mayPingAll = /@everyone|@here|<@&/.test(content) && may(realm, authorId, channel, P.MentionEveryone)
  const users = found(content, /<@!?(\d+)>/g).filter((id) => allows(allowed, 'users', id) && realm.users.has(id))
  const roles = found(content, /<@&(\d+)>/g).filter(
    (id) => mayPingAll && allows(allowed, 'roles', id) && guild?.roles.has(id) === true,
  )
  return {
    mentions: [...new Set([...(repliedTo !== undefined && allowed.repliedUser ? [repliedTo] : []), ...users])],
    mentionRoles: roles,
    mentionEveryone: mayPingAll && allowed.parse.includes('everyone') && /@everyone|@here/.test(content),
  }
}

function allows(allowed: AllowedMentions, kind: 'users' | 'roles', id: Snowflake): boolean {
  return allowed.parse.includes(kind) || allowed[kind].includes(id)
}

function found(content: string, pattern: RegExp): readonly Snowflake[] {
  return [...new Set([...content.matchAll(pattern)].map(([, id]) => id).filter((id) => id !== undefined))]
}
