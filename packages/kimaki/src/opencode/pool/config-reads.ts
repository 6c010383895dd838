/** Which configuration each server has read for each project, as fingerprints of its files. */
import type { FolderRefused } from '../../base/errors.ts'
import type { Folders } from '../../ports/host.ts'
import type { Link } from '../session/link.ts'
import { projectFiles, stampsOf, userFiles } from '../project/config-files.ts'
import { hazardIn } from '../project/hazards.ts'
import type { ConfigFiles } from '../project/config-files.ts'

export interface ConfigRead {
  readonly project: ConfigFiles
  readonly user: ConfigFiles
  readonly stamps: string
}

export class ConfigReads {
  readonly #reads = new WeakMap<Link, Map<string, ConfigRead>>()

  of(link: Link | undefined, directory: string): ConfigRead | undefined {
    return link && this.#reads.get(link)?.get(directory)
  }

  keep(link: Link, directory: string, read: ConfigRead): void {
    const reads = this.#reads.get(link) ?? new Map<string, ConfigRead>()
    this.#reads.set(link, reads.set(directory, read))
  }

  forget(link: Link, directory: string): void {
    this.#reads.get(link)?.delete(directory)
  }
}

/** The files as they are now, unless the folder does not answer or must not be opened. */
export function readConfig(
  directory: string,
  environment: Readonly<Record<string, string | undefined>>,
  folders: Folders,
): Promise<ConfigRead | FolderRefused> {
  return folders.within(directory, async () => {
    const hazard = await hazardIn(directory, folders)
    if (hazard) return hazard
    const project = await projectFiles(directory, environment, folders)
    const user = await userFiles(environment, folders)
    return { project, user, stamps: await stampsOf(folders, project, user) }
  })
}
