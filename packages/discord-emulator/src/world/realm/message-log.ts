/** The messages of each channel and thread, oldest first, found by id or by page (docs: Message > Get Channel Messages). */
import type { Snowflake } from '../../api.ts'
import type { MessageRecord } from './records.ts'
import { compareSnowflakes } from '../base/snowflake.ts'

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

/** Ascending by id, found by halving: a map beside the list would cost another 60 bytes a message. */
export function createLogs(): MessageLogs {
  const logs = new Map<Snowflake, MessageRecord[]>()
  const logOf = (channelId: Snowflake): MessageRecord[] => {
    const log = logs.get(channelId) ?? []
    logs.set(channelId, log)
    return log
  }
  const placeOf = (log: readonly MessageRecord[], id: Snowflake) => {
    const place = firstAtOrAfter(log, id)
    return log[place]?.id === id ? place : undefined
  }
  return {
    find(channelId, messageId) {
      const log = logs.get(channelId) ?? []
      const place = placeOf(log, messageId)
      return place === undefined ? undefined : log[place]
    },
    all: (channelId) => [...(logs.get(channelId) ?? [])],
    page(channelId, page) {
      const log = logs.get(channelId) ?? []
      return log.slice(...bounds(log, page)).reverse()
    },
    append(message) {
      const log = logOf(message.channelId)
      log.splice(firstAtOrAfter(log, message.id), 0, message)
    },
    replace(message) {
      const log = logOf(message.channelId)
      const place = placeOf(log, message.id)
      if (place !== undefined) log[place] = message
    },
    remove(channelId, messageId) {
      const log = logOf(channelId)
      const place = placeOf(log, messageId)
      if (place !== undefined) log.splice(place, 1)
    },
    drop: (channelId) => void logs.delete(channelId),
  }
}

/** Indexes [from, to) of the page among ascending ids. */
function bounds(log: readonly MessageRecord[], { before, after, around, limit }: Page): [number, number] {
  if (around !== undefined) {
    const middle = firstAtOrAfter(log, around)
    const from = Math.max(0, middle - Math.floor(limit / 2))
    return [from, from + limit]
  }
  if (after !== undefined) {
    const at = firstAtOrAfter(log, after)
    const from = log[at]?.id === after ? at + 1 : at
    return [from, from + limit]
  }
  const to = before === undefined ? log.length : firstAtOrAfter(log, before)
  return [Math.max(0, to - limit), to]
}

function firstAtOrAfter(log: readonly MessageRecord[], id: Snowflake): number {
  let low = 0
  let high = log.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compareSnowflakes(log[middle]?.id ?? '', id) < 0) low = middle + 1
    else high = middle
  }
  return low
}
