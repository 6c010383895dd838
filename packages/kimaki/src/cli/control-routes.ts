/** What the running bot does for commands on the same machine. */
import type { ControlRoutes } from '../app/control/server.ts'
import type { Project } from '../ports/store.ts'
import type { Composed } from './compose.ts'

/** `link.composed` is undefined while the bot starts. */
export function controlRoutes(link: { readonly composed: Composed | undefined }): ControlRoutes {
  const composed = (): Composed => {
    if (!link.composed) throw new Error('kimaki is still starting, try again')
    return link.composed
  }
  return {
    'GET /status': async () => ({ pid: process.pid, servers: (await link.composed?.agent.servers()) ?? [] }),
    'GET /projects': async () => composed().projects.all(),
    'POST /projects': async (body) => {
      const project = readProject(body)
      if (project instanceof Error) return project
      await composed().projects.link(project, Date.now())
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
