/**
 * V8's compiled code of our modules, kept between starts in the user's cache folder. Modules that are loaded after `useCompileCache` use it.
 *
 * `NODE_COMPILE_CACHE` (another folder) and `NODE_DISABLE_COMPILE_CACHE` are Node's own and count. A folder that cannot be made or written
 * makes the start as slow as without it, and nothing else.
 */
import { enableCompileCache, flushCompileCache } from 'node:module'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'

type Environment = Readonly<Record<string, string | undefined>>

export function useCompileCache(environment: Environment): void {
  const folder = cacheFolder(environment)
  if (folder !== undefined) enableCompileCache(folder)
}

/** Node writes the cache at an orderly exit only. The bot calls this once it is ready, so that one that is killed later leaves it too. */
export const saveCompileCache = (): void => flushCompileCache()

/** XDG Base Directory Specification; macOS: File System Programming Guide. Undefined for a user without a home folder. */
export function cacheFolder(environment: Environment, platform = process.platform): string | undefined {
  const wanted = environment['XDG_CACHE_HOME']
  if (wanted !== undefined && isAbsolute(wanted)) return join(wanted, 'kimaki')
  try {
    return join(homedir(), platform === 'darwin' ? 'Library/Caches' : '.cache', 'kimaki')
  } catch {
    return undefined
  }
}
