/** What of the older Kimaki's record is taken over, what is here already, and what is left, with the reason. Pure. */
import type { ModelChoice, Preference } from '../../domain/models/preferences.ts'
import type { TakenOver } from '../../domain/conversation/features/commands/taken-over.ts'
import type { Project } from '../../ports/store.ts'
import type { OlderRow } from '../../store/older/copy.ts'
import type { OlderRecord, OwnRecord } from '../../store/older/rows.ts'
import { settingsOf, type PlannedSetting } from './settings.ts'
import { agentIn, isId, modelIn, textIn, timeIn } from './cells.ts'
import type { ImportItem } from './item.ts'

export interface ImportPlan {
  readonly items: readonly ImportItem[]
  /** The bot's token. */
  readonly token: string | undefined
  readonly projects: readonly Project[]
  readonly settings: readonly PlannedSetting[]
  /** The one used last is the last. */
  readonly threads: readonly (TakenOver & { readonly thread: string })[]
}

/** What the plan has to know of this machine and of Discord. */
export interface ImportFacts {
  /** The token that this Kimaki uses already. */
  readonly token: string | undefined
  /** The folder by its real path, or why it cannot be a project. */
  readonly folder: (path: string) => string | Error
  /** Servers of channels whose row names none. */
  readonly guilds: ReadonlyMap<string, string>
}

export function planImport(older: OlderRecord, own: OwnRecord, facts: ImportFacts): ImportPlan {
  const bot = newestBot(older.bots)
  const bots = older.bots.map((row) => botItem(row, row === bot, facts))
  const channels = older.channels.map((row) => channelItem(row, own, facts))
  const projects = channels.flatMap(({ project }) => (project ? [project] : []))
  const isProject = (channel: string): boolean =>
    own.projects.has(channel) || projects.some(({ channelId }) => channelId === channel)
  const settings = settingsOf(older, own, { isProject, app: bot && textIn(bot, 'app_id') })
  const threads = threadItems(older, own)
  return {
    items: [
      ...bots.map(({ item }) => item),
      ...channels.map(({ item }) => item),
      ...settings.map(({ item }) => item),
      ...threads.map(({ item }) => item),
      ...notBuilt(older),
    ],
    token: bots.find(({ token }) => token !== undefined)?.token,
    projects,
    settings: settings.filter(({ item }) => item.verdict === 'take'),
    threads: threads.flatMap(({ thread }) => (thread ? [thread] : [])),
  }
}

/** Of those of one's own; the shared bot is nobody's to take. */
function newestBot(bots: readonly OlderRow[]): OlderRow | undefined {
  return bots
    .filter((row) => textIn(row, 'bot_mode') !== 'gateway')
    .toSorted((one, other) => usedAt(other) - usedAt(one))
    .at(0)
}

const usedAt = (row: OlderRow): number => timeIn(row, 'last_used_at') || timeIn(row, 'created_at')

const TOKEN = /^[\w-]+\.[\w-]+\.[\w-]+$/

function botItem(
  row: OlderRow,
  isNewest: boolean,
  { token: own }: ImportFacts,
): { readonly item: ImportItem; readonly token?: string } {
  const token = textIn(row, 'token')
  const base = { kind: 'bot', id: textIn(row, 'app_id'), what: 'its token' } as const
  const leave = (why: string) => ({ item: { ...base, verdict: 'leave', why } as const })
  if (textIn(row, 'bot_mode') === 'gateway')
    return leave(
      'it is the bot that the older Kimaki shares with others; this one needs a bot of your own, or to be connected anew: run kimaki',
    )
  if (token === own) return { item: { ...base, verdict: 'known' } }
  if (own !== undefined) return leave('kimaki has the token of another bot already, from KIMAKI_BOT_TOKEN or credentials.json')
  if (!isNewest) return leave('another bot was used after it')
  if (!TOKEN.test(token)) return leave('what stands there is no bot token')
  return { item: { ...base, verdict: 'take' }, token }
}

