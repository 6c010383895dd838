/** The commands of an application, global or of one guild, and how often they may be created (docs: Application Commands). */
import type { Snowflake } from '../../api.ts'
import { LIMITS } from '../../rules/limits.ts'
import { refusal } from '../base/discord-error.ts'
import type { Realm } from '../realm/realm.ts'

export type Command = Readonly<Record<string, unknown>>

export interface CommandScope {
  readonly applicationId: Snowflake
  readonly guildId: Snowflake | undefined
}

export function commandsIn(realm: Realm, scope: CommandScope): readonly Command[] {
  return realm.commands.get(keyOf(scope)) ?? []
}

export function findCommand(realm: Realm, scope: CommandScope, commandId: Snowflake): Command {
  const found = commandsIn(realm, scope).find(({ id }) => id === commandId)
  if (found === undefined) throw refusal('unknownCommand')
  return found
}

/** Replaces the whole set. One that keeps its name and type keeps its id; only new ones count as created. */
export function overwriteCommands(realm: Realm, scope: CommandScope, wanted: readonly Command[]): readonly Command[] {
  const old = commandsIn(realm, scope)
  checkCounts(wanted)
  countCreations(realm, scope, wanted.filter((command) => sameCommand(old, command) === undefined).length)
  return store(
    realm,
    scope,
    wanted.map((command) => shaped(realm, scope, command, sameCommand(old, command))),
  )
}

/** Creates, or replaces the one of the same name and type. */
export function createCommand(realm: Realm, scope: CommandScope, command: Command) {
  const old = commandsIn(realm, scope)
  const known = sameCommand(old, command)
  const others = old.filter((one) => one !== known)
  checkCounts([...others, command])
  if (known === undefined) countCreations(realm, scope, 1)
  const stored = shaped(realm, scope, command, known)
  store(realm, scope, [...others, stored])
  return { stored, isNew: known === undefined }
}

/** `changed` is the whole command after the change. */
export function replaceCommand(realm: Realm, scope: CommandScope, old: Command, changed: Command): Command {
  const stored = shaped(realm, scope, changed, old)
  store(
    realm,
    scope,
    commandsIn(realm, scope).map((one) => (one === old ? stored : one)),
  )
  return stored
}

export function deleteCommand(realm: Realm, scope: CommandScope, command: Command): void {
  store(
    realm,
    scope,
    commandsIn(realm, scope).filter((one) => one !== command),
  )
}

const keyOf = ({ applicationId, guildId }: CommandScope) =>
  guildId === undefined ? applicationId : `${applicationId}/${guildId}`

function sameCommand(commands: readonly Command[], { name, type }: Command): Command | undefined {
  return commands.find((one) => one.name === name && one.type === type)
}

function checkCounts(commands: readonly Command[]): void {
  const counts = (type: number) => commands.filter((command) => command.type === type).length
  const tooMany = counts(1) > LIMITS.commands || [2, 3].some((type) => counts(type) > LIMITS.commandsOfOtherType)
  if (tooMany) throw refusal('tooManyCommands')
}

/** 30034: creates of a day, counted by scope. */
function countCreations(realm: Realm, scope: CommandScope, added: number): void {
  const now = realm.settings.now()
  const recent = (realm.commandCreations.get(keyOf(scope)) ?? []).filter((at) => now - at < 86_400_000)
  if (added > 0 && recent.length + added > LIMITS.commandCreatesPerDay) throw refusal('tooManyCommandCreates')
  realm.commandCreations.set(keyOf(scope), [...recent, ...Array.from({ length: added }, () => now)])
}

function shaped(realm: Realm, { applicationId, guildId }: CommandScope, command: Command, known: Command | undefined): Command {
  return {
    default_member_permissions: null,
    nsfw: false,
    contexts: null,
    integration_types: [0],
    dm_permission: true,
    ...command,
    description: command.description ?? '',
    id: known?.id ?? realm.newId(),
    application_id: applicationId,
    version: realm.newId(),
    ...(guildId === undefined ? {} : { guild_id: guildId }),
  }
}

function store(realm: Realm, scope: CommandScope, commands: readonly Command[]): readonly Command[] {
  realm.commands.set(keyOf(scope), commands)
  realm.changed()
  return commands
}
