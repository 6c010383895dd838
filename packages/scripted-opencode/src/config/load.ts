/** The configuration of a folder: the user's file, those of the project, and what the environment adds; or what is wrong with them. */
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { isRecord, merged, record } from '../base/json.ts'
import type { Json } from '../base/json.ts'
import { JsoncError, parseJsonc } from './jsonc.ts'
import { projectFiles, userFiles } from './files.ts'
import type { Environment } from './files.ts'

/** As in the 400 that every route of a folder with a broken configuration answers. */
export class ConfigError extends Error {
  override readonly name: 'ConfigJsonError' | 'ConfigInvalidError'
  readonly data: Json

  constructor(name: ConfigError['name'], data: Json & { readonly path: string }) {
    super(`${name} ${data.path}`)
    this.name = name
    this.data = data
  }
}

export function userConfig(environment: Environment): Json | ConfigError {
  return readAll(userFiles(environment), environment)
}

/** `user`: what `userConfig` has read. */
export function projectConfig(user: Json, directory: string, worktree: string, environment: Environment): Json | ConfigError {
  const files = environment['OPENCODE_DISABLE_PROJECT_CONFIG'] ? [] : projectFiles(directory, worktree)
  const project = readAll(files, environment)
  if (project instanceof ConfigError) return project
  const content = environment['OPENCODE_CONFIG_CONTENT']
  const own = content === undefined ? {} : read('OPENCODE_CONFIG_CONTENT', content, environment)
  return own instanceof ConfigError ? own : record(merged(merged(user, project), own))
}

function readAll(files: readonly string[], environment: Environment): Json | ConfigError {
  let all: unknown = {}
  for (const file of files) {
    const config = read(file, readFileSync(file, 'utf8'), environment)
    if (config instanceof ConfigError) return config
    all = merged(all, config)
  }
  return record(all)
}

function read(path: string, content: string, environment: Environment): Json | ConfigError {
  const source = substituted(path, content, environment)
  if (source instanceof ConfigError) return source
  const value = parseJsonc(source)
  if (value instanceof JsoncError) {
    const { message, line, column } = value
    const excerpt = `   Line ${line}: ${source.split('\n')[line - 1] ?? ''}\n${' '.repeat(column + 9)}^`
    const told = `\n--- JSONC Input ---\n${source}\n--- Errors ---\n${message}\n${excerpt}\n--- End ---`
    return new ConfigError('ConfigJsonError', { path, message: told })
  }
  const issues = isRecord(value) ? wrong(value) : [{ path: [], message: `Expected object, got ${JSON.stringify(value)}` }]
  return issues.length > 0 ? new ConfigError('ConfigInvalidError', { path, issues }) : record(value)
}

/** `{env:NAME}` and `{file:path}`. */
function substituted(path: string, content: string, environment: Environment): string | ConfigError {
  let source = content.replaceAll(/\{env:([^}]+)\}/g, (_, name: string) => environment[name] ?? '')
  for (const [reference, name = ''] of source.matchAll(/\{file:([^}]+)\}/g)) {
    const file = name.startsWith('~/') ? join(homedir(), name.slice(2)) : resolve(dirname(path), name)
    try {
      source = source.replace(reference, () => JSON.stringify(readFileSync(file, 'utf8').trim()).slice(1, -1))
    } catch {
      return new ConfigError('ConfigInvalidError', { path, message: `bad file reference: "${reference}" ${file} does not exist` })
    }
  }
  return source
}

const KINDS: Readonly<Record<string, 'string' | 'object'>> = {
  model: 'string',
  small_model: 'string',
  default_agent: 'string',
  agent: 'object',
  command: 'object',
  provider: 'object',
  mcp: 'object',
}

/** The keys this server reads, of the wrong kind. */
function wrong(config: Json): readonly { readonly path: readonly string[]; readonly message: string }[] {
  return Object.entries(KINDS).flatMap(([key, kind]) => {
    const value = config[key]
    const isRight = value === undefined || (kind === 'object' ? isRecord(value) : typeof value === kind)
    return isRight ? [] : [{ path: [key], message: `Expected ${kind}, got ${JSON.stringify(value)}` }]
  })
}
