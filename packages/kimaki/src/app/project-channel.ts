/** Asks Discord whether a channel can be the place of a project: before it is linked, and when the bot is ready. */
import { ChatForbidden, ChatGone, ChatUnknown, UsageError } from '../base/errors.ts'
import { withDeadline } from '../base/sleep.ts'
import type { ChatError, ChatPort } from '../ports/chat.ts'
import type { Log } from '../ports/host.ts'
import type { Project } from '../ports/store.ts'
import { hiddenChannelText, missingRightsText, refusalOf, swappedText, unknownChannelText } from '../view/text/project-channel.ts'

type Chat = Pick<ChatPort, 'inspect'>

export interface ProjectChannel {
  readonly guildId: string
  /** What the bot lacks there, as a sentence. */
  readonly warning: string | undefined
}

/** A command waits 5 s for its answer. */
const ANSWER_MS = 4000

/** `guildId`: the server that the caller names, if any. A `UsageError` says what is wrong with the ids; any other, that Discord cannot be asked. */
export async function checkProjectChannel(
  chat: Chat,
  { channelId, guildId }: { readonly channelId: string; readonly guildId: string | undefined },
): Promise<ProjectChannel | UsageError | ChatError> {
  const channel = await soon(chat.inspect(channelId))
  if (channel instanceof ChatGone || channel instanceof ChatForbidden)
    return new UsageError({ reason: await absence(chat, channel, channelId, guildId) })
  if (channel instanceof Error)
    return new ChatUnknown({ reason: `Discord could not be asked about channel ${channelId}: ${channel.message}. Try again.` })
  const reason = refusalOf(channel, guildId)
  if (reason !== undefined) return new UsageError({ reason })
  const { missing } = channel
  return { guildId: channel.guildId ?? '', warning: missing.length === 0 ? undefined : missingRightsText(channel, missing) }
}

/** Tells the log of every linked channel in which the bot cannot do its work, and what to do about it. */
export async function warnOfProjectChannels(chat: Chat, log: Log, projects: readonly Project[]): Promise<void> {
  for (const { channelId: channel, guildId, directory } of projects) {
    const found = await checkProjectChannel(chat, { channelId: channel, guildId })
    if (found instanceof UsageError) log.warn(`a linked channel cannot be used. ${found.reason}`, { channel, directory })
    else if (!(found instanceof Error) && found.warning !== undefined)
      log.warn(`a linked channel lacks rights. ${found.warning}`, { channel, directory })
  }
}

async function absence(
  chat: Chat,
  why: ChatGone | ChatForbidden,
  channelId: string,
  guildId: string | undefined,
): Promise<string> {
  const other = guildId === undefined || guildId === channelId ? undefined : await soon(chat.inspect(guildId))
  if (other !== undefined && !(other instanceof Error)) return swappedText(other, channelId)
  return why instanceof ChatForbidden ? hiddenChannelText(channelId) : unknownChannelText(channelId)
}

const soon = async <T>(asked: Promise<T>): Promise<T | ChatUnknown> =>
  (await withDeadline(asked, ANSWER_MS, new AbortController().signal)) ?? new ChatUnknown({ reason: 'no answer in time' })
