/** An intake around a record in memory and a Discord made by hand: everything that happens is one line of a journal, in order. */
import type { ChatUnknown } from '../../../src/base/errors.ts'
import { CommitQueue } from '../../../src/app/commit-queue.ts'
import type { CommandRule, ThreadChange } from '../../../src/app/intake/acceptances.ts'
import { Delivery } from '../../../src/app/intake/delivery.ts'
import { Intake, type IntakeDeps } from '../../../src/app/intake/intake.ts'
import { Retry } from '../../../src/app/retry.ts'
import { DEFAULT_SETTINGS, type Settings } from '../../../src/domain/settings.ts'
import type { AccessFacts } from '../../../src/domain/access.ts'
import type { SaidInChannel } from '../../../src/domain/conversation/features/talk/bots.ts'
import type { IncomingMessage } from '../../../src/domain/message/incoming.ts'
import type { CatchUpPage, ChatError, ChatEvent, GatewayPosition, Place } from '../../../src/ports/chat.ts'
import type { Log } from '../../../src/ports/host.ts'
import type { Acceptance, Batch, Committed, InboxRow, Project } from '../../../src/ports/store.ts'
import { manualClock, type ManualClock } from '../support/clock.ts'

export const GUILD = '100000000000000001'
export const CHANNEL = '100000000000000002'
export const OTHER = '100000000000000009'
const OWNER = '100000000000000003'

export const owner: AccessFacts = { userId: OWNER, isBot: false, ownerId: OWNER, memberRoleIds: [], guildId: GUILD, roles: [] }
export const stranger: AccessFacts = { ...owner, userId: '4', ownerId: OWNER }

export const projectOf = (channelId: string): Project => ({ channelId, guildId: GUILD, directory: `/project/${channelId}` })
export const inChannel: Place = { channelId: CHANNEL, projectChannelId: CHANNEL, inThread: false }
export const inThread = (id: string): Place => ({ channelId: id, projectChannelId: CHANNEL, inThread: true })

let snowflake = 200_000_000_000_000_000n
export const nextId = (): string => String((snowflake += 1n))

export function message(text: string, facts: Partial<IncomingMessage> = {}): IncomingMessage {
  return {
    id: nextId(),
    guildId: GUILD,
    ...inChannel,
    author: { kind: 'person', id: OWNER, name: 'Ann' },
    text,
    titleText: text,
    mentionsBot: false,
    reply: undefined,
    attachments: [],
    sentAt: '2026-01-01T00:00:00.000Z',
    ...facts,
  }
}

export const at = (sequence: number): GatewayPosition => ({ sessionId: 'gateway-1', resumeUrl: 'wss://resume', sequence })

export const page = (messages: readonly IncomingMessage[], more = false): CatchUpPage => ({
  messages: messages.map((found) => ({ message: found, access: owner })),
  lastId: messages.at(-1)?.id,
  more,
})

export const pageAfter = (after: string, ...messages: readonly IncomingMessage[]): CatchUpPage =>
  page(messages.filter(({ id }) => id > after))

/** Discord's answers for the pages of each place; unset, a place is read with one empty page. */
export const pages =
  (places: Readonly<Record<string, (after: string) => CatchUpPage | ChatUnknown | Promise<CatchUpPage>>>) =>
  async (placeId: string, after: string): Promise<CatchUpPage | ChatUnknown> =>
    places[placeId]?.(after) ?? page([])

export const listing =
  (...threads: readonly string[]) =>
  async () =>
    threads.map((id) => ({ id, parentId: CHANNEL }))

/** What the tests say of Discord; unset, everything works and nothing was missed. */
export interface Discord {
  newestIn?: (channelId: string) => Promise<string | ChatError>
  readAfter?: (placeId: string, after: string) => Promise<CatchUpPage | ChatError>
  threadsSince?: (since: string) => Promise<readonly { readonly id: string; readonly parentId: string }[] | ChatError>
  defer?: () => Promise<undefined | ChatError>
}

/** A record in memory that keeps the rules of the store port. */
export class MemoryRecord {
  readonly rows = new Map<string, InboxRow>()
  readonly cursorRows = new Map<string, string>()
  readonly marks = new Map<string, string>()
  readonly done = new Set<number>()
  readonly receipts = new Map<number, number>()
  written: GatewayPosition | undefined
  /** Called before each commit; an answer stands for that of the store. */
  onCommit: (batch: Batch) => Promise<Committed | undefined> = async () => undefined
  onQuestion: (id: string) => Promise<boolean | undefined> = async () => undefined
  readonly #journal: string[]

  constructor(journal: string[]) {
    this.#journal = journal
  }

  async commit(batch: Batch): Promise<Committed> {
    const answer = await this.onCommit(batch)
    if (answer) return answer
    const rows = (batch.accept ?? []).flatMap((acceptance) => this.#insert(acceptance))
    for (const { channelId, messageId } of batch.cursors ?? []) {
      if (messageId > (this.cursorRows.get(channelId) ?? '')) this.cursorRows.set(channelId, messageId)
    }
    for (const { channelId, since } of batch.unread?.begin ?? []) {
      if (!this.marks.has(channelId)) this.marks.set(channelId, since)
    }
    for (const channelId of batch.unread?.end ?? []) this.marks.delete(channelId)
    for (const order of batch.done ?? []) this.done.add(order)
    for (const { order, at: time } of batch.receipts ?? []) this.#receive(order, time)
    if (batch.position) this.#journal.push(`position ${(this.written = batch.position).sequence}`)
    return rows
  }

  async hasConversation(id: string): Promise<boolean> {
    const answer = await this.onQuestion(id)
    return answer ?? [...this.rows.values()].some(({ conversation }) => conversation.id === id)
  }

  saidIn = async (): Promise<readonly SaidInChannel[]> => []
  cursors = async (): Promise<ReadonlyMap<string, string>> => new Map(this.cursorRows)
  unread = async (): Promise<ReadonlyMap<string, string>> => new Map(this.marks)

  #insert({ key, needsReceipt, ...acceptance }: Acceptance): readonly InboxRow[] {
    if (this.rows.has(key)) return []
    const receipt = needsReceipt ? 'awaited' : 'not-needed'
    const row: InboxRow = { ...acceptance, order: this.rows.size + 1, receipt, tries: 0, error: undefined }
    this.rows.set(key, row)
    this.#journal.push(`record ${key}`)
    return [row]
  }