function channelItem(
  row: OlderRow,
  { projects }: OwnRecord,
  { folder, guilds }: ImportFacts,
): { readonly item: ImportItem; readonly project?: Project } {
  const [channelId, path] = [textIn(row, 'channel_id'), textIn(row, 'directory')]
  const base = { kind: 'channel', id: channelId, what: path } as const
  const leave = (why: string) => ({ item: { ...base, verdict: 'leave', why } as const })
  if (!isId(channelId)) return leave('what stands there is no id of a channel')
  const directory = folder(path)
  const linked = projects.get(channelId)
  if (linked !== undefined)
    return linked === path || linked === directory
      ? { item: { ...base, verdict: 'known' } }
      : leave(`the channel is the project ${linked} here`)
  if (textIn(row, 'channel_type') === 'voice') return leave('it is a voice channel')
  if (directory instanceof Error) return leave(directory.message)
  const guildId = textIn(row, 'guild_id') || guilds.get(channelId)
  if (guildId === undefined || !isId(guildId))
    return leave(`its server is not known: kimaki project link ${path} --channel ${channelId}`)
  return { item: { ...base, verdict: 'take' }, project: { channelId, guildId, directory } }
}

type PlannedThread = { readonly item: ImportItem; readonly thread?: ImportPlan['threads'][number] }

/** In the order in which their sessions were bound. */
function threadItems(older: OlderRecord, own: OwnRecord): readonly PlannedThread[] {
  const worktrees = new Map(
    older.workspaces.map((row) => [
      textIn(row, 'thread_id'),
      textIn(row, 'workspace_directory') || textIn(row, 'worktree_directory'),
    ]),
  )
  const ordered = older.threads.toSorted((one, other) => boundAt(one) - boundAt(other))
  // A session has one thread: the one it was bound to last.
  const newest = new Map(ordered.map((row) => [textIn(row, 'session_id'), textIn(row, 'thread_id')]))
  const chosenIn = chosenBySession(older)
  return ordered.map((row) => {
    const [thread, session] = [textIn(row, 'thread_id'), textIn(row, 'session_id')]
    const base = { kind: 'thread', id: thread, what: session || 'no session' } as const
    const leave = (why: string) => ({ item: { ...base, verdict: 'leave', why } as const })
    if (!isId(thread)) return leave('what stands there is no id of a thread')
    if (session === '') return leave('it has no session yet')
    if (!session.startsWith('ses')) return leave('what stands there is no id of a session')
    if (own.threads.has(thread)) return { item: { ...base, verdict: 'known' } }
    const worktree = worktrees.get(thread)
    if (worktree) return leave(`it works in the worktree ${worktree}, and kimaki has no worktrees yet; the folder stays`)
    if (own.sessions.has(session)) return leave('another thread goes on with its session here')
    const heir = newest.get(session)
    if (heir !== undefined && heir !== thread) return leave(`thread ${heir} went on with its session`)
    return { item: { ...base, verdict: 'take' }, thread: { thread, session, chosen: chosenIn(session) } }
  })
}

const boundAt = (row: OlderRow): number => timeIn(row, 'updated_at') || timeIn(row, 'created_at')

function chosenBySession({ sessionAgents, sessionModels }: OlderRecord): (session: string) => Preference {
  const agents = new Map(sessionAgents.map((row) => [textIn(row, 'session_id'), agentIn(row)]))
  const models = new Map<string, ModelChoice | undefined>(sessionModels.map((row) => [textIn(row, 'session_id'), modelIn(row)]))
  return (session) => {
    const [agent, model] = [agents.get(session), models.get(session)]
    return { ...(agent !== undefined && { agent }), ...(model && { model }) }
  }
}

/** Of what this Kimaki cannot do, only how much there is. */
function notBuilt({ keys, tasks, sleeps, forums, worktrees }: OlderRecord): readonly ImportItem[] {
  const planned = (rows: readonly OlderRow[]): number => rows.filter((row) => textIn(row, 'status') === 'planned').length
  const counts: readonly (readonly [string, number, string])[] = [
    ['keys of speech services', keys, 'kimaki neither hears nor speaks yet'],
    ['planned tasks', planned(tasks), 'kimaki has no schedules yet; they do not run any more'],
    ['sleeping sessions', planned(sleeps), 'kimaki wakes no sessions yet; write in their threads'],
    ['channels with worktrees', worktrees.filter((row) => row['enabled'] === 1).length, 'kimaki has no worktrees yet'],
    ['forums', forums, 'kimaki writes no forums'],
  ]
  return counts
    .filter(([, count]) => count > 0)
    .map(([what, count, why]) => ({ kind: 'other', id: String(count), what, verdict: 'leave', why }))
}
