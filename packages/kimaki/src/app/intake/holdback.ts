/**
 * Which live messages wait because the past of their place is still being read, and when they go on.
 *
 *                  ┌──────── hold, again: its threads are unknown once more ────────┐
 *                  ▼                                                                │
 *   free ─ hold ─▶ unlisted ─ listed(places) ─▶ listed ─ read(the last place) ─▶ free
 *
 *   a live event in       | waits while the channel is unlisted | waits while the channel is listed
 *   ----------------------|-------------------------------------|--------------------------------------------------------------
 *   the channel           | yes                                 | until the channel has been read
 *   a thread on the list  | yes                                 | until the thread has been read
 *   another thread        | yes                                 | until the channel has been read, unless its conversation is known
 *
 * Invariants
 *  H1. What waits in one place is handed back in the order it came.
 *  H2. A place that was not held, or has been read, holds nothing; neither does a channel whose places have all been read.
 *  H3. A reply in a thread that is not known yet waits for the channel: the message that begins its conversation may wait there.
 */
import type { ChatEvent, Place } from '../../ports/chat.ts'

/** What can wait: an event of a message. */
export type HeldEvent = Extract<ChatEvent, { kind: 'message' | 'edited' | 'deleted' | 'unheard' }>

export const isHoldable = (event: ChatEvent): event is HeldEvent => HOLDABLE.has(event.kind)

const HOLDABLE: ReadonlySet<ChatEvent['kind']> = new Set<HeldEvent['kind']>(['message', 'edited', 'deleted', 'unheard'])

interface HeldChannel {
  readonly isListed: boolean
  /** By channel or thread that is still to be read: what waits for it. */
  readonly waiting: Map<string, HeldEvent[]>
}

export class HoldBack {
  readonly #channels = new Map<string, HeldChannel>()

  /** Does any place hold events back? */
  get isHolding(): boolean {
    return this.#channels.size > 0
  }

  /** Do messages that are written there wait? */
  isHeld({ channelId, projectChannelId }: Pick<Place, 'channelId' | 'projectChannelId'>): boolean {
    const channel = this.#channels.get(projectChannelId)
    return channel !== undefined && (!channel.isListed || channel.waiting.has(channelId))
  }

  hold(channelIds: readonly string[]): void {
    for (const channelId of channelIds) {
      const waiting = this.#channels.get(channelId)?.waiting ?? new Map<string, HeldEvent[]>()
      // What waited for a thread waits for the new list, behind what waited in the channel: that may begin the thread's conversation.
      const ofChannel = waiting.get(channelId) ?? []
      waiting.delete(channelId)
      this.#channels.set(channelId, { isListed: false, waiting: new Map([[channelId, [ofChannel, ...waiting.values()].flat()]]) })
    }
  }

  /** These places of the channel are to be read, the channel among them. Hands back what waited for the list, to be judged again. */
  listed(channelId: string, placeIds: readonly string[]): readonly HeldEvent[] {
    const channel = this.#channels.get(channelId)
    if (!channel || channel.isListed) return []
    this.#channels.set(channelId, { isListed: true, waiting: new Map(placeIds.map((placeId) => [placeId, []])) })
    return channel.waiting.get(channelId) ?? []
  }

  /** The place has been read. Hands back what waited for it, to be judged again. */
  read(channelId: string, placeId: string): readonly HeldEvent[] {
    const channel = this.#channels.get(channelId)
    if (!channel?.isListed) return []
    const released = channel.waiting.get(placeId) ?? []
    channel.waiting.delete(placeId)
    if (channel.waiting.size === 0) this.#channels.delete(channelId)
    return released
  }

  /** Takes the event if it has to wait. `isKnown`: is the thread's conversation known? Calls must not overlap: the answer may take time. */
  async takes(event: HeldEvent, isKnown: (threadId: string) => Promise<boolean>): Promise<boolean> {
    const waiting = await this.#waitingFor(placeOf(event), isKnown)
    waiting?.push(event)
    return waiting !== undefined
  }

  async #waitingFor(place: Place, isKnown: (threadId: string) => Promise<boolean>): Promise<HeldEvent[] | undefined> {
    const channel = this.#channels.get(place.projectChannelId)
    const own = channel?.waiting.get(place.channelId)
    if (!channel || own || !place.inThread) return own
    const ofChannel = channel.waiting.get(place.projectChannelId)
    return ofChannel && channel.isListed && (await isKnown(place.channelId)) ? undefined : ofChannel
  }
}

export const placeOf = (event: HeldEvent): Place => ('place' in event ? event.place : event.message)
