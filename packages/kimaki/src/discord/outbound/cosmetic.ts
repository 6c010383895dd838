/** The small things done to channels and threads that nothing waits for: a rate limit drops the call, a failure is a line in the log. */
import { Routes } from 'discord-api-types/v10'
import { isAbortError } from '../../base/errors.ts'
import type { ChatError, ChatPort } from '../../ports/chat.ts'
import type { Log } from '../../ports/host.ts'
import { failureFacts, RateLimited } from '../rest/failure.ts'
import type { Rest, RestRequest } from '../rest/rest.ts'
import { nameAsSent } from './threads.ts'

/** `nameOf`: the name of a channel, where it is known. */
export function createCosmetic(rest: Rest, log: Log, nameOf: (channelId: string) => string | undefined): ChatPort['cosmetic'] {
  // Discord limits renames to about two in ten minutes and counts those it refuses; until then there is no point in asking.
  const renameAfter = new Map<string, number>()

  async function light(what: string, request: RestRequest, onFailure?: (error: ChatError) => void): Promise<void> {
    try {
      const failed = await rest.light(request)
      if (!failed) return
      onFailure?.(failed)
      log.debug(`${what} left out`, { route: request.route, ...failureFacts(failed) })
    } catch (error) {
      if (!isAbortError(error)) throw error
    }
  }

  function rename(channelId: string, name: string, over?: readonly string[]): void {
    const standing = nameOf(channelId)
    if (
      over !== undefined &&
      standing !== undefined &&
      !over.some((one) => one === standing || nameAsSent(rest, one) === standing)
    )
      return log.debug('rename left out', { channelId, reason: 'somebody else has named it' })
    if (performance.now() < (renameAfter.get(channelId) ?? 0))
      return log.debug('rename left out', { channelId, reason: 'rate limited' })
    renameAfter.delete(channelId)
    const request = { method: 'PATCH', route: Routes.channel(channelId), body: { name: nameAsSent(rest, name) } } as const
    void light('rename', request, (error) => {
      if (error instanceof RateLimited) renameAfter.set(channelId, performance.now() + error.retryAfterMs)
    })
  }

  return {
    typing: (channelId) => void light('typing', { method: 'POST', route: Routes.channelTyping(channelId) }),
    addMember: (threadId, userId) =>
      void light('adding a member', { method: 'PUT', route: Routes.threadMembers(threadId, userId) }),
    rename,
  }
}
