/** `/guilds/:guild`, its members, `/users/@me/guilds` (docs: Guild resource, User > Get Current User Guilds). */
import { LIMITS } from '../../../rules/limits.ts'
import { guildPermissions, joinedGuild } from '../../../world/realm/access.ts'
import { refusal } from '../../../world/base/discord-error.ts'
import { namedLike } from '../../../world/members/named-like.ts'
import { showGuild } from '../../../world/show/show-guild.ts'
import { showMember } from '../../../world/show/show-user.ts'
import { compareSnowflakes } from '../../../world/base/snowflake.ts'
import { ok, param, queryInteger, querySnowflake, queryText, type RestAnswer, type RestRequest, type Route } from '../../route.ts'

export const guildRoutes: readonly Route[] = [
  { method: 'GET', template: '/users/@me/guilds', scope: 'guilds', handle: listOwn },
  { method: 'GET', template: '/guilds/:guild', handle: get },
  { method: 'GET', template: '/guilds/:guild/members', handle: listMembers },
  { method: 'GET', template: '/guilds/:guild/members/search', handle: searchMembers },
  { method: 'GET', template: '/guilds/:guild/members/:user', handle: getMember },
]

const guildOf = (request: RestRequest) => joinedGuild(request.realm, request.bot.id, param(request, 'guild'))

/** Here alone a guild the bot is not in looks like none (10004; discord-api-docs#5840). */
function get(request: RestRequest): RestAnswer {
  const guild = request.realm.guilds.get(param(request, 'guild'))
  if (guild?.members.has(request.bot.id) !== true) throw refusal('unknownGuild')
  const counts = { approximate_member_count: guild.members.size, approximate_presence_count: guild.members.size }
  return ok({ ...showGuild(guild), ...(request.query.get('with_counts') === 'true' ? counts : {}) })
}

/** Needs the GUILD_MEMBERS intent (docs: Guild > List Guild Members). */
function listMembers(request: RestRequest): RestAnswer {
  const guild = guildOf(request)
  if (!request.bot.privileged.guildMembers) throw refusal('missingAccess')
  const limit = queryInteger(request, 'limit', { min: 1, max: LIMITS.memberPage, fallback: 1 })
  const after = querySnowflake(request, 'after') ?? '0'
  const members = [...guild.members.values()]
    .filter(({ userId }) => compareSnowflakes(userId, after) > 0)
    .sort((a, b) => compareSnowflakes(a.userId, b.userId))
  return ok(members.slice(0, limit).map((member) => showMember(request.realm, member)))
}

/** By the beginning of a name; no intent is needed (docs: Guild > Search Guild Members). */
function searchMembers(request: RestRequest): RestAnswer {
  const guild = guildOf(request)
  const limit = queryInteger(request, 'limit', { min: 1, max: LIMITS.memberPage, fallback: 1 })
  const found = namedLike(request.realm, guild.members.values(), queryText(request, 'query', { min: 1, max: LIMITS.memberQuery }))
  return ok(found.slice(0, limit).map((member) => showMember(request.realm, member)))
}

/** 10013 for someone who does not exist, 10007 for someone who is not here. */
function getMember(request: RestRequest): RestAnswer {
  const userId = param(request, 'user')
  const member = guildOf(request).members.get(userId)
  if (member === undefined) throw refusal(request.realm.users.has(userId) ? 'unknownMember' : 'unknownUser')
  return ok(showMember(request.realm, member))
}

function listOwn({ realm, bot, grant }: RestRequest): RestAnswer {
  const userId = grant?.userId ?? bot.id
  const joined = [...realm.guilds.values()].flatMap((guild) => {
    const member = guild.members.get(userId)
    return member === undefined ? [] : [{ guild, member }]
  })
  return ok(
    joined.map(({ guild, member }) => ({
      id: guild.id,
      name: guild.name,
      icon: null,
      banner: null,
      owner: guild.ownerId === userId,
      permissions: String(guildPermissions(guild, member)),
      features: [],
    })),
  )
}
