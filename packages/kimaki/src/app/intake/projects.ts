/** Which channel is which project: a small table, kept in memory because every message asks. */
import type { Project, StorePort } from '../../ports/store.ts'

export interface Projects {
  of(channelId: string): Project | undefined
  all(): readonly Project[]
  /**
   * Messages that Discord ordered behind `newest` count. Undefined when Discord could not be asked for the newest message: the
   * messages behind the first connection count then.
   */
  link(project: Project, newest: string | undefined): Promise<void>
  unlink(channelId: string): Promise<void>
}

export async function loadProjects(store: Pick<StorePort, 'projects' | 'linkProject' | 'unlinkProject'>): Promise<Projects> {
  const projects = new Map((await store.projects()).map((project) => [project.channelId, project]))
  return {
    of: (channelId) => projects.get(channelId),
    all: () => [...projects.values()],
    async link(project, newest) {
      await store.linkProject(project, newest)
      projects.set(project.channelId, project)
    },
    async unlink(channelId) {
      await store.unlinkProject(channelId)
      projects.delete(channelId)
    },
  }
}
