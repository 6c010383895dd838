/** Presses of our buttons: from the gateway to ours, and the two answers (Discord docs: Receiving and Responding). */
import {
  ComponentType,
  InteractionResponseType,
  InteractionType,
  MessageFlags,
  Routes,
  type APIInteraction,
  type APIMessageComponentInteraction,
  type RESTPostAPIInteractionCallbackJSONBody,
} from 'discord-api-types/v10'
import type { Press } from '../../domain/conversation/input.ts'
import type { ChatResult } from '../../ports/chat.ts'
import type { Rest } from '../rest/rest.ts'

export interface Answerable {
  readonly id: string
  readonly token: string
}

/** Undefined for any other interaction: those have no meaning yet. */
export function pressOf(
  interaction: APIInteraction,
): { readonly press: Press; readonly token: string; readonly roleIds: readonly string[] } | undefined {
  if (!isButton(interaction)) return undefined
  const { id, token, guild_id: guildId, channel, message, data, member } = interaction
  if (guildId === undefined || !member) return undefined
  const { user, nick, roles } = member
  const userName = nick ?? user.global_name ?? user.username
  return {
    press: { id, guildId, channelId: channel.id, messageId: message.id, customId: data.custom_id, userId: user.id, userName },
    token,
    roleIds: roles,
  }
}

const isButton = (interaction: APIInteraction): interaction is APIMessageComponentInteraction =>
  interaction.type === InteractionType.MessageComponent && interaction.data.component_type === ComponentType.Button

export const acknowledge = (rest: Rest, press: Answerable): Promise<ChatResult<void>> =>
  answer(rest, press, { type: InteractionResponseType.DeferredMessageUpdate })

export const refuse = (rest: Rest, press: Answerable, content: string): Promise<ChatResult<void>> =>
  answer(rest, press, {
    type: InteractionResponseType.ChannelMessageWithSource,
    data: { content, flags: MessageFlags.Ephemeral, allowed_mentions: { parse: [] } },
  })

async function answer(
  rest: Rest,
  { id, token }: Answerable,
  body: RESTPostAPIInteractionCallbackJSONBody,
): Promise<ChatResult<void>> {
  const result = await rest.call({ method: 'POST', route: Routes.interactionCallback(id, token), body })
  return result.ok ? { ok: true, value: undefined } : result
}
