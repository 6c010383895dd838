/** What a folder is configured with. */
import { providersPage } from '../config/models.ts'
import { about, ok } from './route.ts'
import type { Route } from './route.ts'

export const CONFIG_ROUTES: readonly Route[] = [
  about.folder('GET /config', ({ instance }) => ok(instance.config)),
  about.folder('GET /config/providers', ({ instance }) => ok(providersPage(instance.config))),
  about.folder('GET /command', ({ instance }) => ok(instance.commands)),
  about.folder('GET /agent', ({ instance }) => ok(instance.agents)),
  about.folder('GET /path', ({ instance: { directory, worktree } }) => ok({ directory, worktree })),
]
