/** Application commands, global and per guild (docs: Application Commands > Endpoints). */
import { joinedGuild } from '../../../world/realm/access.ts'
import {
  commandsIn,
  createCommand,
  deleteCommand,
  findCommand,
  overwriteCommands,
  replaceCommand,
  type Command,
  type CommandScope,
} from '../../../world/interactions/command-store.ts'
import { formRefusal, refusal } from '../../../world/base/discord-error.ts'
import { checkCommand, checkCommands } from '../../body/command-body.ts'
import { isObject } from '../../body/form.ts'
import { created, noContent, ok, param, type RestAnswer, type RestRequest, type Route } from '../../route.ts'

const scopes = ['/applications/:application/commands', '/applications/:application/guilds/:guild/commands'] as const

export const commandRoutes: readonly Route[] = scopes.flatMap((all): readonly Route[] => [
  { method: 'GET', template: all, handle: (request) => ok(commandsIn(request.realm, scopeOf(request))) },
  { method: 'PUT', template: all, handle: overwrite },
  { method: 'POST', template: all, handle: create },
  { method: 'GET', template: `${all}/:command`, handle: (request) => ok(named(request)) },
  { method: 'PATCH', template: `${all}/:command`, handle: edit },
  { method: 'DELETE', template: `${all}/:command`, handle: remove },
])

function overwrite(request: RestRequest): RestAnswer {
  const scope = scopeOf(request)
  const wanted = readList(request.body).map(withType)
  checkCommands(wanted)
  return ok(overwriteCommands(request.realm, scope, wanted))
}

/** A body that is no list of commands would otherwise empty the set. */
function readList(body: unknown): readonly Command[] {
  const list: readonly unknown[] = Array.isArray(body) ? body : []
  const strange = list.findIndex((item) => !isObject(item))
  const none = { path: [], code: 'LIST_TYPE_CONVERT', message: 'Only iterables may be used in a ListType' }
  if (!Array.isArray(body)) throw formRefusal([none])
  if (strange === -1) return list.filter(isObject)
  throw formRefusal([{ path: [strange], code: 'MODEL_TYPE_CONVERT', message: 'Only dictionaries may be used in a ModelType' }])
}

/** 201 for a new one, 200 for one that replaces its namesake. */
function create(request: RestRequest): RestAnswer {
  const scope = scopeOf(request)
  const wanted = withType(isObject(request.body) ? request.body : {})
  checkCommand(wanted)
  const { stored, isNew } = createCommand(request.realm, scope, wanted)
  return isNew ? created(stored) : ok(stored)
}

function edit(request: RestRequest): RestAnswer {
  const old = named(request)
  const changed = { ...old, ...(isObject(request.body) ? request.body : {}), type: old.type }
  checkCommand(changed)
  return ok(replaceCommand(request.realm, scopeOf(request), old, changed))
}

function remove(request: RestRequest): RestAnswer {
  deleteCommand(request.realm, scopeOf(request), named(request))
  return noContent()
}

const withType = (command: Command): Command => ({ ...command, type: command.type ?? 1 })

const named = (request: RestRequest) => findCommand(request.realm, scopeOf(request), param(request, 'command'))

/** After asking whether the application is the bot's, and the guild one of its. */
function scopeOf(request: RestRequest): CommandScope {
  const { realm, bot, params } = request
  const applicationId = param(request, 'application')
  if (applicationId !== bot.applicationId)
    throw refusal(realm.bots.has(applicationId) ? 'notYourApplication' : 'unknownApplication')
  return { applicationId, guildId: params.guild === undefined ? undefined : joinedGuild(realm, bot.id, params.guild).id }
}
