/**
 * What stands in OpenCode's database, read as it is on disk: its tables and columns are those of the pinned version.
 */
import { AgentUnavailable, type StoreUnavailable } from '../../base/errors.ts'
import type { AgentMessage, LastWritten } from '../../domain/agent.ts'
import { isAnswered } from '../../domain/conversation/run/watch/elsewhere.ts'
import type { AskDatabase, Query, RecordedSession } from '../../ports/agent/terminals.ts'
import type * as api from '../wire/api.ts'
import { isOurPrompt, messageOf, wordsOf } from '../wire/message.ts'
import { read } from '../wire/read.ts'

/** A run of more steps without a message of somebody is not looked through. */
const NEWEST = 100

const SESSIONS = `SELECT id, directory, title, metadata, time_created, time_updated FROM session
  WHERE parent_id IS NULL AND time_updated > ? AND directory IN (SELECT value FROM json_each(?)) ORDER BY time_updated`
const MESSAGES = `SELECT id, time_updated, data FROM message WHERE session_id = ? ORDER BY time_created DESC, id DESC LIMIT ${NEWEST}`
const PARTS = `SELECT data, time_updated FROM part WHERE message_id = ? ORDER BY id`

export class Records {
  readonly #file: string
  readonly #ask: AskDatabase

  constructor(file: string, ask: AskDatabase) {
    this.#file = file
    this.#ask = ask
  }

  sessions(directories: readonly string[], since: number): readonly RecordedSession[] | AgentUnavailable {
    const rows = this.#ask(this.#file, (query) => query(SESSIONS, since, JSON.stringify(directories)))
    return rows instanceof Error ? unread(rows) : (rows ?? []).map(sessionOf)
  }

  last(session: string): LastWritten | undefined | AgentUnavailable {
    const last = this.#ask(this.#file, (query) => lastIn(query, session))
    return last instanceof Error ? unread(last) : last
  }
}

function lastIn(query: Query, session: string): LastWritten | undefined {
  const rows = query(MESSAGES, session).toReversed()
  const messages = rows.flatMap((row) => headOf(row))
  const newest = messages.at(-1)
  const newestUser = messages.findLast(({ kind }) => kind === 'user')
  if (!newest || !newestUser) return undefined
  const stored = [...rows.slice(-1), ...query(PARTS, newest.id)].map((row) => Number(row['time_updated']))
  const facts = { isAnswered: isAnswered(messages, newestUser.id), updated: Math.max(...stored) }
  for (const { id, kind, created } of messages.toReversed()) {
    if (kind !== 'user') continue
    const parts = query(PARTS, id).map((row) => read<api.Part>(parsed(row['data'])))
    const words = wordsOf(parts)
    // What has neither is OpenCode's own: it sums up a full context and goes on.
    if (words !== '' || isOurPrompt(parts)) return { id, created, words, ...facts }
  }
  return undefined
}

function headOf(row: Readonly<Record<string, unknown>>): readonly AgentMessage[] {
  const head = messageOf(read<api.Message>({ ...Object(parsed(row['data'])), id: row['id'] }))
  if (!head) return []
  return [head.kind === 'user' ? head : { ...head, parts: [] }]
}

function sessionOf(row: Readonly<Record<string, unknown>>): RecordedSession {
  const metadata = read<{ readonly kimaki: string; readonly aside: string }>(parsed(row['metadata']))
  return {
    id: String(row['id']),
    directory: String(row['directory']),
    title: String(row['title']),
    created: Number(row['time_created']),
    updated: Number(row['time_updated']),
    isOurs: metadata.text('kimaki') !== undefined || metadata.text('aside') !== undefined,
  }
}

const unread = ({ reason }: StoreUnavailable): AgentUnavailable =>
  new AgentUnavailable({ reason: `OpenCode's database cannot be read: ${String(reason)}` })

function parsed(text: unknown): unknown {
  if (typeof text !== 'string') return undefined
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
