/** The messages of each channel and thread, oldest first, found by id or by page (docs: Message > Get Channel Messages). */
import type { Snowflake } from '../api.ts'
import type { MessageRecord } from './records.ts'
import { compareSnowflakes } from './snowflake.ts'

interface Page {
  readonly before?: Snowflake
  readonly after?: Snowflake
  readonly around?: Snowflake
  readonly limit: number
}

export interface MessageLogs {
  find(channelId: Snowflake, messageId: Snowflake): MessageRecord | undefined
  /** Oldest first. */
  all(channelId: Snowflake): readonly MessageRecord[]
  /** Newest first, as the route answers. */
  page(channelId: Snowflake, page: Page): readonly MessageRecord[]
  append(message: MessageRecord): void
  replace(message: MessageRecord): void
  remove(channelId: Snowflake, messageId: Snowflake): void
  drop(channelId: Snowflake): void
}

interface Log {
  readonly ids: Snowflake[]
  readonly byId: Map<Snowflake, MessageRecord>
}

export function createLogs(): MessageLogs {
  const logs = new Map<Snowflake, Log>()
  const logOf = (channelId: Snowflake): Log => {
    const log = logs.get(channelId) ?? { ids: [], byId: new Map() }
    logs.set(channelId, log)
    return log
  }
  const records = ({ byId }: Log, ids: readonly Snowflake[]) =>
    ids.map((id) => byId.get(id)).filter((message) => message !== undefined)
  return {
    find: (channelId, messageId) => logs.get(channelId)?.byId.get(messageId),
    all: (channelId) => records(logOf(channelId), logOf(channelId).ids),
    page(channelId, page) {
      const log = logOf(channelId)
      const [from, to] = bounds(log.ids, page)
      return records(log, log.ids.slice(from, to)).reverse()
    },
    append(message) {
      const log = logOf(message.channelId)
      log.ids.push(message.id)
      log.byId.set(message.id, message)
    },
    replace: (message) => void logOf(message.channelId).byId.set(message.id, message),
    remove(channelId, messageId) {
      const log = logOf(channelId)
      if (!log.byId.delete(messageId)) return
      log.ids.splice(firstAtOrAfter(log.ids, messageId), 1)
    },
    drop: (channelId) => void logs.delete(channelId),
  }
}

/** Indexes [from, to) of the page among ascending ids. */
function bounds(ids: readonly Snowflake[], { before, after, around, limit }: Page): readonly [number, number] {
  if (around !== undefined) {
    const middle = firstAtOrAfter(ids, around)
    const from = Math.max(0, middle - Math.floor(limit / 2))
    return [from, from + limit]
  }
  if (after !== undefined) {
    const at = firstAtOrAfter(ids, after)
    const from = ids[at] === after ? at + 1 : at
    return [from, from + limit]
  }
  const to = before === undefined ? ids.length : firstAtOrAfter(ids, before)
  return [Math.max(0, to - limit), to]
}

function firstAtOrAfter(ids: readonly Snowflake[], id: Snowflake): number {
  let low = 0
  let high = ids.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compareSnowflakes(ids[middle] ?? '', id) < 0) low = middle + 1
    else high = middle
  }
  return low
}
