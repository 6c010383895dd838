/** The message a thread was opened from, read when the thread becomes a conversation: nothing that Discord sends by itself holds it. */
import { Routes } from 'discord-api-types/v10'
import { ChatGone } from '../../base/errors.ts'
import type { ChatPort } from '../../ports/chat.ts'
import type { Rest } from '../rest/rest.ts'
import { original } from '../wire/message.ts'
import type { Cache } from './cache.ts'
import type { FetchMissing } from './fetch-missing.ts'
import { quotedMessage } from './incoming.ts'

/** Discord's own limit. */
const LONGEST_STARTER = 4000

export async function threadStarter(
  { rest, cache, facts }: { readonly rest: Rest; readonly cache: Cache; readonly facts: FetchMissing },
  ...[channelId, threadId]: Parameters<ChatPort['threadStarter']>
): ReturnType<ChatPort['threadStarter']> {
  const message = await rest.read(Routes.channelMessage(channelId, threadId), original)
  if (message instanceof ChatGone) return undefined
  if (message instanceof Error) return message
  const channel = await facts.channel(channelId)
  if (channel instanceof Error) return channel
  const guild = await facts.guild(channel.guildId)
  if (guild instanceof Error) return guild
  const starter = quotedMessage(message, { cache, guild }, LONGEST_STARTER)
  const { text, attachments = [], quotes = [] } = starter
  return text === '' && attachments.length + quotes.length === 0 ? undefined : starter
}
