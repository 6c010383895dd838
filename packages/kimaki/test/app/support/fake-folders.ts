/** Folders as a test says they are. */
import { UsageError } from '../../../src/base/errors.ts'
import type { ProjectFolders } from '../../../src/ports/projects.ts'

export interface FakeFolders extends ProjectFolders {
  /** Programs that the folder brings; a folder without an entry is not there. */
  readonly there: Map<string, readonly string[]>
}

export function fakeFolders(): FakeFolders {
  const there = new Map<string, readonly string[]>()
  return {
    there,
    home: '/projects',
    async inspect(folder) {
      const programs = there.get(folder)
      return programs ? { directory: folder, programs, words: [] } : new UsageError({ reason: `${folder} does not exist.` })
    },
    existing: async (directories) => directories.filter((directory) => there.has(directory)),
    async make(name, isRetry) {
      const directory = `/projects/${name}`
      if (there.has(directory) && !isRetry) return new UsageError({ reason: `${directory} is there already.` })
      there.set(directory, [])
      return { directory }
    },
  }
}
