/** What the running bot does for commands on the same machine. */
import type { ControlRoutes } from '../app/control/server.ts'
import type { Project } from '../ports/store.ts'
import type { Composed } from './compose.ts'

/** `link.composed` is undefined while the bot starts. */
export function controlRoutes(link: { readonly composed: Composed | undefined }): ControlRoutes {
  const running = (): Composed => {
    if (!link.composed) throw new Error('kimaki is still starting, try again')
    return link.composed
  }
  return {
    'GET /status': async () => ({ pid: process.pid }),
    'GET /projects': async () => running().projects.all(),
    'POST /projects': async (body) => {
      const project = readProject(body)
      if (project instanceof Error) return project
      const newest = await running().newestIn(project.channelId)
      await running().projects.link(project, newest.ok ? newest.value : undefined)
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
