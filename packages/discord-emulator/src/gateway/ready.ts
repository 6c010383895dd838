/** The READY payload (docs: Gateway Events > Ready) and which guilds are a shard's (docs: Gateway > Sharding). */
import type { Snowflake } from '../api.ts'
import { applicationFlags } from '../world/show/application-flags.ts'
import type { Realm } from '../world/realm/realm.ts'
import { showUser } from '../world/show/show-user.ts'
import type { Session } from './session.ts'

/** Guilds are unavailable here; each follows as GUILD_CREATE. */
export function readyPayload(realm: Realm, { id, bot, shard }: Session): unknown {
  const guilds = [...realm.guilds.values()].filter((guild) => guild.members.has(bot.id) && isOnShard(guild.id, shard))
  return {
    v: 10,
    user: { ...showUser(realm, bot.id), mfa_enabled: true, verified: true, email: null },
    guilds: guilds.map((guild) => ({ id: guild.id, unavailable: true })),
    session_id: id,
    session_type: 'normal',
    resume_gateway_url: resumeUrl(realm.settings.origin),
    shard: [...shard],
    application: { id: bot.applicationId, flags: applicationFlags(bot.privileged) },
    private_channels: [],
    relationships: [],
    user_settings: {},
    _trace: [],
  }
}

/** A path of its own, so that one can see who resumes where they were told to. */
function resumeUrl(origin: string): string {
  return `${origin.replace('http', 'ws')}/gateway/resume`
}

export function isOnShard(guildId: Snowflake, [index, count]: readonly [number, number]): boolean {
  return Number((BigInt(guildId) >> 22n) % BigInt(count)) === index
}
