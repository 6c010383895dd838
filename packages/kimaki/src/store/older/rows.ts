/** What the older Kimaki has on record, and what this one has: as rows, without a judgement. Tables and columns that an older version lacks are none. */
import type { StoreError, StoreUnavailable } from '../../base/errors.ts'
import { withCopy, type Cell, type Copied, type OlderRow } from './copy.ts'

export interface OlderRecord {
  readonly bots: readonly OlderRow[]
  /** How many bots have keys of speech services. */
  readonly keys: number
  readonly channels: readonly OlderRow[]
  readonly agents: readonly OlderRow[]
  readonly models: readonly OlderRow[]
  readonly verbosities: readonly OlderRow[]
  readonly mentions: readonly OlderRow[]
  readonly worktrees: readonly OlderRow[]
  readonly globalModels: readonly OlderRow[]
  readonly threads: readonly OlderRow[]
  readonly workspaces: readonly OlderRow[]
  readonly sessionAgents: readonly OlderRow[]
  readonly sessionModels: readonly OlderRow[]
  readonly tasks: readonly OlderRow[]
  readonly sleeps: readonly OlderRow[]
  readonly forums: number
}

export interface OwnRecord {
  /** By channel, the folder. */
  readonly projects: ReadonlyMap<string, string>
  /** Threads and sessions that a conversation has. */
  readonly threads: ReadonlySet<string>
  readonly sessions: ReadonlySet<string>
  /** `place/name` of what somebody has chosen here. */
  readonly preferences: ReadonlySet<string>
  readonly verbosities: ReadonlySet<string>
}

/** Undefined: there is no such file. */
export const readOlder = async (file: string): Promise<OlderRecord | undefined | StoreError | StoreUnavailable> =>
  withCopy(file, (copy) => ({
    bots: copy.rows('bot_tokens', 'app_id'),
    keys: copy.rows('bot_api_keys', 'app_id').length,
    channels: copy.rows('channel_directories', 'channel_id'),
    agents: copy.rows('channel_agents', 'channel_id'),
    models: copy.rows('channel_models', 'channel_id'),
    verbosities: copy.rows('channel_verbosity', 'channel_id'),
    mentions: copy.rows('channel_mention_mode', 'channel_id'),
    worktrees: copy.rows('channel_worktrees', 'channel_id'),
    globalModels: copy.rows('global_models', 'app_id'),
    threads: copy.rows('thread_sessions', 'thread_id'),
    workspaces: [...copy.rows('thread_worktrees', 'thread_id'), ...copy.rows('thread_workspaces', 'thread_id')],
    sessionAgents: copy.rows('session_agents', 'session_id'),
    sessionModels: copy.rows('session_models', 'session_id'),
    tasks: copy.rows('scheduled_tasks', 'status'),
    sleeps: copy.rows('session_sleeps', 'status'),
    forums: copy.rows('forum_sync_configs', 'app_id').length,
  }))

const NOTHING: OwnRecord = {
  projects: new Map(),
  threads: new Set(),
  sessions: new Set(),
  preferences: new Set(),
  verbosities: new Set(),
}

/** The file may be one that this Kimaki has never opened. */
export async function readOwn(file: string): Promise<OwnRecord | StoreError | StoreUnavailable> {
  return (await withCopy(file, ownRows)) ?? NOTHING
}

function ownRows(copy: Copied): OwnRecord {
  const threads = ['inbox', 'binding'].flatMap((table) => column(copy.rows(table, 'conversation'), 'conversation'))
  const preferences = copy.rows('preference', 'place').map(({ place, name }) => `${text(place)}/${text(name)}`)
  return {
    projects: new Map(copy.rows('project', 'linked_at').map(({ channel, directory }) => [text(channel), text(directory)])),
    threads: new Set([...threads, ...column(copy.rows('conversation', 'version'), 'id')]),
    sessions: new Set(column(copy.rows('binding', 'bound_at'), 'session')),
    preferences: new Set(preferences),
    // Before it was renamed, the table had the name that the older Kimaki's has.
    verbosities: new Set(['verbosity', 'channel_verbosity'].flatMap((table) => column(copy.rows(table, 'level'), 'channel'))),
  }
}

const column = (rows: readonly OlderRow[], name: string): readonly string[] => rows.map((row) => text(row[name]))

const text = (cell: Cell | undefined): string => String(cell ?? '')
