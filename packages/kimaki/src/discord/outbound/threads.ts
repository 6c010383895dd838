/** Opens threads, from a message or without one. */
import { ChannelType, Routes } from 'discord-api-types/v10'
import { ChatRefused } from '../../base/errors.ts'
import type { ChatError } from '../../ports/chat.ts'
import type { Rest } from '../rest/rest.ts'
import { withId } from '../wire/answer.ts'

/** Discord docs: JSON Error Codes, "A thread has already been created for this message". */
const THREAD_EXISTS = 160_004
const ONE_DAY_MINUTES = 1440
const LONGEST_NAME = 100

/** The id of a thread is that of its first message, so "already there" is as good as done. */
export async function openThread(
  rest: Rest,
  channelId: string,
  messageId: string,
  name: string,
): Promise<{ readonly threadId: string } | ChatError> {
  const body = { name: fitting(name), auto_archive_duration: ONE_DAY_MINUTES }
  const thread = await rest.call({ method: 'POST', route: Routes.threads(channelId, messageId), body }, withId)
  if (!(thread instanceof Error)) return { threadId: thread.id }
  return thread instanceof ChatRefused && thread.code === THREAD_EXISTS ? { threadId: messageId } : thread
}

export async function startThread(
  rest: Rest,
  channelId: string,
  name: string,
): Promise<{ readonly threadId: string } | ChatError> {
  const body = { name: fitting(name), type: ChannelType.PublicThread, auto_archive_duration: ONE_DAY_MINUTES }
  const thread = await rest.call({ method: 'POST', route: Routes.threads(channelId), body }, withId)
  return thread instanceof Error ? thread : { threadId: thread.id }
}

/** A name of a channel or thread, as long as Discord takes it. */
export const fitting = (name: string): string => name.slice(0, LONGEST_NAME)
