/**
 * Accepting: what Discord says becomes an inbox row, in the order of the gateway, before anything else happens. The gateway
 * position is saved in the commit of what it carried, so a RESUME after a crash never skips a message; what carries nothing only
 * moves the position along with the next commit.
 */
import { mayUse, type AccessFacts } from '../../domain/access.ts'
import type { IncomingMessage } from '../../domain/message/incoming.ts'
import type { ChatEvent, ChatPort, GatewayPosition, Place } from '../../ports/chat.ts'
import type { Clock } from '../../base/clock.ts'
import type { Log } from '../../ports/host.ts'
import type { Acceptance, Batch, ConversationPlace, StorePort } from '../../ports/store.ts'
import { deadButtonText, notAllowedText, threadGoneText } from '../../view/text/notice.ts'
import type { Conversations } from '../conversation/conversations.ts'
import type { Durable } from '../commit-queue.ts'
import { createHolds } from './holdback.ts'
import type { Projects } from './projects.ts'
import type { Retrying } from '../retry.ts'

/** Positions that carried nothing are written this often at the latest: an overlap on RESUME is harmless. */
const POSITION_MS = 1000

interface Parts {
  readonly chat: Pick<ChatPort, 'acknowledge' | 'refuse'>
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
  const { chat, durable, clock, conversations, store, log, retry } = parts
  let line: Promise<unknown> = Promise.resolve()
  let unsaved: GatewayPosition | undefined
  let cancelSave: (() => void) | undefined
  const holds = createHolds(placeOf)
  /** Conversations whose first message is on its way into the store. */
  const accepted = new Set<string>()

  const lost = (error: unknown): void => log.error('what Discord said could not be put on record', { error: String(error) })

  const saveNow = (): void => {
    const latest = unsaved
    if (!latest || holds.any) return
    unsaved = undefined
    durable.commit({ position: latest }).catch(lost)
  }

