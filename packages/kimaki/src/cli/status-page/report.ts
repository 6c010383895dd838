/** Collects what goes on in the running bot: for `kimaki status`, its JSON and its page. */
import { join } from 'node:path'
import packageJson from '../../../package.json' with { type: 'json' }
import { boardOf, type ThreadRecord } from '../../domain/conversation/inquiry/board.ts'
import type { SessionRecord } from '../../domain/conversation/inquiry/session-record.ts'
import type { StatusReport, StatusServer, StatusThread } from '../../domain/conversation/inquiry/status-report.ts'
import { linkOf } from '../../domain/conversation/inquiry/why.ts'
import { memoryOf } from '../../host/process/memory.ts'
import type { Project } from '../../ports/store.ts'
import { whyText, withoutMarkdown } from '../../view/inquiry/why.ts'
import type { Composed } from '../compose.ts'
import { lastErrors } from './errors.ts'

const SESSIONS = 10_000
/** Of each state: more than anybody reads. */
const THREADS = 50
const ERRORS = 10

export async function reportOf(composed: Composed, now: number): Promise<StatusReport> {
  const { chat, store, config } = composed
  const line = chat.line()
  const sessions = await store.sessions({ limit: SESSIONS })
  const count = (state: SessionRecord['state']): number => sessions.filter((one) => one.state === state).length
  return {
    version: packageJson.version,
    pid: process.pid,
    dataDir: config.dataDir,
    now,
    startedAt: Math.round(now - process.uptime() * 1000),
    memory: process.memoryUsage.rss(),
    connected: line.kind === 'up',
    reason: line.kind === 'up' ? null : line.reason,
    projects: composed.projects.all().length,
    sessions: { working: count('working'), asking: count('asking'), known: sessions.length },
    threads: await threadsOf(composed, sessions, now),
    opencode: await serversOf(composed),
    budgets: await composed.budgets(),
    errors: lastErrors(join(config.dataDir, 'kimaki.log'), ERRORS),
  }
}

type Known = Omit<StatusThread, 'why' | 'link'>

async function threadsOf(
  { projects, store, bot }: Composed,
  sessions: readonly SessionRecord[],
  now: number,
): Promise<readonly StatusThread[]> {
  const titles = new Map(sessions.map(({ threadId, title }) => [threadId, title]))
  const found: Known[] = []
  for (const project of projects.all()) {
    const { waiting, working } = boardOf(await store.threadsOf(project.channelId), now)
    const known = (thread: ThreadRecord, state: StatusThread['state']): Known =>
      knownAs(thread, { project, state, title: titles.get(thread.threadId) ?? '' })
    found.push(...waiting.map((thread) => known(thread, thread.because)), ...working.map((thread) => known(thread, 'working')))
  }
  const newest = (states: readonly StatusThread['state'][], since = 0): readonly Known[] =>
    found
      .filter(({ state, askedAt }) => states.includes(state) && askedAt >= since)
      .toSorted((a, b) => b.askedAt - a.askedAt)
      .slice(0, THREADS)
  const open = await Promise.all(
    [...newest(['asks']), ...newest(['working'])].map(async (thread) => {
      const finding = await bot.why(thread.threadId, 'on record')
      return { ...thread, why: withoutMarkdown(whyText(finding)).replace(/^⬦ /, ''), link: linkOf(finding) ?? null }
    }),
  )
  return [...open, ...newest(['failed', 'answered'], now - DAY).map((thread) => ({ ...thread, why: null, link: null }))]
}

const DAY = 24 * 3_600_000

interface Around {
  readonly project: Project
  readonly state: StatusThread['state']
  readonly title: string
}

const knownAs = ({ threadId, asker, askedAt, queued }: ThreadRecord, { project, state, title }: Around): Known => ({
  threadId,
  guildId: project.guildId,
  directory: project.directory,
  title,
  asker: asker?.name ?? null,
  askedAt,
  state,
  queued,
})

async function serversOf({ agent }: Composed): Promise<readonly StatusServer[]> {
  const servers = await agent.servers()
  return Promise.all(
    servers.map(async ({ pid, port, busy, directories }) => ({
      pid,
      port,
      busy,
      directories,
      memory: (await memoryOf(pid)) ?? null,
    })),
  )
}
