/** A town whose bot listens to interactions and answers them through the real client's REST. */
import { MessageFlags } from 'discord-api-types/v10'
import type { BotOptions, EmulatorOptions, Interaction } from '../../src/index.ts'
import { identified } from './gateway.ts'
import { buildTown, text, type Json } from './town.ts'

export type Desk = Awaited<ReturnType<typeof buildDesk>>

export async function buildDesk(options: EmulatorOptions = {}, botOptions: Partial<BotOptions> = {}) {
  const town = await buildTown({ rateLimits: false, ...options }, botOptions)
  const { client } = await identified(town.emulator, town.bot)
  /** What the bot was sent about it. */
  const received = async ({ id }: Interaction): Promise<Json> =>
    (await client.next(({ t, d }) => t === 'INTERACTION_CREATE' && d.id === (id as unknown as Json))).d
  const respond = async (interaction: Interaction, body: unknown, query = '') => {
    const { token } = await received(interaction)
    return town.call('POST', `/interactions/${interaction.id}/${text(token)}/callback${query}`, body)
  }
  const webhook = async (interaction: Interaction, method: string, path: string, body?: unknown) => {
    const { token } = await received(interaction)
    return town.call(method, `/webhooks/${town.bot.applicationId}/${text(token)}${path}`, body)
  }
  const { applicationId } = town.bot
  const declare = (...commands: readonly object[]) =>
    town.call('PUT', `/applications/${applicationId}/guilds/${town.guild.id}/commands`, commands)
  return { ...town, client, received, respond, webhook, declare }
}

export const EPHEMERAL = MessageFlags.Ephemeral

export const ask = {
  name: 'ask',
  description: 'Ask something',
  options: [
    { type: 3, name: 'text', description: 'What', required: true, max_length: 20 },
    { type: 3, name: 'model', description: 'Which', autocomplete: true },
    { type: 4, name: 'times', description: 'How often', min_value: 1, max_value: 5 },
    { type: 6, name: 'who', description: 'Whom' },
    { type: 11, name: 'file', description: 'With' },
  ],
}
