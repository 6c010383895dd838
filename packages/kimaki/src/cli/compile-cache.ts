/**
 * V8's compiled code of our modules, kept between starts in the user's cache folder. Modules that are loaded after `useCompileCache` use it.
 *
 * `NODE_COMPILE_CACHE` (another folder) and `NODE_DISABLE_COMPILE_CACHE` are Node's own and count. A folder that cannot be made or written
 * makes the start as slow as without it, and nothing else. So does one that is another user's: its code would run as ours.
 */
import { enableCompileCache, flushCompileCache } from 'node:module'
import { homedir, userInfo } from 'node:os'
import { isAbsolute, join } from 'node:path'

type Environment = Readonly<Record<string, string | undefined>>

export function useCompileCache(environment: Environment): void {
  if (environment['NODE_COMPILE_CACHE'] || environment['NODE_DISABLE_COMPILE_CACHE']) return
  const folder = cacheFolder(environment)
  if (folder !== undefined && isOwnFolder(folder)) enableCompileCache(folder)
}

/** Makes it, or closes one that was there. What stands in one that others could write to is not to be trusted: it begins anew. */
export function isOwnFolder(folder: string): boolean {
  // Node has loaded it already; an import would make a module of it before the help is printed.
  const { chmodSync, lstatSync, mkdirSync, rmSync } = process.getBuiltinModule('node:fs')
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const found = lstatSync(folder)
    const user = process.geteuid?.() ?? found.uid
    if (!found.isDirectory() || found.uid !== user) return false
    if ((found.mode & 0o022) !== 0) {
      rmSync(folder, { recursive: true })
      mkdirSync(folder, { mode: 0o700 })
    } else if ((found.mode & 0o077) !== 0) chmodSync(folder, 0o700)
    return true
  } catch {
    return false
  }
}

/** Node writes the cache at an orderly exit only. The bot calls this once it is ready, so that one that is killed later leaves it too. */
export const saveCompileCache = (): void => flushCompileCache()

/** XDG Base Directory Specification; macOS: File System Programming Guide. Undefined for a user without a home folder. */
export function cacheFolder(environment: Environment, platform = process.platform): string | undefined {
  const wanted = environment['XDG_CACHE_HOME']
  if (wanted !== undefined && isAbsolute(wanted)) return join(wanted, 'kimaki')
  try {
    const home = isAbsolute(homedir()) ? homedir() : userInfo().homedir
    return join(home, platform === 'darwin' ? 'Library/Caches' : '.cache', 'kimaki')
  } catch {
    return undefined
  }
}
