/** Application commands: list and bulk overwrite, global and per guild (docs: Application Commands). */
import { LIMITS } from '../rules/limits.ts'
import { joinedGuild } from '../world/access.ts'
import { refusal } from '../world/discord-error.ts'
import { checkCommands } from './command-body.ts'
import { isObject } from './form.ts'
import { ok, param, type RestAnswer, type RestRequest, type Route } from './route.ts'

export const commandRoutes: readonly Route[] = [
  { method: 'GET', template: '/applications/:application/commands', handle: list },
  { method: 'PUT', template: '/applications/:application/commands', handle: overwrite },
  { method: 'GET', template: '/applications/:application/guilds/:guild/commands', handle: list },
  { method: 'PUT', template: '/applications/:application/guilds/:guild/commands', handle: overwrite },
]

type Command = Readonly<Record<string, unknown>>

function list(request: RestRequest): RestAnswer {
  return ok(request.realm.commands.get(scopeOf(request)) ?? [])
}

/** Replaces the whole set; a command that keeps its name and type keeps its id, one that changes gets a new version. */
function overwrite(request: RestRequest): RestAnswer {
  const { realm, bot, body, params } = request
  const scope = scopeOf(request)
  const wanted: readonly Command[] = (Array.isArray(body) ? body : [])
    .filter(isObject)
    .map((command) => ({ ...command, type: command.type ?? 1 }))
  checkCommands(wanted)
  const counts = (type: number) => wanted.filter((command) => command.type === type).length
  const tooMany = counts(1) > LIMITS.commands || [2, 3].some((type) => counts(type) > LIMITS.commandsOfOtherType)
  if (tooMany) throw refusal('tooManyCommands')
  const old = realm.commands.get(scope) ?? []
  const stored = wanted.map((command): Command => {
    const known = old.find(({ name, type }) => name === command.name && type === command.type)
    return {
      default_member_permissions: null,
      nsfw: false,
      contexts: null,
      integration_types: [0],
      dm_permission: true,
      ...command,
      description: command.description ?? '',
      id: known?.id ?? realm.newId(),
      application_id: bot.applicationId,
      version: realm.newId(),
      ...(params.guild === undefined ? {} : { guild_id: params.guild }),
    }
  })
  realm.commands.set(scope, stored)
  realm.changed()
  return ok(stored)
}

/** `application` or `application/guild`, after asking whether they are the bot's. */
function scopeOf(request: RestRequest): string {
  const { realm, bot, params } = request
  const application = param(request, 'application')
  if (application !== bot.applicationId) throw refusal(realm.bots.has(application) ? 'notYourApplication' : 'unknownApplication')
  if (params.guild === undefined) return application
  return `${application}/${joinedGuild(realm, bot.id, params.guild).id}`
}
