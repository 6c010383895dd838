/**
 * Keeps the password of a server from the shell of its agent, which would else inherit it and could answer the agent's own asks or reach
 * the sessions of other projects. OpenCode takes its password from the environment only and hands that on, so `SHELL` names a script
 * of ours: it takes the password out and becomes the shell that OpenCode would have run. A plugin of OpenCode could do the same, but
 * with any plugin OpenCode waits for `npm install` before it opens a project.
 */
import { accessSync, constants, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { basename, delimiter, isAbsolute, join } from 'node:path'

type Environment = Readonly<Record<string, string | undefined>>

export const PASSWORD = 'OPENCODE_SERVER_PASSWORD'

/** What to add to the environment of a server: nothing where the script cannot run (a file system without programs). `folder` is ours. */
export function agentShell(folder: string, environment: Environment): { readonly SHELL?: string } {
  const shell = chosenShell(environment)
  if (shell === undefined) return {}
  const script = join(folder, 'agent-shell', basename(shell))
  try {
    mkdirSync(join(folder, 'agent-shell'), { recursive: true, mode: 0o700 })
    keep(script, scriptOf(shell, environment['SHELL']))
    accessSync(script, constants.X_OK)
    return { SHELL: script }
  } catch {
    return {}
  }
}

/** As OpenCode chooses: not one whose language is no shell's, then the usual ones. */
function chosenShell({ SHELL: own = '', PATH: path = '' }: Environment): string | undefined {
  const usable = isAbsolute(own) && !NO_SHELLS.has(basename(own)) ? [own] : []
  const usual = process.platform === 'darwin' ? ['/bin/zsh'] : path.split(delimiter).map((folder) => join(folder, 'bash'))
  return [...usable, ...usual, '/bin/sh'].find((file) => isAbsolute(file) && isProgram(file))
}

const scriptOf = (shell: string, own: string | undefined): string =>
  [
    '#!/bin/sh',
    `unset ${PASSWORD}`,
    own === undefined ? 'unset SHELL' : `SHELL=${quoted(own)}`,
    `exec ${quoted(shell)} "$@"`,
    '',
  ].join('\n')

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`

/** A server that runs may just be reading it: it is replaced, never written into. */
function keep(file: string, text: string): void {
  if (textOf(file) === text && isProgram(file)) return
  writeFileSync(`${file}.new`, text, { mode: 0o700 })
  renameSync(`${file}.new`, file)
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

const NO_SHELLS: ReadonlySet<string> = new Set(['fish', 'nu'])
