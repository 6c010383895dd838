/**
 * Live messages wait while the past of their place is being read. A channel's queue also takes messages of its threads as long as
 * nobody knows which of them are to be read, and those of threads that may have begun with a message that waits itself.
 */
import type { Place } from '../../ports/chat.ts'

export interface Holds<T> {
  hold(channels: readonly string[]): void
  /** The channel's threads are listed: these are to be read. What waited for the list is handed back, to be judged again. */
  listed(channelId: string, places: readonly string[]): readonly T[]
  /** The place has been read. */
  read(place: string): readonly T[]
  /** The channel and whatever of it is left. */
  release(channelId: string): readonly T[]
  /** Takes what has to wait. `isKnown`: its thread is a conversation. */
  take(live: T, isKnown: () => Promise<boolean>): Promise<boolean>
  readonly any: boolean
}

interface Queue<T> {
  readonly channelId: string
  isListed: boolean
  readonly waiting: T[]
}

export function createHolds<T>(placeOf: (live: T) => Place): Holds<T> {
  const queues = new Map<string, Queue<T>>()
  /** Channels that are not released yet. */
  const open = new Set<string>()

  const end = (place: string): readonly T[] => {
    const waiting = queues.get(place)?.waiting ?? []
    queues.delete(place)
    return waiting
  }

  const queueOf = async (live: T, isKnown: () => Promise<boolean>): Promise<Queue<T> | undefined> => {
    const { channelId, projectChannelId, inThread } = placeOf(live)
    const own = queues.get(channelId)
    if (own || !inThread) return own
    const parent = queues.get(projectChannelId)
    return parent?.isListed && (await isKnown()) ? undefined : parent
  }

  return {
    hold(channels) {
      for (const channelId of channels) {
        open.add(channelId)
        queues.set(channelId, { channelId, isListed: false, waiting: queues.get(channelId)?.waiting ?? [] })
      }
    },
    listed(channelId, places) {
      if (!open.has(channelId)) return []
      for (const place of places) {
        queues.set(place, queues.get(place) ?? { channelId, isListed: true, waiting: [] })
      }
      const queue = queues.get(channelId)
      if (!queue || queue.isListed) return []
      queue.isListed = true
      return queue.waiting.splice(0)
    },
    read: end,
    release(channelId) {
      open.delete(channelId)
      return [...queues].filter(([, queue]) => queue.channelId === channelId).flatMap(([place]) => end(place))
    },
    async take(live, isKnown) {
      const queue = await queueOf(live, isKnown)
      queue?.waiting.push(live)
      return queue !== undefined
    },
    get any() {
      return open.size > 0
    },
  }
}
