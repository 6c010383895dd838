/** Opening threads, and the small things done to them that nothing waits for. */
import { ChannelType, Routes, type APIThreadChannel } from 'discord-api-types/v10'
import type { ChatPort, ChatResult } from '../../ports/chat.ts'
import type { Log } from '../../ports/host.ts'
import type { Rest, RestRequest, RestResult } from '../rest/rest.ts'

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
): Promise<ChatResult<{ readonly threadId: string }>> {
  const result = await rest.call<APIThreadChannel>({
    method: 'POST',
    route: Routes.threads(channelId, messageId),
    body: { name: name.slice(0, LONGEST_NAME), auto_archive_duration: ONE_DAY_MINUTES },
  })
  if (result.ok) return { ok: true, value: { threadId: result.value.id } }
  const exists = result.failure.kind === 'refused' && result.failure.code === THREAD_EXISTS
  return exists ? { ok: true, value: { threadId: messageId } } : result
}

export async function startThread(
  rest: Rest,
  channelId: string,
  name: string,
): Promise<ChatResult<{ readonly threadId: string }>> {
  const result = await rest.call<APIThreadChannel>({
    method: 'POST',
    route: Routes.threads(channelId),
    body: { name: name.slice(0, LONGEST_NAME), type: ChannelType.PublicThread, auto_archive_duration: ONE_DAY_MINUTES },
  })
  return result.ok ? { ok: true, value: { threadId: result.value.id } } : result
}

/** Fire and forget: a rate limit drops the call, a failure is a line in the log. */
export function createCosmetic(rest: Rest, log: Log): ChatPort['cosmetic'] {
  // Discord limits renames to about two in ten minutes and counts those it refuses; until then there is no point in asking.
  const renameAfter = new Map<string, number>()

  async function light(what: string, request: RestRequest): Promise<void> {
    tell(what, request, await rest.light(request))
  }

  async function rename(channelId: string, name: string): Promise<void> {
    if (performance.now() < (renameAfter.get(channelId) ?? 0))
      return log.debug('rename left out', { channelId, reason: 'rate limited' })
    renameAfter.delete(channelId)
    const request = { method: 'PATCH', route: Routes.channel(channelId), body: { name: name.slice(0, LONGEST_NAME) } } as const
    const result = await rest.light(request)
    if (!result.ok && result.retryAfter !== undefined) renameAfter.set(channelId, performance.now() + result.retryAfter)
    tell('rename', request, result)
  }

  function tell(what: string, { route }: RestRequest, result: RestResult<unknown>): void {
    if (!result.ok && result.failure.kind !== 'stopped') log.debug(`${what} left out`, { route, ...result.failure })
  }

  return {
    typing: (channelId) => void light('typing', { method: 'POST', route: Routes.channelTyping(channelId) }),
    addMember: (threadId, userId) =>
      void light('adding a member', { method: 'PUT', route: Routes.threadMembers(threadId, userId) }),
    rename: (channelId, name) => void rename(channelId, name),
  }
}
