/** The slash commands that are offered, each subcommand as a line of its own. Pure. */
import {
  type APIApplicationCommand,
  type APIApplicationCommandBasicOption,
  type APIApplicationCommandOption,
  ApplicationCommandOptionType as Type,
  ApplicationCommandType,
} from 'discord-api-types/v10'
import type { Command, CommandOption } from '../wire.ts'

export function commandsOf(offered: readonly APIApplicationCommand[]): readonly Command[] {
  return offered
    .filter(({ type }) => type === ApplicationCommandType.ChatInput)
    .flatMap(({ name, description, options = [] }) => linesOf(name, description, options))
    .toSorted((one, other) => (one.line < other.line ? -1 : 1))
}

function linesOf(line: string, description: string, options: readonly APIApplicationCommandOption[]): readonly Command[] {
  const nested = options.flatMap((option) =>
    option.type === Type.Subcommand || option.type === Type.SubcommandGroup
      ? linesOf(`${line} ${option.name}`, option.description, option.options ?? [])
      : [],
  )
  return nested.length > 0 ? nested : [{ line, description, options: options.flatMap((option) => optionOf(option)) }]
}

function optionOf(option: APIApplicationCommandOption): readonly CommandOption[] {
  const kind = KINDS.get(option.type)
  if (kind === undefined) return []
  const { name, description, required = false } = option
  const { choices = [], autocomplete = false } = option as Pick<APIApplicationCommandBasicOption, 'type'> & {
    readonly choices?: CommandOption['choices']
    readonly autocomplete?: boolean
  }
  return [{ name, description, kind, required, autocomplete, choices: choices.map(({ name, value }) => ({ name, value })) }]
}

const KINDS: ReadonlyMap<Type, CommandOption['kind']> = new Map([
  [Type.String, 'text'],
  [Type.Integer, 'number'],
  [Type.Number, 'number'],
  [Type.Boolean, 'truth'],
  [Type.User, 'user'],
  [Type.Mentionable, 'user'],
  [Type.Channel, 'channel'],
  [Type.Role, 'text'],
  [Type.Attachment, 'file'],
] as const)
