/** `/guilds/:guild/roles` and the roles of members (docs: Guild > Create Guild Role and the routes around it). */
import { LIMITS } from '../../../rules/limits.ts'
import { PermissionFlagsBits as P } from 'discord-api-types/v10'
import { joinedGuild } from '../../../world/realm/access.ts'
import { refusal } from '../../../world/base/discord-error.ts'
import { setRoles } from '../../../world/members/members.ts'
import { demandGrantable, demandInGuild, demandRole } from '../../../world/members/rank.ts'
import type { GuildRecord, RoleRecord } from '../../../world/realm/records.ts'
import { changeRole, createRole, deleteRole, findRole } from '../../../world/members/roles.ts'
import { showRole } from '../../../world/show/show-user.ts'
import { readForm } from '../../body/form.ts'
import { noContent, ok, param, type RestAnswer, type RestRequest, type Route } from '../../route.ts'

const all = '/guilds/:guild/roles'
const held = '/guilds/:guild/members/:user/roles/:role'

export const roleRoutes: readonly Route[] = [
  { method: 'GET', template: all, handle: (request) => ok([...guildOf(request).roles.values()].map(showRole)) },
  { method: 'POST', template: all, handle: create },
  { method: 'GET', template: `${all}/:role`, handle: (request) => ok(showRole(named(request))) },
  { method: 'PATCH', template: `${all}/:role`, handle: change },
  { method: 'DELETE', template: `${all}/:role`, handle: remove },
  { method: 'PUT', template: held, handle: (request) => assign(request, (roles, id) => [...new Set([...roles, id])]) },
  { method: 'DELETE', template: held, handle: (request) => assign(request, (roles, id) => roles.filter((one) => one !== id)) },
]

const guildOf = (request: RestRequest): GuildRecord => joinedGuild(request.realm, request.bot.id, param(request, 'guild'))
const named = (request: RestRequest): RoleRecord => findRole(guildOf(request), param(request, 'role'))

function create(request: RestRequest): RestAnswer {
  const { realm, bot } = request
  const guild = guildOf(request)
  demandInGuild(guild, bot.id, P.ManageRoles)
  const { name = 'new role', permissions = guild.roles.get(guild.id)?.permissions ?? 0n, ...look } = readRole(request)
  demandGrantable(guild, bot.id, permissions)
  return ok(showRole(createRole(realm, guild, { ...look, name, permissions })))
}

function change(request: RestRequest): RestAnswer {
  const { realm, bot } = request
  const guild = guildOf(request)
  const role = named(request)
  demandRole(guild, bot.id, role)
  const wanted = readRole(request)
  demandGrantable(guild, bot.id, (wanted.permissions ?? 0n) & ~role.permissions)
  return ok(showRole(changeRole(realm, guild, role.id, wanted)))
}

/** @everyone and managed roles stay. */
function remove(request: RestRequest): RestAnswer {
  const { realm, bot } = request
  const guild = guildOf(request)
  const role = named(request)
  demandRole(guild, bot.id, role)
  if (role.managed || role.id === guild.id) throw refusal('invalidRole')
  deleteRole(realm, guild, role.id)
  return noContent()
}

function assign(request: RestRequest, next: (roles: readonly string[], id: string) => readonly string[]): RestAnswer {
  const { realm, bot } = request
  const guild = guildOf(request)
  const member = guild.members.get(param(request, 'user'))
  if (member === undefined) throw refusal('unknownMember')
  const role = named(request)
  demandRole(guild, bot.id, role)
  if (role.managed || role.id === guild.id) throw refusal('invalidRole')
  setRoles(realm, guild, member.userId, next(member.roles, role.id))
  return noContent()
}

type Wanted = Partial<Pick<RoleRecord, 'name' | 'permissions' | 'color' | 'hoist' | 'mentionable'>>

function readRole({ body }: RestRequest): Wanted {
  const form = readForm(body)
  const bits = form.id('permissions')
  const read = {
    name: form.text('name', { min: 1, max: LIMITS.roleName }),
    permissions: bits === undefined ? undefined : BigInt(bits),
    color: form.object('colors')?.integer('primary_color', colors) ?? form.integer('color', colors),
    hoist: form.boolean('hoist'),
    mentionable: form.boolean('mentionable'),
  }
  form.check()
  return Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined))
}

const colors = { min: 0, max: 0xff_ff_ff }
