/**
 * Accepting: what Discord says becomes an inbox row, in the order of the gateway, before anything else happens. The gateway
 * position is saved in the commit of what it carried, so a RESUME after a crash never skips a message; what carries nothing only
 * moves the position along with the next commit.
 */
import { mayUse, type AccessFacts } from '../domain/access.ts'
import type { IncomingMessage } from '../domain/message/incoming.ts'
import type { ChatEvent, GatewayPosition } from '../ports/chat.ts'
import type { Clock, Log } from '../ports/host.ts'
import type { Acceptance, ConversationPlace, StorePort } from '../ports/store.ts'
import { threadGoneText } from '../view/notice.ts'
import type { Conversations } from './conversations.ts'
import type { Durable } from './durable.ts'
import { createHolds } from './holds.ts'
import type { Projects } from './projects.ts'
import type { Retrying } from './retry.ts'

/** Positions that carried nothing are written this often at the latest: an overlap on RESUME is harmless. */
const POSITION_MS = 1000

interface Parts {
  readonly store: StorePort
  readonly durable: Durable
  readonly projects: Projects
  readonly conversations: Conversations
  readonly clock: Clock
  readonly log: Log
  readonly retry: Retrying
}

export interface Intake {
  take(event: Exclude<ChatEvent, { kind: 'fresh' }>): void
  /** A message found by catch-up; resolves when it is on record (or not for us). */
  found(message: IncomingMessage, access: AccessFacts): Promise<void>
  /** A fresh session began at this position: live messages of these channels wait. No position is saved as long as any of them does. */
  hold(channelIds: readonly string[], position: GatewayPosition): void
  /** The threads of a channel are known; these places (it may be one of them) are still to be read. */
  holdThreads(channelId: string, places: readonly string[]): void
  /** The past of this channel or thread has been read. */
  read(place: string): void
  /** The channels and all their threads have been read. */
  release(channelIds: readonly string[]): void
  stop(): Promise<void>
}

export function createIntake(parts: Parts): Intake {
  const { durable, clock, conversations, store, log, retry } = parts
  let line: Promise<unknown> = Promise.resolve()
  let unsaved: GatewayPosition | undefined
  let cancelSave: (() => void) | undefined
  const holds = createHolds<Live>()
  /** Conversations whose first message is on its way into the store. */
  const accepted = new Set<string>()

  const lost = (error: unknown): void => log.error('what Discord said could not be put on record', { error: String(error) })

  const save = (position: GatewayPosition): void => {
    unsaved = position
    if (holds.any) return
    cancelSave ??= clock.after(POSITION_MS, () => {
      cancelSave = undefined
      const latest = unsaved
      if (!latest || holds.any) return
      unsaved = undefined
      durable.commit({ position: latest }).catch(lost)
    })
  }

  /** Asked until the database answers: a message whose place is not known yet must not be passed over. */
  const knows = async (id: string): Promise<boolean | 'stopped'> =>
    retry.until(async () =>
      store.knows(id).catch((error: unknown) => {
        log.error('the database cannot be read', { error: String(error) })
        return undefined
      }),
    )

  /** Where the message belongs; undefined when it is not for us. */
  const placeOf = async (message: IncomingMessage, access: AccessFacts): Promise<ConversationPlace | 'stopped' | undefined> => {
    const project = parts.projects.of(message.projectChannelId)
    if (!project || !mayUse(access)) return undefined
    const id = message.inThread ? message.channelId : message.id
    const known = !message.inThread || accepted.has(id) || message.mentionsBot || (await knows(id))
    if (known === 'stopped') return known
    return known
      ? { id, guildId: message.guildId, channelId: project.channelId, directory: project.directory, inThread: message.inThread }
      : undefined
  }

  const accept = async (
    message: IncomingMessage,
    place: ConversationPlace | undefined,
    position: GatewayPosition | undefined,
  ): Promise<void> => {
    if (position) unsaved = undefined
    const acceptance: Acceptance | undefined = place && {
      key: `discord:${message.id}`,
      asked: { kind: 'message', message },
      conversation: place,
      at: clock.now(),
    }
    const thread = place && !place.inThread ? [{ channelId: message.id, messageId: message.id }] : []
    const rows = await durable.commit({
      accept: acceptance ? [acceptance] : [],
      position,
      cursors: [{ channelId: message.channelId, messageId: message.id }, ...thread],
    })
    for (const row of rows ?? []) conversations.accept(row)
    if (place) accepted.delete(place.id)
  }

  const message = async ({ message: live, access, position }: Extract<ChatEvent, { kind: 'message' }>): Promise<void> => {
    if (holds.any && position) save(position)
    if (!(await waits({ message: live, access }))) await take({ message: live, access }, holds.any ? undefined : position)
  }

  const waits = async (live: Live): Promise<boolean> => holds.take(live, async () => isConversation(live.message))

  const isConversation = async ({ channelId }: IncomingMessage): Promise<boolean> =>
    accepted.has(channelId) || (await knows(channelId)) === true

  const take = async (live: Live, position: GatewayPosition | undefined): Promise<void> => {
    const place = await placeOf(live.message, live.access)
    if (place === 'stopped') return
    if (place) accepted.add(place.id)
    // Not awaited: commits resolve in order, and the next message may share this one's.
    accept(live.message, place, position).catch(lost)
  }

  /** What waited is judged again: it may have to wait for something else now. */
  const again = async (waited: readonly Live[]): Promise<void> => {
    for (const live of waited) if (!(await waits(live))) await take(live, undefined)
  }

  const inOrder = (work: () => Promise<void> | void): void => {
    line = line
      .then(work)
      .catch((error: unknown) => parts.log.error('an event of Discord could not be taken in', { error: String(error) }))
  }

  return {
    take(event) {
      if (event.kind === 'message') inOrder(async () => message(event))
      else inOrder(() => other(event, conversations, clock, save))
    },
    async found(message, access) {
      const place = await placeOf(message, access)
      if (place === 'stopped') return
      if (place) accepted.add(place.id)
      await accept(message, place, undefined).catch(lost)
    },
    hold: (channelIds, position) =>
      inOrder(() => {
        holds.hold(channelIds)
        save(position)
      }),
    holdThreads: (channelId, places) => inOrder(async () => again(holds.listed(channelId, places))),
    read: (place) => inOrder(async () => again(holds.read(place))),
    release: (channelIds) =>
      inOrder(async () => {
        for (const channelId of channelIds) await again(holds.release(channelId))
        if (unsaved) save(unsaved)
      }),
    async stop() {
      await line
      cancelSave?.()
      if (unsaved && !holds.any) await durable.commit({ position: unsaved })
    },
  }
}

/** A live message, with what is known of its author. */
interface Live {
  readonly message: IncomingMessage
  readonly access: AccessFacts
}

function other(
  event: Exclude<ChatEvent, { kind: 'fresh' | 'message' }>,
  conversations: Conversations,
  clock: Clock,
  save: (position: GatewayPosition) => void,
): void {
  const at = clock.now()
  const gone = event.kind === 'channel-gone' ? conversations.awake(event.channelId) : undefined
  gone?.push({ kind: 'thread-gone', at, text: threadGoneText(gone.state?.title.synced) })
  if (event.kind === 'thread-renamed') conversations.awake(event.threadId)?.push({ kind: 'thread-renamed', at, name: event.name })
  if (event.position) save(event.position)
}
