/** A person uses a command: slash, autocomplete, context menu (docs: Application Commands; Interactions). */
import { PermissionFlagsBits as P } from 'discord-api-types/v10'
import type { OptionValue, Snowflake } from '../../api.ts'
import { INTERACTION } from '../../rules/types.ts'
import { demand, guildPermissions, may, visibleChannel } from '../realm/access.ts'
import { askBot } from './ask-bot.ts'
import { fillOptions } from './command-options.ts'
import { commandsIn, type Command } from './command-store.ts'
import { refusal } from '../base/discord-error.ts'
import type { Realm } from '../realm/realm.ts'
import type { ChannelRecord, InteractionRecord, ThreadRecord } from '../realm/records.ts'
import { namedBy, resolve } from './resolve.ts'
import { storeFiles } from '../messages/store-files.ts'

export interface CommandUse {
  readonly userId: Snowflake
  readonly channelId: Snowflake
  /** `ask`, `queue add` or `settings model set`. */
  readonly line: string
  readonly values: Readonly<Record<string, OptionValue>>
  /** The option being typed: asks for autocomplete instead of using the command. */
  readonly focused?: string
  /** Where several bots have a command of the name. */
  readonly botId?: Snowflake
}

export function useCommand(realm: Realm, { userId, channelId, line, values, focused, botId }: CommandUse): InteractionRecord {
  const channel = openChannel(realm, userId, channelId)
  const [name = '', ...path] = line.trim().replace(/^\//, '').split(/\s+/)
  const { command, owner } = usable(realm, { userId, channel, name, types: [1], botId })
  const { options, named } = fillOptions(command, path, {
    values,
    focused,
    keep: (file) => {
      const [stored] = storeFiles(realm, channel.id, [file])
      if (stored === undefined) throw refusal('tooLarge')
      return stored
    },
  })
  const resolved = resolve(realm, { channel, userId }, named)
  const type = focused === undefined ? INTERACTION.command : INTERACTION.autocomplete
  const data = { ...head(command), options, ...(resolved === undefined ? {} : { resolved }) }
  return askBot(realm, { botId: owner, type, userId, channel, data })
}

/** A command of the menu of a user (type 2) or a message (type 3). */
export function useContextMenu(
  realm: Realm,
  { userId, channelId, name, targetId }: Pick<CommandUse, 'userId' | 'channelId'> & Record<'name' | 'targetId', string>,
): InteractionRecord {
  const channel = openChannel(realm, userId, channelId)
  const kind = realm.messages.find(channelId, targetId) === undefined ? 'user' : 'message'
  const { command, owner } = usable(realm, { userId, channel, name, types: [kind === 'user' ? 2 : 3], botId: undefined })
  const named = kind === 'user' ? namedBy(realm, channel, [targetId]) : { messages: [targetId] }
  const resolved = resolve(realm, { channel, userId }, named)
  if (resolved === undefined) throw refusal(kind === 'user' ? 'unknownUser' : 'unknownMessage')
  const data = { ...head(command), target_id: targetId, resolved }
  return askBot(realm, { botId: owner, type: INTERACTION.command, userId, channel, data, target: { kind, id: targetId } })
}

/** What the client offers in a channel: without the right to use commands there, nothing. */
export function offeredCommands(realm: Realm, userId: Snowflake, channelId: Snowflake): readonly Command[] {
  const channel = visibleChannel(realm, userId, channelId)
  if (!may(realm, userId, channel, P.UseApplicationCommands)) return []
  return presentBots(realm, channel).flatMap((owner) => {
    const commands = commandsOf(realm, channel, owner)
    const isFirst = (one: Command) => commands.find(({ name, type }) => name === one.name && type === one.type) === one
    return commands.filter((one) => isFirst(one) && isAllowed(realm, userId, channel, one))
  })
}

/** Commands do not go into archived threads, and need USE_APPLICATION_COMMANDS. */
function openChannel(realm: Realm, userId: Snowflake, channelId: Snowflake): ChannelRecord | ThreadRecord {
  const channel = visibleChannel(realm, userId, channelId)
  if (channel.kind === 'thread' && channel.archived) throw refusal('archivedThread')
  demand(realm, userId, channel, P.UseApplicationCommands)
  return channel
}

interface Wanted {
  readonly userId: Snowflake
  readonly channel: ChannelRecord | ThreadRecord
  readonly name: string
  readonly types: readonly number[]
  readonly botId: Snowflake | undefined
}

/** Of the bots that are there; a guild's own command hides the global one of its name. */
function usable(realm: Realm, { userId, channel, name, types, botId }: Wanted) {
  const present = presentBots(realm, channel).filter((id) => botId === undefined || id === botId)
  const found = present.flatMap((owner) => {
    const command = commandsOf(realm, channel, owner).find((one) => one.name === name && types.includes(Number(one.type)))
    return command === undefined ? [] : [{ command, owner }]
  })
  const [first, second] = found
  if (first === undefined) throw refusal('unknownCommand')
  if (second !== undefined) throw new Error(`Several bots have a command "${name}": say which one is meant`)
  if (!isAllowed(realm, userId, channel, first.command)) throw refusal('missingPermissions')
  return first
}

const presentBots = (realm: Realm, channel: ChannelRecord | ThreadRecord): readonly Snowflake[] =>
  [...realm.bots.keys()].filter((id) => isPresent(realm, channel, id))

/** The guild's own first. */
function commandsOf(realm: Realm, { guildId }: ChannelRecord | ThreadRecord, applicationId: Snowflake): readonly Command[] {
  const own = guildId === '' ? [] : commandsIn(realm, { applicationId, guildId })
  return [...own, ...commandsIn(realm, { applicationId, guildId: undefined })]
}

function isPresent(realm: Realm, channel: ChannelRecord | ThreadRecord, botId: Snowflake): boolean {
  if (channel.kind === 'channel' && channel.recipients !== undefined) return channel.recipients.includes(botId)
  return realm.guilds.get(channel.guildId)?.members.has(botId) === true
}

/** `default_member_permissions`: every bit is needed; none of them ("0") means administrators only. */
function isAllowed(realm: Realm, userId: Snowflake, { guildId }: ChannelRecord | ThreadRecord, command: Command): boolean {
  const wanted = command.default_member_permissions
  const guild = realm.guilds.get(guildId)
  const member = guild?.members.get(userId)
  if (guild === undefined || member === undefined) return command.dm_permission !== false
  if (typeof wanted !== 'string') return true
  const has = guildPermissions(guild, member)
  return (has & P.Administrator) !== 0n || (wanted !== '0' && (has & BigInt(wanted)) === BigInt(wanted))
}

/** What every command interaction carries of its command. */
function head({ id, name, type, guild_id }: Command): Command {
  return { id, name, type, ...(guild_id === undefined ? {} : { guild_id }) }
}
