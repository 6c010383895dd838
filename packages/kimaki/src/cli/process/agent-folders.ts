/** Lets the agents of all projects reach this bot, and those of sessions that work elsewhere than in the folder of their project. */
import type { AgentAccess } from '../command.ts'
import type { Composed } from '../compose.ts'

const KNOWN = 10_000

export async function publishFolders(
  links: AgentAccess,
  { projects, store }: Pick<Composed, 'projects' | 'store'>,
): Promise<Error | undefined> {
  const unreached = links.publish(projects.all().map(({ directory }) => directory))
  if (unreached) return unreached
  const elsewhere = new Map<string, string>()
  for (const { channelId, directory } of await store.sessions({ limit: KNOWN })) {
    const project = projects.of(channelId)?.directory
    if (project !== undefined && project !== directory) elsewhere.set(directory, project)
  }
  for (const [directory, project] of elsewhere) if (!isProject(directory)) links.publish([directory], project)
  return undefined

  function isProject(directory: string): boolean {
    return projects.all().some((one) => one.directory === directory)
  }
}
