/** Deletes attachments that are old, at the start and every hour from then on; those of open conversations and of tasks stay. */
import type { Clock } from '../../base/clock.ts'
import type { KeyedTimers } from '../../base/keyed-timers.ts'
import type { Files } from '../../ports/host.ts'
import type { StorePort } from '../../ports/store.ts'
import { foldersOfTasks } from '../tasks/prepare-run.ts'

const EVERY_MS = 3_600_000

export async function deleteOldFiles(
  deps: { readonly store: StorePort; readonly files: Pick<Files, 'deleteOld'>; readonly clock: Pick<Clock, 'now'> },
  timers: Pick<KeyedTimers, 'set'>,
): Promise<void> {
  const { store, files, clock } = deps
  await files.deleteOld(clock.now(), [...(await store.openConversations()), ...(await foldersOfTasks(store))])
  timers.set('old files', EVERY_MS, () => void deleteOldFiles(deps, timers))
}
