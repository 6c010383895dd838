/** Members: nicknames, roles at once, time-outs, kicks (docs: Guild > Modify Guild Member, Modify Current Member, Remove Guild Member). */
import { PermissionFlagsBits as P } from 'discord-api-types/v10'
import { LIMITS } from '../../../rules/limits.ts'
import { joinedGuild } from '../../../world/realm/access.ts'
import { refusal } from '../../../world/base/discord-error.ts'
import { changeMember, leaveGuild } from '../../../world/members/members.ts'
import { demandAbove, demandInGuild, demandRole } from '../../../world/members/rank.ts'
import type { GuildRecord, MemberRecord } from '../../../world/realm/records.ts'
import { findRole } from '../../../world/members/roles.ts'
import { showMember } from '../../../world/show/show-user.ts'
import { readForm } from '../../body/form.ts'
import { noContent, ok, param, type RestAnswer, type RestRequest, type Route } from '../../route.ts'

export const memberRoutes: readonly Route[] = [
  { method: 'PATCH', template: '/guilds/:guild/members/@me', handle: renameSelf },
  { method: 'PATCH', template: '/guilds/:guild/members/:user', handle: change },
  { method: 'DELETE', template: '/guilds/:guild/members/:user', handle: remove },
]

const guildOf = (request: RestRequest): GuildRecord => joinedGuild(request.realm, request.bot.id, param(request, 'guild'))

function renameSelf(request: RestRequest): RestAnswer {
  const guild = guildOf(request)
  demandInGuild(guild, request.bot.id, P.ChangeNickname)
  return answer(request, guild, request.bot.id, readNick(request))
}

/** Each field asks for a right of its own. */
function change(request: RestRequest): RestAnswer {
  const { bot, body } = request
  const guild = guildOf(request)
  const member = guild.members.get(param(request, 'user'))
  if (member === undefined) throw refusal('unknownMember')
  const form = readForm(body)
  const roles = form.list('roles', LIMITS.roles)?.map(String)
  const timedOutUntil = form.text('communication_disabled_until', { max: 40 })
  form.check()
  if (form.has('nick')) demandInGuild(guild, bot.id, P.ManageNicknames)
  if (form.has('communication_disabled_until')) demandInGuild(guild, bot.id, P.ModerateMembers)
  if (form.has('nick') || form.has('communication_disabled_until')) demandAbove(guild, bot.id, member.userId)
  const moved = roles === undefined ? [] : [...new Set([...roles, ...member.roles])].filter((id) => isMoved(id, roles, member))
  for (const id of moved) demandRole(guild, bot.id, findRole(guild, id))
  return answer(request, guild, member.userId, {
    ...readNick(request),
    ...(roles === undefined ? {} : { roles }),
    ...(form.has('communication_disabled_until') ? { timedOutUntil: timedOutUntil ?? null } : {}),
  })
}

function remove(request: RestRequest): RestAnswer {
  const { realm, bot } = request
  const guild = guildOf(request)
  const userId = param(request, 'user')
  demandInGuild(guild, bot.id, P.KickMembers)
  if (!guild.members.has(userId)) throw refusal('unknownMember')
  demandAbove(guild, bot.id, userId)
  leaveGuild(realm, guild, userId)
  return noContent()
}

const isMoved = (id: string, roles: readonly string[], member: MemberRecord) => roles.includes(id) !== member.roles.includes(id)

/** Null and the empty text take it away. */
function readNick({ body }: RestRequest): Partial<MemberRecord> {
  const form = readForm(body)
  const nick = form.text('nick', { max: LIMITS.nick })
  form.check()
  return form.has('nick') ? { nick: nick === undefined || nick === '' ? null : nick } : {}
}

function answer({ realm }: RestRequest, guild: GuildRecord, userId: string, wanted: Partial<MemberRecord>): RestAnswer {
  changeMember(realm, guild, userId, wanted)
  const member = guild.members.get(userId)
  if (member === undefined) throw refusal('unknownMember')
  return ok(showMember(realm, member))
}