  #receive(order: number, time: number): void {
    this.receipts.set(order, time)
    this.#journal.push(`receipt ${order}`)
  }
}

export interface Testbed {
  readonly intake: Intake
  readonly clock: ManualClock
  readonly record: MemoryRecord
  readonly discord: Discord
  readonly journal: string[]
  readonly errors: string[]
  readonly delivered: InboxRow[]
  /** A live message, at the next position. */
  send(text: string, facts?: Partial<IncomingMessage>, access?: AccessFacts): IncomingMessage
  reply(to: { readonly id: string }, text: string): IncomingMessage
  event(event: ChatEvent): void
  fresh(sequence: number): void
  /** As the bot stops: what waits ends, then the intake. */
  stop(): Promise<void>
  abort(): void
  /** The texts of the messages that conversations got. */
  texts(): readonly string[]
}

export interface TestbedOptions {
  readonly settings?: Pick<Settings, 'threadsPerMinute'>
  readonly channels?: readonly string[]
  readonly commands?: Readonly<Record<string, CommandRule>>
}

export function testbed({ channels = [CHANNEL], commands = {}, settings = DEFAULT_SETTINGS }: TestbedOptions = {}): Testbed {
  const clock = manualClock()
  const stopping = new AbortController()
  const retry = new Retry(clock, stopping.signal)
  const journal: string[] = []
  const errors: string[] = []
  const delivered: InboxRow[] = []
  const discord: Discord = {}
  const record = new MemoryRecord(journal)
  for (const channelId of channels) record.cursorRows.set(channelId, '100000000000000000')
  const log = logInto(errors)
  const delivery = new Delivery((row) => {
    delivered.push(row)
    journal.push(`deliver ${row.order}`)
  }, log)
  const intake = new Intake({
    chat: chatOf(discord, journal),
    store: record,
    commits: new CommitQueue(record, retry, log),
    projects: { of: (id) => (channels.includes(id) ? projectOf(id) : undefined), all: () => channels.map(projectOf) },
    commands: new Map(Object.entries(commands)),
    needsMention: () => false,
    proposals: { of: async ({ typed }) => [{ name: typed, value: typed }] },
    unrecorded: { keep: (pressId, words) => void journal.push(`keep ${pressId} ${words.join(',')}`) },
    delivery,
    onThreadChange: (threadId: string, change: ThreadChange) => void journal.push(`${change.kind} ${threadId}`),
    onPlaceChange: (ids) => void journal.push(`changed ${ids.join(' ')}`),
    onOwnMessage: ({ messageId }) => void journal.push(`own ${messageId}`),
    clock,
    log,
    settings: { ...DEFAULT_SETTINGS, ...settings },
    retry,
  })
  let sequence = 0
  const send: Testbed['send'] = (text, facts, access = owner) => {
    const sent = message(text, facts)
    intake.onEvent({ kind: 'message', message: sent, access, position: at((sequence += 1)) })
    return sent
  }
  return {
    intake,
    clock,
    record,
    discord,
    journal,
    errors,
    delivered,
    send,
    reply: (to, text) => send(text, inThread(to.id)),
    event: (event) => intake.onEvent(event),
    fresh: (freshSequence) => intake.onEvent({ kind: 'fresh', position: at(freshSequence) }),
    async stop() {
      stopping.abort()
      await intake.stop()
    },
    abort: () => stopping.abort(),
    texts: () => delivered.map(({ request }) => (request.kind === 'message' ? request.message.text : request.kind)),
  }
}

function chatOf(discord: Discord, journal: string[]): IntakeDeps['chat'] {
  return {
    newestIn: async (channelId) => discord.newestIn?.(channelId) ?? channelId,
    readAfter: async (placeId, after) => discord.readAfter?.(placeId, after) ?? page([]),
    threadsSince: async ([channelId = ''], since) => discord.threadsSince?.(since(channelId)) ?? [],
    async acknowledge({ id }) {
      journal.push(`acknowledge ${id}`)
      return undefined
    },
    async refuse({ id }, text) {
      journal.push(`refuse ${id} ${text}`)
      return undefined
    },
    async showModal({ id }, { id: customId }) {
      journal.push(`modal ${id} ${customId}`)
      return undefined
    },
    async propose({ id }, choices) {
      journal.push(`propose ${id} ${choices.map(({ name }) => name).join()}`)
      return undefined
    },
    async post(channelId, { content }, nonce) {
      journal.push(`post ${channelId} ${nonce} ${content}`)
      return { messageId: '1' }
    },
    async edit(channelId, messageId, { text }) {
      journal.push(`edit ${channelId} ${messageId} ${text}`)
      return undefined
    },
    async defer({ id }, visibility) {
      journal.push(`defer ${id} ${visibility}`)
      return discord.defer?.()
    },
  }
}

function logInto(errors: string[]): Log {
  const error = (line: string, facts?: Readonly<Record<string, unknown>>): void =>
    void errors.push(`${line} ${JSON.stringify(facts ?? {})}`)
  return { debug: () => undefined, info: () => undefined, warn: () => undefined, error }
}
