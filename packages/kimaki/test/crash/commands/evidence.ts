/** What stands on record after a crash run by which slash commands are judged: in Kimaki's rows, in OpenCode's, in Discord and with the model. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { componentTexts } from '../../../src/discord/inbound/content/components.ts'
import type { Harness, Project } from '../../support/harness.ts'

export interface Evidence {
  /** Lines that shell commands have left. */
  readonly marks: readonly string[]
  /** Of each request to a model that works: its session, and the words that it answers. */
  readonly asked: readonly { readonly session: string; readonly words: string }[]
  /** Sessions that no subagent made. */
  readonly sessions: readonly SessionFacts[]
  /** Threads of the projects. */
  readonly threads: readonly ThreadFacts[]
  /** What stands in a thread or channel. */
  readonly said: (placeId: string) => readonly { readonly id: string; readonly text: string }[]
  readonly verbosities: Readonly<Record<string, string>>
  /** Messages that are pinned, by their channels. */
  readonly pinned: Readonly<Record<string, number>>
}

export interface SessionFacts {
  readonly id: string
  /** Under which it was made. */
  readonly mark: string | undefined
  readonly summaries: number
  /** The words of the message from which on all is undone. */
  readonly undoneFrom: string | undefined
}

export interface ThreadFacts {
  readonly id: string
  /** A message of a person began it. */
  readonly isOfMessage: boolean
  /** A conversation of Kimaki's. */
  readonly isKnown: boolean
  /** Chosen for it. */
  readonly agent: string | undefined
  readonly session: string | undefined
}

interface Row {
  readonly [column: string]: unknown
}

type Read = <T>(sql: string, pick: (row: Row) => T) => readonly T[]

function reading<T>(file: string, work: (read: Read) => T): T {
  const db = new DatabaseSync(file, { readOnly: true })
  try {
    return work((sql, pick) => db.prepare(sql).all().map(pick))
  } finally {
    db.close()
  }
}

const kimakiOf = ({ dataDir }: Harness): string => join(dataDir, 'discord-sessions.db')
const opencodeOf = ({ env }: Harness): string => join(env['XDG_DATA_HOME'] ?? '', 'opencode', 'opencode.db')

/** That the thread is bound to now. */
export const sessionOf = (harness: Harness, threadId: string): string | undefined =>
  reading(kimakiOf(harness), (read) =>
    read('SELECT conversation, session FROM binding ORDER BY bound_at', (row) => [row['conversation'], String(row['session'])]),
  ).findLast(([conversation]) => conversation === threadId)?.[1] as string | undefined

export function gather(harness: Harness, projects: readonly Project[]): Evidence {
  const { emulator, model } = harness
  const files = projects.map(({ directory }) => join(directory, 'marks.txt')).filter((file) => existsSync(file))
  const kimaki = reading(kimakiOf(harness), (read) => ({
    known: new Set(read('SELECT DISTINCT conversation FROM inbox', (row) => String(row['conversation']))),
    agents: new Map(read('SELECT id, state FROM conversation', (row) => [String(row['id']), agentIn(String(row['state']))])),
    bound: new Map(
      read('SELECT conversation, session FROM binding ORDER BY bound_at', (row) => [
        String(row['conversation']),
        String(row['session']),
      ]),
    ),
    verbosities: read('SELECT channel, level FROM verbosity', (row) => [String(row['channel']), String(row['level'])]),
  }))
  const threads = projects.flatMap(({ channelId }) => {
    const written = new Set(emulator.world.messages(channelId).map(({ id }) => id))
    return emulator.world.threads(channelId).map(({ id }) => ({
      id,
      isOfMessage: written.has(id),
      isKnown: kimaki.known.has(id),
      agent: kimaki.agents.get(id),
      session: kimaki.bound.get(id),
    }))
  })
  return {
    marks: files.flatMap((file) => readFileSync(file, 'utf8').split('\n')),
    asked: model.log.flatMap(({ hasTools, sessionId, answers }) =>
      hasTools && sessionId !== undefined ? [{ session: sessionId, words: answers.join('\n') }] : [],
    ),
    sessions: sessionsIn(opencodeOf(harness)),
    threads,
    said: (placeId) =>
      emulator.world.messages(placeId).map(({ id, content, components }) => ({
        id,
        text: content || componentTexts(components).join('\n'),
      })),
    verbosities: Object.fromEntries(kimaki.verbosities),
    pinned: Object.fromEntries(
      projects.map(({ channelId }) => [channelId, emulator.world.messages(channelId).filter(({ pinned }) => pinned).length]),
    ),
  }
}

function agentIn(state: string): string | undefined {
  const { features } = JSON.parse(state) as { readonly features?: Readonly<Record<string, unknown>> }
  const models = JSON.stringify(features?.['models'] ?? {})
  return /"own":\{[^}]*"agent":"(\w+)"/.exec(models)?.[1]
}

/** The OpenCode that is played keeps its own. */
function sessionsIn(file: string): readonly SessionFacts[] {
  if (!existsSync(file)) return []
  return reading(file, (read) => {
    const summaries = Map.groupBy(
      read(`SELECT session_id FROM message WHERE json_extract(data, '$.summary') = 1`, (row) => String(row['session_id'])),
      (session) => session,
    )
    const words = new Map(
      read(
        `SELECT message_id, group_concat(json_extract(data, '$.text'), char(10)) AS words FROM part GROUP BY message_id`,
        (row) => [String(row['message_id']), String(row['words'])],
      ),
    )
    return read('SELECT id, metadata, "revert" FROM session WHERE parent_id IS NULL', (row) => {
      const id = String(row['id'])
      const undone = jsonIn(row['revert'])['messageID']
      return {
        id,
        mark: jsonIn(row['metadata'])['kimaki'],
        summaries: summaries.get(id)?.length ?? 0,
        undoneFrom: undone === undefined ? undefined : words.get(undone),
      }
    })
  })
}

const jsonIn = (column: unknown): Readonly<Record<string, string | undefined>> =>
  typeof column === 'string' ? (JSON.parse(column) as Readonly<Record<string, string>>) : {}
