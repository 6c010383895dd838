/** The files of a service: written for their user alone. */
import { mkdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'
import { inheritedEnvironment } from '../../base/environment.ts'
import type { Config } from '../config.ts'
import type { Service } from './unit.ts'

export function whereHere(
  program: string,
  environment: Config['environment'],
): Pick<Service, 'home' | 'config' | 'program' | 'path'> {
  const home = homedir()
  const wanted = environment['XDG_CONFIG_HOME']
  const config = wanted !== undefined && isAbsolute(wanted) ? wanted : join(home, '.config')
  return { home, config, program: realpathSync(program), path: inheritedEnvironment(environment)['PATH'] ?? '' }
}

export function writePrivately(file: string, text: string, unlessThere?: 'unless there'): Error | undefined {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    writeFileSync(file, text, { mode: 0o600, flag: unlessThere === undefined ? 'w' : 'wx' })
    return undefined
  } catch (error) {
    if (unlessThere !== undefined && (error as NodeJS.ErrnoException).code === 'EEXIST') return undefined
    return error instanceof Error ? error : new Error(String(error))
  }
}

/** Whether there was one. */
export function remove(file: string): boolean | Error {
  try {
    rmSync(file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    return error instanceof Error ? error : new Error(String(error))
  }
}
