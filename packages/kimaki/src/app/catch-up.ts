/**
 * After a fresh gateway session (READY, not RESUMED) Discord will not tell again what was written meanwhile: every project channel
 * and its threads are read over REST from their cursors on. Live messages are held until this is done, so cursors move without
 * gaps; only then may the new session's position be saved.
 */
import { compareSnowflakes } from '../base/ids.ts'
import type { ChatPort, ChatResult, GatewayPosition } from '../ports/chat.ts'
import type { Log } from '../ports/host.ts'
import type { StorePort } from '../ports/store.ts'
import type { Intake } from './intake.ts'
import type { Projects } from './projects.ts'
import type { Retrying } from './retry.ts'

interface Parts {
  readonly chat: ChatPort
  readonly store: StorePort
  readonly projects: Projects
  readonly intake: Intake
  readonly retry: Retrying
  readonly log: Log
}

/** Channels are read this many at a time; Discord's limits are per channel, the order within one is kept. */
const AT_ONCE = 4

export async function catchUp(parts: Parts, position: GatewayPosition): Promise<void> {
  const { chat, intake, retry, log } = parts
  // Until it has worked nothing live is heard: whatever breaks, it is begun again (what was found is on record, and known by its key).
  const found = await retry.until(async () =>
    readEverything(parts).catch((error: unknown) => {
      log.error('catch-up broke; begun again', { error: String(error) })
      return undefined
    }),
  )
  if (found === 'stopped' || retry.stopped) return
  if (found > 0) log.info('read what was written meanwhile', { messages: found })
  intake.moved(position)
  chat.caughtUp()
}

async function readEverything(parts: Parts): Promise<number | 'stopped'> {
  const { chat, store, projects, intake } = parts
  const cursors = await store.cursors()
  const channels = projects.all().map(({ channelId }) => channelId)
  const cursorOf = (channelId: string): string => cursors.get(channelId) ?? channelId
  const threads = channels.length === 0 ? [] : await insist(parts, async () => chat.threadsSince(channels, cursorOf))
  if (threads === 'stopped') return threads
  const known = threads === 'gone' ? [] : threads
  const isNew = ({ id, parentId }: ThreadRef): boolean => !cursors.has(id) && compareSnowflakes(id, cursorOf(parentId)) > 0
  const read = async ({ id, parentId }: ThreadRef): Promise<number> =>
    readOn(parts, id, threadCursor(cursors, id, cursorOf(parentId)))
  // Threads first: a channel's cursor tells which archived threads need no look, so it may move only when they have been read. But a
  // thread that was born meanwhile comes after the message it may have begun with, which makes it a conversation.
  await intake.begun(known.filter(isNew).map(({ id }) => id))
  const counts = [
    ...(await pool(
      known.filter((thread) => !isNew(thread)),
      read,
    )),
    ...(await pool(channels, async (id) => readOn(parts, id, cursorOf(id)))),
    ...(await pool(known.filter(isNew), read)),
  ]
  return counts.reduce((sum, count) => sum + count, 0)
}

interface ThreadRef {
  readonly id: string
  readonly parentId: string
}

/** A thread newer than its parent's cursor is read from its beginning. */
function threadCursor(cursors: ReadonlyMap<string, string>, threadId: string, parentCursor: string): string {
  const known = cursors.get(threadId)
  if (known !== undefined) return known
  return compareSnowflakes(threadId, parentCursor) > 0 ? threadId : parentCursor
}

async function readOn(parts: Parts, channelId: string, from: string): Promise<number> {
  let count = 0
  for (let after = from; ;) {
    const page = await insist(parts, async () => parts.chat.readAfter(channelId, after))
    if (page === 'stopped' || page === 'gone') return count
    for (const { message, access } of page.messages) await parts.intake.found(message, access)
    count += page.messages.length
    if (!page.more || page.lastId === undefined) return count
    after = page.lastId
  }
}

async function insist<T>({ retry, log }: Parts, ask: () => Promise<ChatResult<T>>): Promise<T | 'stopped' | 'gone'> {
  return retry.until(async (): Promise<T | 'stopped' | 'gone' | undefined> => {
    const result = await ask()
    if (result.ok) return result.value
    if (result.failure.kind === 'stopped') return 'stopped'
    if (result.failure.kind === 'unknown') return undefined
    log.warn('cannot be read while catching up', { code: result.failure.code, reason: result.failure.message })
    return 'gone'
  })
}

async function pool<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = []
  const left = [...items]
  const worker = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) results.push(await work(item))
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  return results
}
