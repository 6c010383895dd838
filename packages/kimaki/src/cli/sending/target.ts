/** Where a message goes that names a folder or a session. */
import type { SendRequest } from '../../app/send.ts'
import type { SessionRecord } from '../../domain/conversation/inquiry/session-record.ts'
import { UsageError } from '../../base/errors.ts'
import type { Project } from '../../ports/store.ts'
import type { Config } from '../config.ts'
import { askBotOr } from '../control/ask-bot.ts'
import { whichProject } from '../projects/which-project.ts'
import { readSession } from '../sessions/meant.ts'

export async function channelOfProject(config: Config, project: string): Promise<string | Error> {
  const projects = await askBotOr<readonly Project[]>(config, { method: 'GET', path: '/projects' }, async () => {
    const { readProjects } = await import('../../store/inquiry/read-only.ts')
    return readProjects(config.database)
  })
  if (projects instanceof Error) return projects
  const found = whichProject(projects, project)
  return found instanceof Error ? found : found.channelId
}

export async function threadOfSession(config: Config, text: string): Promise<SendRequest['target'] | Error> {
  const session = readSession(text)
  if (session instanceof Error) return session
  const found = await foundSession(config, session)
  return found instanceof Error ? found : { kind: 'thread', threadId: found.threadId }
}

/** `session`: the id of a session, or of its thread. */
export async function foundSession(config: Config, session: string): Promise<SessionRecord | Error> {
  const call = { method: 'POST', path: '/sessions/find', body: { session } } as const
  return askBotOr<SessionRecord>(config, call, async () => {
    const { readSessions } = await import('../../store/inquiry/read-only.ts')
    const named = /^\d/.test(session) ? { threadId: session } : { sessionId: session }
    const [found] = [readSessions(config.database, { ...named, limit: 1 })].flat()
    return (
      found ?? new UsageError({ reason: `There is no session ${session} on record. "kimaki session list" shows those that are.` })
    )
  })
}
