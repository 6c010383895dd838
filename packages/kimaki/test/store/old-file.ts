/** A file as it was before features had slices of their own, written row by row: what an update finds. */
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { MIGRATIONS } from '../../src/store/schema.ts'
import { migrateToSlices } from '../../src/store/migrate.ts'
import { CHANNEL, GUILD } from '../support/conversation.ts'
import { ID, newFile } from './support.ts'

type Json = Readonly<Record<string, unknown>>

/** Objects are written as JSON, texts as they are: so a row can be damaged. */
const body = (value: Json | string): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** A message as it was. */
export const oldMessage = (id: string, text: string, more: Json = {}): Json => ({
  id,
  guildId: GUILD,
  channelId: CHANNEL,
  projectChannelId: CHANNEL,
  inThread: false,
  authorId: '7',
  authorName: 'ada',
  authorIsBot: false,
  roleIds: ['8'],
  text,
  titleText: text,
  mentionsBot: false,
  attachments: [],
  sentAt: '2026-01-01T00:00:00.000Z',
  ...more,
})

/** The same message as it is now. */
export function newMessage(id: string, text: string, more: Json = {}): Json {
  const { authorId: _id, authorName: _name, authorIsBot: _isBot, roleIds: _roles, ...message } = oldMessage(id, text, more)
  return { ...message, author: { kind: 'person', id: '7', name: 'ada' } }
}

export class OldFile {
  readonly path = newFile()
  readonly #db: DatabaseSync
  #posts = 0

  constructor() {
    mkdirSync(dirname(this.path), { recursive: true })
    this.#db = new DatabaseSync(this.path)
    // Whether it would outlive a loss of power is not the subject.
    this.#db.exec('PRAGMA synchronous = OFF')
    const before = MIGRATIONS.slice(0, MIGRATIONS.indexOf(migrateToSlices))
    for (const sql of before) if (typeof sql === 'string') this.#db.exec(sql)
    this.#db.exec(`PRAGMA user_version = ${before.length}`)
  }

  conversation(state: Json | string, { id = ID, version = 1 } = {}): this {
    return this.#run(`INSERT INTO conversation VALUES (?, ?, ?, '/p', ?, ?)`, id, GUILD, CHANNEL, version, body(state))
  }

  prompt(order: number, facts: Json | string, phase: Json | string, { conversation = ID, settled = 0 } = {}): this {
    const sql = `INSERT INTO prompt (id, conversation, seq, body, phase, settled) VALUES (?, ?, ?, ?, ?, ?)`
    return this.#run(sql, `discord:${order}`, conversation, order, body(facts), body(phase), settled)
  }

  effect(effect: Json, conversation = ID): this {
    const { key, kind } = effect as { readonly key: string; readonly kind: string }
    return this.#run(
      `INSERT INTO effect (key, conversation, kind, body) VALUES (?, ?, ?, ?)`,
      key,
      conversation,
      kind,
      body(effect),
    )
  }

  damagedEffect(key: string, conversation: string): this {
    return this.#run(`INSERT INTO effect (key, conversation, kind, body) VALUES (?, ?, 'abort', '{"ke')`, key, conversation)
  }

  request(key: string, request: Json | string, conversation = ID): this {
    const place = { id: conversation, guildId: GUILD, channelId: CHANNEL, directory: '/p', inThread: false }
    const sql = `INSERT INTO inbox (key, conversation, at, body, place) VALUES (?, ?, '2026-01-01T00:00:00.000Z', ?, ?)`
    return this.#run(sql, key, conversation, body(request), JSON.stringify(place))
  }

  /** One that is on record for a block, and is posted. */
  post(block: string, live: Json): this {
    const id = `k${(this.#posts += 1)}`
    const sql = `INSERT INTO posted (id, conversation, channel, blocks, content, notify, state, message, live, shown)
      VALUES (?, ?, ?, ?, '', 0, 'sent', ?, ?, '')`
    return this.#run(sql, id, ID, ID, JSON.stringify([block]), `90${this.#posts}`, JSON.stringify(live))
  }

  binding(session: string, conversation = ID): this {
    return this.#run(`INSERT INTO binding VALUES (?, ?, ?, '2026-01-01')`, conversation, conversation, session)
  }

  /** The path, for the new program to open. */
  close(): string {
    this.#db.close()
    return this.path
  }

  #run(sql: string, ...values: readonly (string | number)[]): this {
    this.#db.prepare(sql).run(...values)
    return this
  }
}

export const CACHE = { install: 'i', thread: { kind: 'open', id: ID }, session: { kind: 'open', id: 'ses_1' } }

const MODEL = { provider: 'p', model: 'm', variant: 'high' }
const AS = { agent: 'plan', model: MODEL }
/** Where a question aside came from, as it was ... */
export const ORIGIN = { from: '900', parent: 'ses_0', fork: { session: 'ses_copy', upTo: 50, as: AS }, name: 'btw: why' }
/** ... and is now. */
export const BEGINS = {
  name: 'btw: why',
  session: { id: 'ses_copy', upTo: 50, answeredBy: AS },
  copyOf: { threadId: '900', session: 'ses_0' },
}
