/** Presses of our buttons, modals that were sent, and invocations of our slash commands: from the gateway to ours (Discord docs: Receiving and Responding). */
import type { ButtonPress, CommandInvocation, OptionQuery } from '../../domain/conversation/request.ts'
import { toAttachment } from '../wire/attachment.ts'
import type { RawCommand, RawMemberWithUser, RawPress, RawTyping } from '../wire/interaction.ts'
import type { RawAttachment } from '../wire/message.ts'

/** Undefined for one outside of a server. */
export function pressOf(
  interaction: RawPress,
): { readonly press: ButtonPress; readonly token: string; readonly roleIds: readonly string[] } | undefined {
  const { id, token, application_id: applicationId, guild_id: guildId, message, data, member } = interaction
  const channelId = channelOf(interaction)
  if (guildId === undefined || channelId === undefined || !member) return undefined
  return {
    press: {
      id,
      guildId,
      channelId,
      messageId: message.id,
      customId: data.custom_id,
      ...contentOf(data),
      followUp: { applicationId, token },
      ...person(member),
    },
    token,
    roleIds: member.roles,
  }
}

function contentOf(data: RawPress['data']): Pick<ButtonPress, 'words' | 'chosen' | 'files'> {
  if ('values' in data) return { chosen: data.values }
  if (!('components' in data)) return {}
  const component = data.components[0]?.component
  if (component?.values === undefined) {
    const fields = data.components.map((field) => field.component.value ?? '')
    return { words: fields[0] ?? '', ...(fields.length > 1 && { fields }) }
  }
  const sent = data.resolved?.attachments ?? []
  const files = component.values.flatMap((id) => sent.find((file) => file.id === id) ?? [])
  return { files: files.map(toAttachment) }
}

/** Undefined for one outside of a server. */
export function commandOf(
  interaction: RawCommand,
): { readonly command: CommandInvocation; readonly roleIds: readonly string[] } | undefined {
  const { id, token, application_id: applicationId, guild_id: guildId, data, member } = interaction
  const channelId = channelOf(interaction)
  if (guildId === undefined || channelId === undefined || !member) return undefined
  const { name, options = [], resolved } = data
  const files = filesOf(options, resolved?.attachments ?? [])
  const target = 'target' in data ? { target: data.target } : {}
  return {
    command: {
      id,
      applicationId,
      token,
      name,
      options: valuesOf(options),
      ...target,
      ...files,
      guildId,
      channelId,
      ...person(member),
    },
    roleIds: member.roles,
  }
}

/** Undefined for one outside of a server, or without an option that is being typed. */
export function queryOf(
  interaction: RawTyping,
): { readonly query: OptionQuery; readonly roleIds: readonly string[] } | undefined {
  const { id, token, guild_id: guildId, data, member } = interaction
  const channelId = channelOf(interaction)
  const { name, options = [] } = data
  const focused = options.find((option) => option.focused === true)
  if (guildId === undefined || channelId === undefined || !member || !focused) return undefined
  const others = options.filter((option) => option !== focused)
  const typed = String(focused.value ?? '')
  const query = { id, token, name, option: focused.name, typed, options: valuesOf(others), guildId, channelId }
  return { query: { ...query, userId: member.user.id }, roleIds: member.roles }
}

const channelOf = ({ channel, channel_id: id }: Pick<RawPress, 'channel' | 'channel_id'>): string | undefined => channel?.id ?? id

const person = ({ user, nick }: RawMemberWithUser) => ({
  userId: user.id,
  userName: nick ?? user.global_name ?? user.username,
})

function filesOf(
  options: NonNullable<RawCommand['data']['options']>,
  sent: readonly RawAttachment[],
): Pick<CommandInvocation, 'files'> {
  const files = options.flatMap(({ value }) => sent.find(({ id }) => id === value) ?? [])
  return files.length === 0 ? {} : { files: files.map(toAttachment) }
}

/** Users, roles, channels and attachments stand there by their ids. We declare no subcommands. */
function valuesOf(options: NonNullable<RawCommand['data']['options']>): CommandInvocation['options'] {
  return Object.fromEntries(options.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])))
}
