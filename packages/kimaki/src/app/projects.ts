/** Which channel is which project: a small table, kept in memory because every message asks. */
import type { Project, StorePort } from '../ports/store.ts'

export interface Projects {
  of(channelId: string): Project | undefined
  all(): readonly Project[]
  /** Messages of the channel count from now on. */
  link(project: Project, now: number): Promise<void>
}

/** Discord's epoch (docs: Reference > Snowflakes). */
const EPOCH_MS = 1_420_070_400_000

export async function loadProjects(store: StorePort): Promise<Projects> {
  const projects = new Map((await store.projects()).map((project) => [project.channelId, project]))
  return {
    of: (channelId) => projects.get(channelId),
    all: () => [...projects.values()],
    async link(project, now) {
      await store.linkProject(project, snowflakeAt(now))
      projects.set(project.channelId, project)
    },
  }
}

/** The smallest snowflake of a moment. */
const snowflakeAt = (ms: number): string => (BigInt(Math.max(ms - EPOCH_MS, 0)) << 22n).toString()
