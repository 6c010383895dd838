/**
 * Slash commands, made known to Discord. Each is created or replaced by itself, so that commands of other programs with this bot stay;
 * one that Discord has with the same content is left alone, since Discord counts 200 creates a day (docs: Application Commands).
 */
import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
  Routes,
} from 'discord-api-types/v10'
import { isDeepStrictEqual } from 'node:util'
import type { ChatError, CommandDeclaration, CommandOption } from '../../ports/chat.ts'
import type { Rest } from '../rest/rest.ts'
import { knownCommands } from '../wire/answer.ts'
import { nothing } from '../wire/shape.ts'

/** Stops at the first that fails: those before it stand, and doing it again leaves them alone. */
export async function registerCommands(
  rest: Rest,
  applicationId: string,
  commands: readonly CommandDeclaration[],
): Promise<undefined | ChatError> {
  const route = Routes.applicationCommands(applicationId)
  const known = await rest.read(route, knownCommands)
  if (known instanceof Error) return known
  for (const command of commands) {
    const body = bodyOf(command)
    const isKnown = known.some((other) => isDeepStrictEqual(contentOf(other), contentOf(body)))
    const created = isKnown ? undefined : await rest.call({ method: 'POST', route, body }, nothing)
    if (created instanceof Error) return created
  }
  return undefined
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
