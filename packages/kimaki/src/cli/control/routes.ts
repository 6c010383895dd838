/** What the running bot does for commands on the same machine. */
import type { ControlRoutes } from '../../app/control/server.ts'
import type { Project } from '../../ports/store.ts'
import type { Composed } from '../compose.ts'

export interface ControlLink {
  /** Undefined while the bot starts. */
  readonly composed: Composed | undefined
  /** Another kimaki starts on the same data folder. */
  readonly takenOver: () => void
}

export function controlRoutes(link: ControlLink): ControlRoutes {
  const composed = (): Composed => {
    if (!link.composed) throw new Error('kimaki is still starting, try again')
    return link.composed
  }
  return {
    'GET /status': async () => ({ pid: process.pid, servers: (await link.composed?.agent.servers()) ?? [] }),
    'POST /stop': async () => {
      link.takenOver()
      return { pid: process.pid }
    },
    'GET /projects': async () => composed().projects.all(),
    'POST /projects': async (body) => {
      const project = readProject(body)
      if (project instanceof Error) return project
      const newest = await composed().newestIn(project.channelId)
      await composed().projects.link(project, newest.ok ? newest.value : undefined)
      composed().agent.warm([project.directory])
      return project
    },
  }
}

function readProject(body: unknown): Project | Error {
  const { channelId, guildId, directory } = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>
  if (typeof channelId !== 'string' || typeof guildId !== 'string' || typeof directory !== 'string')
    return new Error('channelId, guildId and directory are needed')
  return { channelId, guildId, directory }
}
