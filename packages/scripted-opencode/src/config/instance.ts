/**
 * What is read of a folder at the first call about it, and kept until it is disposed. A configuration that was broken then
 * stays broken for the life of the process, mended or not.
 */
import { realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import type { PermissionRule } from '../store/shapes.ts'
import { agentsOf } from './agents.ts'
import type { Agent } from './agents.ts'
import { commandsOf } from './commands.ts'
import type { Command } from './commands.ts'
import { markdownFiles, worktreeOf } from './files.ts'
import type { Environment } from './files.ts'
import type { Json } from '../base/json.ts'
import { ConfigError, projectConfig } from './load.ts'

export interface Instance {
  /** Its real path. */
  readonly directory: string
  /** The root of the git repository around it, or `/`. */
  readonly worktree: string
  readonly projectID: string
  readonly config: Json
  readonly agents: readonly Agent[]
  readonly commands: readonly Command[]
  /** What was answered with "always" since. */
  readonly always: PermissionRule[]
}

export class Instances {
  readonly #environment: Environment
  readonly #user: Json
  readonly #known = new Map<string, Instance | ConfigError>()

  constructor(environment: Environment, user: Json) {
    this.#environment = environment
    this.#user = user
  }

  /**
   * `named` is decoded, as the real one does: so a query is decoded twice, a header once, and even what a session has on record. What
   * cannot be decoded counts as it is.
   */
  of(named: string): Instance | ConfigError {
    const directory = realPath(decoded(named))
    const known = this.#known.get(directory)
    if (known) return known
    const instance = this.#load(directory)
    this.#known.set(directory, instance)
    return instance
  }

  /** The folders whose configuration is read. */
  directories(): readonly string[] {
    return [...this.#known.keys()]
  }

  forget(directory: string): void {
    if (!(this.#known.get(directory) instanceof ConfigError)) this.#known.delete(directory)
  }

  #load(directory: string): Instance | ConfigError {
    const worktree = worktreeOf(directory)
    const config = projectConfig(this.#user, directory, worktree, this.#environment)
    if (config instanceof ConfigError) return config
    const files = (kind: 'agent' | 'command') => markdownFiles(kind, directory, worktree, this.#environment)
    return {
      directory,
      worktree,
      projectID: worktree === '/' ? 'global' : Buffer.from(worktree).toString('hex'),
      config,
      agents: agentsOf(config, files('agent')),
      commands: commandsOf(config, files('command')),
      always: [],
    }
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return resolve(path)
  }
}
