/** A bot comes into a guild with a managed role of its own (docs: OAuth2 > Bot Authorization Flow). */
import type { Snowflake } from '../../api.ts'
import { joinGuild } from './members.ts'
import type { Realm } from '../realm/realm.ts'
import type { GuildRecord } from '../realm/records.ts'
import { changeRole, createRole } from './roles.ts'

interface Installed {
  readonly permissions: bigint
  readonly roles?: readonly Snowflake[]
}

/** A bot that is there already gets the permissions it is now given. */
export function installBot(
  realm: Realm,
  guild: GuildRecord,
  { id, name }: { readonly id: Snowflake; readonly name: string },
  { permissions, roles = [] }: Installed,
): void {
  const present = [...guild.roles.values()].find(({ botId }) => botId === id)
  if (present !== undefined && present.permissions !== permissions) changeRole(realm, guild, present.id, { permissions })
  const managed = present ?? createRole(realm, guild, { name, permissions, botId: id })
  joinGuild(realm, guild, id, [managed.id, ...roles])
}