  const save = (position: GatewayPosition): void => {
    unsaved = position
    if (holds.any) return
    cancelSave ??= clock.after(POSITION_MS, () => {
      cancelSave = undefined
      saveNow()
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

  /** Where the message belongs; undefined when it is not for us. `opens`: it may begin a conversation, or bring the bot into a thread. */
  const conversationAt = async (place: Place, id: string, opens: boolean): Promise<ConversationPlace | 'stopped' | undefined> => {
    const project = parts.projects.of(place.projectChannelId)
    if (!project) return undefined
    const known = opens || accepted.has(id) || (await knows(id))
    if (known === 'stopped') return known
    const { guildId, channelId, directory } = project
    return known ? { id, guildId, channelId, directory, inThread: place.inThread } : undefined
  }

  const conversationOf = async (message: IncomingMessage, access: AccessFacts, opens: boolean) =>
    mayUse(access) ? conversationAt(message, message.inThread ? message.channelId : message.id, opens) : undefined

  const commit = async (batch: Pick<Batch, 'accept' | 'cursors' | 'position'>): Promise<void> => {
    if (batch.position) unsaved = undefined
    for (const row of (await durable.commit(batch)) ?? []) conversations.accept(row)
  }

  const acceptMessage = async (
    message: IncomingMessage,
    conversation: ConversationPlace | undefined,
    position: GatewayPosition | undefined,
  ): Promise<void> => {
    if (conversation) accepted.add(conversation.id)
    const thread = conversation && !conversation.inThread ? [{ channelId: message.id, messageId: message.id }] : []
    await commit({
      accept: conversation
        ? [{ key: `discord:${message.id}`, asked: { kind: 'message', message }, conversation, at: clock.now() }]
        : [],
      position,
      cursors: [{ channelId: message.channelId, messageId: message.id }, ...thread],
    })
    if (conversation) accepted.delete(conversation.id)
  }

  const live = async ({ position, ...event }: Extract<ChatEvent, { kind: Live['kind'] }>): Promise<void> => {
    if (holds.any && position) save(position)
    if (!(await waits(event))) await take(event, holds.any ? undefined : position)
  }

  const waits = async (event: Live): Promise<boolean> => {
    const { channelId } = placeOf(event)
    return holds.take(event, async () => accepted.has(channelId) || (await knows(channelId)) === true)
  }

  /** Commits are not awaited: they resolve in order, and the next event may share this one's. */
  const take = async (event: Live, position: GatewayPosition | undefined): Promise<void> => {
    if (event.kind === 'message') {
      const { message } = event
      const conversation = await conversationOf(message, event.access, !message.inThread || message.mentionsBot)
      if (conversation !== 'stopped') acceptMessage(message, conversation, position).catch(lost)
      return
    }
    const changes = await changesOf(event)
    if (changes.length > 0) commit({ accept: changes, position }).catch(lost)
    else if (position) save(position)
  }

  /** What becomes of messages that were accepted; others do not matter. */
  const changesOf = async (event: Exclude<Live, { kind: 'message' }>): Promise<readonly Acceptance[]> => {
    const at = clock.now()
    if (event.kind === 'edited') {
      const { message, editedAt } = event
      const conversation = await conversationOf(message, event.access, false)
      if (conversation === 'stopped' || !conversation) return []
      return [{ key: `edit:${message.id}:${editedAt}`, asked: { kind: 'edited-message', message }, conversation, at }]
    }
    const { place, messageIds } = event
    const found = await Promise.all(
      messageIds.map(async (messageId) => {
        const conversation = await conversationAt(place, place.inThread ? place.channelId : messageId, false)
        if (conversation === 'stopped' || !conversation) return []
        return [{ key: `delete:${messageId}`, asked: { kind: 'deleted-message', messageId } as const, conversation, at }]
      }),
    )
    return found.flat()
  }

  /** Discord waits three seconds for an answer: a press waits for nothing but those before it, and is acknowledged once it is on record. */
  const pressed = async ({ press, place, token, access, position }: Extract<ChatEvent, { kind: 'pressed' }>): Promise<void> => {
    const conversation = await conversationAt(place, press.channelId, false)
    if (conversation === 'stopped') return
    const answerable = { id: press.id, token }
    const why = !conversation ? deadButtonText() : mayUse(access) ? undefined : notAllowedText()
    if (!conversation || why !== undefined) {
      if (position) save(position)
      void chat.refuse(answerable, why ?? deadButtonText())
      return
    }
    const asked = { kind: 'pressed', press } as const
    const accept = [{ key: `press:${press.id}`, asked, conversation, at: clock.now() }]
    commit({ accept, position: holds.any ? undefined : position })
      .then(() => chat.acknowledge(answerable))
      .catch(lost)
  }

  /** What waited is judged again: it may have to wait for something else now. */
  const again = async (waited: readonly Live[]): Promise<void> => {
    for (const event of waited) if (!(await waits(event))) await take(event, undefined)
  }

  const inOrder = (work: () => Promise<void> | void): void => {
    line = line
      .then(work)
      .catch((error: unknown) => parts.log.error('an event of Discord could not be taken in', { error: String(error) }))
  }

  return {
    take(event) {
      if (event.kind === 'message' || event.kind === 'edited' || event.kind === 'deleted') inOrder(async () => live(event))
      else if (event.kind === 'pressed') inOrder(async () => pressed(event))
      else inOrder(() => other(event, conversations, clock, save))
    },
    async found(message, access) {
      const conversation = await conversationOf(message, access, !message.inThread || message.mentionsBot)
      if (conversation !== 'stopped') await acceptMessage(message, conversation, undefined).catch(lost)
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
        // At once: killed before this, the next bot begins a new session too, and Discord counts those.
        saveNow()
      }),
    async stop() {
      await line
      cancelSave?.()
      if (unsaved && !holds.any) await durable.commit({ position: unsaved })
    },
  }
}

/** What waits while the past of its place is read. */
type Live =
  | Omit<Extract<ChatEvent, { kind: 'message' }>, 'position'>
  | Omit<Extract<ChatEvent, { kind: 'edited' }>, 'position'>
  | Omit<Extract<ChatEvent, { kind: 'deleted' }>, 'position'>

const placeOf = (event: Live): Place => (event.kind === 'deleted' ? event.place : event.message)

function other(
  event: Exclude<ChatEvent, { kind: 'fresh' | 'pressed' | Live['kind'] }>,
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
