/** The server as a whole: health, events, and letting go. */
import { streamEvents } from '../events/stream.ts'
import { VERSION } from '../server/server.ts'
import type { Server } from '../server/server.ts'
import { about, ok } from './route.ts'
import type { Route } from './route.ts'

export const GLOBAL_ROUTES: readonly Route[] = [
  about.server('GET /global/health', () => ok({ healthy: true, version: VERSION })),
  about.server('GET /global/event', ({ server, response }) => {
    streamEvents(server.bus, response, undefined)
    return 'stream'
  }),
  about.folder('GET /event', ({ server, response, instance }) => {
    streamEvents(server.bus, response, instance.directory)
    return 'stream'
  }),
  about.folder('GET /project', ({ instance: { projectID: id, worktree } }) =>
    ok([{ id, worktree, time: { created: Date.now(), updated: Date.now() }, sandboxes: [] }]),
  ),
  about.server('POST /global/dispose', async ({ server }) => {
    await Promise.all(server.instances.directories().map((directory) => dispose(server, directory)))
    server.bus.tell(undefined, 'global.disposed', {})
    return ok(true)
  }),
  about.folder('POST /instance/dispose', async ({ server, instance }) => {
    await dispose(server, instance.directory)
    return ok(true)
  }),
]

/** Stops all that runs in the folder, with its shells, and forgets its configuration and its asks. */
async function dispose({ instances, sessions, runs, permissions, questions, bus }: Server, directory: string): Promise<void> {
  const here = runs.statuses().flatMap(([id]) => (sessions.get(id)?.directory === directory ? [id] : []))
  await Promise.all(here.map((id) => runs.stop(id)))
  for (const asks of [permissions, questions]) asks.forget(directory)
  instances.forget(directory)
  bus.tell({ directory, projectID: 'global' }, 'server.instance.disposed', { directory })
}
