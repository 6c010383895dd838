/** Opens threads, from a message or without one. */
import { ChannelType, Routes } from 'discord-api-types/v10'
import { ChatRefused, ChatUnknown } from '../../base/errors.ts'
import { fittingName, UNNAMED } from '../../domain/naming.ts'
import type { ChatError, OpenedThread } from '../../ports/chat.ts'
import type { Rest } from '../rest/rest.ts'
import { standingThread, withId } from '../wire/answer.ts'

/** Discord docs: JSON Error Codes, "A thread has already been created for this message". */
const THREAD_EXISTS = 160_004
/** Discord docs: JSON Error Codes, "Title was blocked by automatic moderation". */
const NAME_BLOCKED = 200_001
const ONE_DAY_MINUTES = 1440

export interface ThreadToOpen {
  readonly channelId: string
  readonly messageId: string
  readonly name: string
  readonly botUserId: string
}

/** The id of a thread is that of its first message, so "already there" is as good as done: by an earlier attempt of ours, or by a person. */
export async function openThread(
  rest: Rest,
  { channelId, messageId, name, botUserId }: ThreadToOpen,
): Promise<OpenedThread | ChatError> {
  const thread = await opened(rest, Routes.threads(channelId, messageId), { name })
  if (!(thread instanceof Error)) return { threadId: thread.id }
  if (!(thread instanceof ChatRefused) || thread.code !== THREAD_EXISTS) return thread
  const standing = await rest.read(Routes.channel(messageId), standingThread)
  if (standing instanceof ChatUnknown) return standing
  const isOurs =
    !(standing instanceof Error) && standing.owner_id === botUserId && [nameAsSent(rest, name), UNNAMED].includes(standing.name)
  return isOurs ? { threadId: messageId } : { threadId: messageId, isTheirs: true }
}

export async function startThread(
  rest: Rest,
  channelId: string,
  name: string,
): Promise<{ readonly threadId: string } | ChatError> {
  const thread = await opened(rest, Routes.threads(channelId), { name, type: ChannelType.PublicThread })
  return thread instanceof Error ? thread : { threadId: thread.id }
}

/** Secrets go before the name is cut: half of one would pass. */
export const nameAsSent = (rest: Pick<Rest, 'clean'>, name: string): string => fittingName(rest.clean(name))

/** Rather under a neutral name than not at all: AutoMod may forbid words of a name that it lets people write. */
async function opened(
  rest: Rest,
  route: `/${string}`,
  { name, ...facts }: { readonly name: string; readonly type?: ChannelType },
): Promise<{ readonly id: string } | ChatError> {
  const open = (wanted: string) => {
    const body = { name: wanted, ...facts, auto_archive_duration: ONE_DAY_MINUTES }
    return rest.call({ method: 'POST', route, body }, withId)
  }
  const thread = await open(nameAsSent(rest, name))
  return thread instanceof ChatRefused && thread.code === NAME_BLOCKED ? open(UNNAMED) : thread
}
