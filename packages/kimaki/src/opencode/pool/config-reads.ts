/** Which configuration each server has read for each project, as fingerprints of its files. */
import type { Link } from '../session/link.ts'
import { projectFiles, stampsOf, userFiles } from './config-files.ts'
import type { ConfigFiles } from './config-files.ts'

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

/** The files as they are now. */
export async function readConfig(
  directory: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<ConfigRead> {
  const [project, user] = await Promise.all([projectFiles(directory, environment), userFiles(environment)])
  return { project, user, stamps: stampsOf(project, user) }
}
