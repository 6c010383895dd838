/**
 * Slash commands, made known to the guilds. What Discord has is read once, and only what differs is asked for: Discord counts 200 creates a
 * day and guild (docs: Application Commands). Commands of other programs with this bot stay, and so do those of its other machines.
 */
import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
  Routes,
} from 'discord-api-types/v10'
import { isDeepStrictEqual } from 'node:util'
import { ChatGone } from '../../base/errors.ts'
import { COMMANDS_MAX } from '../../domain/offered.ts'
import type { ChatError, CommandDeclaration, CommandOption, OwnCommands } from '../../ports/chat.ts'
import type { Rest, RestRequest } from '../rest/rest.ts'
import { knownCommands } from '../wire/answer.ts'
import { nothing } from '../wire/shape.ts'

interface Guild {
  readonly applicationId: string
  readonly guildId: string
}

/** Stops at the first that fails: those before it stand, and doing it again leaves them alone. */
export async function registerCommands(
  rest: Rest,
  { applicationId, guildId }: Guild,
  commands: readonly CommandDeclaration[],
  own: OwnCommands,
): Promise<undefined | ChatError> {
  const route = Routes.applicationGuildCommands(applicationId, guildId)
  const known = await rest.read(route, knownCommands)
  if (known instanceof Error) return known
  const ownNames = new Set(own.names)
  const foreign = known.filter(({ name, type }) => !ownNames.has(name) && isChatInput(type))
  const shown = fitting(
    commands,
    foreign.map(({ name }) => name),
  )
  const gone = known.filter(({ name }) => ownNames.has(name) && !shown.some((each) => each.name === name))
  const changes = shown.flatMap((command) => changeOf(command, known, route))
  // On record before they are created: those of a process that ends in between are ours, too.
  const created = changes.flatMap(({ name, request }) => (request.method === 'POST' ? name : []))
  await own.keep([...new Set([...own.names, ...created])])
  for (const { id } of gone) {
    const deleted = await rest.send({ method: 'DELETE', route: `${route}/${id}` })
    if (deleted instanceof Error && !(deleted instanceof ChatGone)) return deleted
  }
  for (const { request } of changes) {
    const changed = await rest.call(request, nothing)
    if (changed instanceof Error) return changed
  }
  await own.keep(shown.map(({ name }) => name).filter((name) => ownNames.has(name) || created.includes(name)))
  return undefined
}

/** Earlier versions registered commands for all guilds at once: Discord would show them twice. */
export async function removeGlobalCommands(
  rest: Rest,
  applicationId: string,
  names: readonly string[],
): Promise<undefined | ChatError> {
  const route = Routes.applicationCommands(applicationId)
  const known = await rest.read(route, knownCommands)
  if (known instanceof Error) return known
  for (const { id } of known.filter(({ name }) => names.includes(name))) {
    const deleted = await rest.send({ method: 'DELETE', route: `${route}/${id}` })
    if (deleted instanceof Error && !(deleted instanceof ChatGone)) return deleted
  }
  return undefined
}

type Known = Exclude<ReturnType<typeof knownCommands>, Error>

const CHAT_INPUT: unknown = ApplicationCommandType.ChatInput
const isChatInput = (type: unknown): boolean => (type ?? CHAT_INPUT) === CHAT_INPUT

/** The first of them, as far as the commands of others leave room. */
function fitting(commands: readonly CommandDeclaration[], foreign: readonly string[]): readonly CommandDeclaration[] {
  const others = foreign.filter((name) => !commands.some((command) => command.name === name))
  return commands.slice(0, Math.max(COMMANDS_MAX - others.length, 0))
}

interface ChangeOfCommand {
  readonly name: string
  readonly request: RestRequest
}

/** What makes Discord show it as it is declared; nothing, where it does. */
function changeOf(command: CommandDeclaration, known: Known, route: `/${string}`): readonly ChangeOfCommand[] {
  const { name } = command
  const body = bodyOf(command)
  const { type } = contentOf(body)
  const namesake = known.find((other) => other.name === name && contentOf(other)['type'] === type)
  if (!namesake) return [{ name, request: { method: 'POST', route, body } }]
  if (isDeepStrictEqual(contentOf(namesake), contentOf(body))) return []
  return [{ name, request: { method: 'PATCH', route: `${route}/${namesake.id}`, body } }]
}

const OPTION_TYPES = {
  string: ApplicationCommandOptionType.String,
  integer: ApplicationCommandOptionType.Integer,
  boolean: ApplicationCommandOptionType.Boolean,
  user: ApplicationCommandOptionType.User,
  attachment: ApplicationCommandOptionType.Attachment,
} as const satisfies Record<CommandOption['kind'], ApplicationCommandOptionType>

/** In servers only: a direct message belongs to no project. */
const bodyOf = ({ kind, name, description, options }: CommandDeclaration): object => ({
  ...(kind === 'message'
    ? { type: ApplicationCommandType.Message, description: '' }
    : {
        type: ApplicationCommandType.ChatInput,
        description,
        options: options.map(({ kind: type, ...option }) => ({ ...option, type: OPTION_TYPES[type] })),
      }),
  name,
  contexts: [InteractionContextType.Guild],
  integration_types: [ApplicationIntegrationType.GuildInstall],
})

type Fields = Readonly<Record<string, unknown>>

/** What of a command we declare, with Discord's defaults for what it leaves out. */
function contentOf(command: object): Fields {
  const {
    type = ApplicationCommandType.ChatInput,
    name,
    description,
    options = [],
    contexts,
    integration_types,
  } = command as Fields
  return { type, name, description, contexts, integration_types, options: (options as readonly Fields[]).map(optionOf) }
}

const optionOf = ({ type, name, description, required = false, choices = [], autocomplete = false }: Fields): Fields => ({
  type,
  name,
  description,
  required,
  autocomplete,
  choices: (choices as readonly Fields[]).map((choice) => ({ name: choice['name'], value: choice['value'] })),
})
