/**
 * Where the plugin of an OpenCode server finds this bot: a file for each project, named by a hash of its folder, with the address of the
 * control socket and a token. The token says which project a call acts for, so what an agent's tool may do ends at its project. It is new
 * with each start of the bot, and the files are read at every call.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { mkdirSync, realpathSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { linksIn } from '../../opencode/plugin/environment.ts'
import type { AgentAccess } from '../command.ts'
import { socketIn } from './socket.ts'

/** In whose name the command line of an agent asks. */
export interface AgentActor {
  readonly directory: string
  readonly token: string
}

export class AgentLinks implements AgentAccess {
  readonly #dataDir: string
  readonly #key = randomBytes(32)

  constructor(dataDir: string) {
    this.#dataDir = dataDir
  }

  /** Returns the error of a disk that refuses: the tools of agents do not reach this bot then. */
  publish(directories: readonly string[], project?: string): Error | undefined {
    const folder = linksIn(this.#dataDir)
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      for (const directory of new Set(directories.map(realPath))) {
        const file = linkFile(this.#dataDir, directory)
        const link = {
          socket: socketIn(this.#dataDir),
          token: this.#tokenOf(directory),
          ...(project !== undefined && { actsFor: this.#actor(realPath(project)) }),
        }
        writeFileSync(`${file}.new`, JSON.stringify(link), { mode: 0o600 })
        renameSync(`${file}.new`, file)
      }
      return undefined
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error))
    }
  }

  /** Takes the same time for every token. */
  allows(directory: string, token: string): boolean {
    const [right, given] = [this.#tokenOf(directory), token].map((text) => createHash('sha256').update(text).digest())
    return right !== undefined && given !== undefined && timingSafeEqual(right, given)
  }

  #actor(directory: string): AgentActor {
    return { directory, token: this.#tokenOf(directory) }
  }

  #tokenOf(directory: string): string {
    return createHmac('sha256', this.#key).update(directory).digest('base64url')
  }
}

/** `directory`: as OpenCode names it. */
export const linkFile = (dataDir: string, directory: string): string =>
  join(linksIn(dataDir), `${createHash('sha256').update(directory).digest('hex').slice(0, 32)}.json`)

/** As OpenCode names the folder; as given, where it is gone. */
export function realPath(directory: string): string {
  try {
    return realpathSync(directory)
  } catch {
    return directory
  }
}
