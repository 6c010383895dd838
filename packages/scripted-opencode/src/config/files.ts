/** The files a configuration is read from, in the order in which each overrules those before it. */
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'

export type Environment = Readonly<Record<string, string | undefined>>

const NAMES = ['opencode.json', 'opencode.jsonc']

const userFolder = (environment: Environment): string =>
  join(environment['XDG_CONFIG_HOME'] ?? join(environment['HOME'] ?? homedir(), '.config'), 'opencode')

export const dataFolder = (environment: Environment): string =>
  join(environment['XDG_DATA_HOME'] ?? join(environment['HOME'] ?? homedir(), '.local/share'), 'opencode')

export function userFiles(environment: Environment): readonly string[] {
  const named = environment['OPENCODE_CONFIG']
  const paths = ['config.json', ...NAMES].map((name) => join(userFolder(environment), name))
  return [...paths, ...(named === undefined ? [] : [resolve(named)])].filter(isFile)
}

/** From the worktree (or the root of the disk) down to the folder; those of `.opencode` folders come last. */
export function projectFiles(directory: string, worktree: string): readonly string[] {
  const folders = between(directory, worktree)
  return [...folders, ...folders.map((folder) => join(folder, '.opencode'))]
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .filter(isFile)
}

/** Agents and commands written in Markdown: `kind` is the singular name of their folder. */
export function markdownFiles(
  kind: 'agent' | 'command',
  directory: string,
  worktree: string,
  environment: Environment,
): readonly MarkdownFile[] {
  const roots = [userFolder(environment), ...between(directory, worktree).map((folder) => join(folder, '.opencode'))]
  const folders = roots.flatMap((root) => [join(root, kind), join(root, `${kind}s`)]).filter((folder) => existsSync(folder))
  return folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md'))
      .map((name) => ({ name: name.slice(0, -'.md'.length), ...parsed(readFileSync(join(folder, name), 'utf8')) })),
  )
}

export interface MarkdownFile {
  readonly name: string
  /** `key: value` lines between the two fences. */
  readonly head: Readonly<Record<string, string>>
  readonly body: string
}

function parsed(content: string): Omit<MarkdownFile, 'name'> {
  const [, head = '', body = content] = /^---\r?\n([^]*?)\r?\n?---\r?\n?([^]*)$/.exec(content) ?? []
  const lines = head.split('\n').flatMap((line) => {
    const [, key, value] = /^(\w+):\s*(.*?)\s*$/.exec(line) ?? []
    return key === undefined ? [] : [[key, (value ?? '').replaceAll(/^["']|["']$/g, '')]]
  })
  return { head: Object.fromEntries(lines) as Record<string, string>, body: body.trim() }
}

/** The folder with the `.git` above a folder, or `/`. */
export function worktreeOf(directory: string): string {
  for (let folder = directory; folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return folder
  }
  return '/'
}

function between(directory: string, worktree: string): readonly string[] {
  const above = dirname(directory)
  if (directory === worktree || above === directory || basename(directory) === '') return [directory]
  return [...between(above, worktree), directory]
}

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
