/** Presses of our buttons and invocations of our slash commands: from the gateway to ours (Discord docs: Receiving and Responding). */
import {
  ApplicationCommandType,
  ComponentType,
  InteractionType,
  type APIApplicationCommandInteractionDataOption,
  type APIChatInputApplicationCommandInteraction,
  type APIInteraction,
  type APIInteractionGuildMember,
  type APIMessageComponentInteraction,
} from 'discord-api-types/v10'
import type { ButtonPress, CommandInvocation } from '../../domain/conversation/request.ts'

/** Undefined for any other interaction, and for one outside of a server. */
export function pressOf(
  interaction: APIInteraction,
): { readonly press: ButtonPress; readonly token: string; readonly roleIds: readonly string[] } | undefined {
  if (!isButton(interaction)) return undefined
  const { id, token, guild_id: guildId, channel, message, data, member } = interaction
  if (guildId === undefined || !member) return undefined
  return {
    press: { id, guildId, channelId: channel.id, messageId: message.id, customId: data.custom_id, ...person(member) },
    token,
    roleIds: member.roles,
  }
}

/** Undefined for any other interaction (menus and autocomplete among them), and for one outside of a server. */
export function commandOf(
  interaction: APIInteraction,
): { readonly command: CommandInvocation; readonly roleIds: readonly string[] } | undefined {
  if (!isSlashCommand(interaction)) return undefined
  const { id, token, application_id: applicationId, guild_id: guildId, channel, data, member } = interaction
  if (guildId === undefined || !member) return undefined
  const { name, options = [] } = data
  return {
    command: { id, applicationId, token, name, options: valuesOf(options), guildId, channelId: channel.id, ...person(member) },
    roleIds: member.roles,
  }
}

const isButton = (interaction: APIInteraction): interaction is APIMessageComponentInteraction =>
  interaction.type === InteractionType.MessageComponent && interaction.data.component_type === ComponentType.Button

const isSlashCommand = (interaction: APIInteraction): interaction is APIChatInputApplicationCommandInteraction =>
  interaction.type === InteractionType.ApplicationCommand && interaction.data.type === ApplicationCommandType.ChatInput

const person = ({ user, nick }: APIInteractionGuildMember) => ({
  userId: user.id,
  userName: nick ?? user.global_name ?? user.username,
})

/** Users, roles, channels and attachments stand there by their ids. We declare no subcommands. */
function valuesOf(options: readonly APIApplicationCommandInteractionDataOption[]): CommandInvocation['options'] {
  return Object.fromEntries(options.flatMap((option) => ('value' in option ? [[option.name, option.value]] : [])))
}
