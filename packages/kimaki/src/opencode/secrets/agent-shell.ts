/**
 * Keeps the password of a server from the shell of its agent, which would else inherit it and could answer the agent's own asks or reach
 * the sessions of other projects. OpenCode takes its password from the environment only and hands that on, so `SHELL` names a script
 * of ours: it takes the password out and becomes the shell that OpenCode would have run. What else we give a server goes out in the same
 * way, and what the user had in its place comes back: a plugin of OpenCode can only set variables of a shell, not take any out.
 */
import { accessSync, constants, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { basename, delimiter, isAbsolute, join } from 'node:path'

type Environment = Readonly<Record<string, string | undefined>>

export const PASSWORD = 'OPENCODE_SERVER_PASSWORD'

/**
 * What to add to the environment of a server: nothing where the script cannot run (a file system without programs). `folder` is ours.
 * `ours`: variables that only the server gets. `environment`: what the user has.
 */
export function agentShell(
  folder: string,
  environment: Environment,
  ours: readonly string[] = [],
  program: string | undefined = findProgram(),
): Readonly<Record<string, string>> {
  const shell = chosenShell(environment)
  if (shell === undefined) return {}
  const script = join(folder, 'agent-shell', basename(shell))
  try {
    mkdirSync(join(folder, 'agent-shell'), { recursive: true, mode: 0o700 })
    const replaced = ours.filter((name) => environment[name] !== undefined)
    keep(script, scriptOf(shell, environment['SHELL'], { ours, replaced, command: agentCommand(folder, program) }))
    accessSync(script, constants.X_OK)
    return { ...Object.fromEntries(replaced.map((name) => [keptAs(name), environment[name] ?? ''])), SHELL: script }
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

/** The user's own value goes through the environment, since it may be secret: no file has it. */
const keptAs = (name: string): string => `KIMAKI_OWN_${name}`

interface Taken {
  readonly ours: readonly string[]
  /** Those of them that the user has, too. */
  readonly replaced: readonly string[]
  /** Lines that put the agent's own `kimaki` first. */
  readonly command: readonly string[]
}

/** Beside the bundle, or in the checkout. */
function findProgram(): string | undefined {
  const places = ['../bin/kimaki.cjs', '../../../bin/kimaki.cjs']
  return places.map((place) => join(import.meta.dirname, place)).find((path) => existsSync(path))
}

/**
 * `kimaki` in the shell of an agent is this version of it, and knows by the variable that an agent calls and which bot is meant. A folder
 * whose path has a colon cannot stand on PATH.
 */
function agentCommand(folder: string, program: string | undefined): readonly string[] {
  const bin = join(folder, 'agent-shell', 'bin')
  if (program === undefined || bin.includes(delimiter)) return []
  mkdirSync(bin, { recursive: true, mode: 0o700 })
  keep(join(bin, 'kimaki'), `#!/bin/sh\nexec ${quoted(process.execPath)} ${quoted(program)} "$@"\n`)
  return [`PATH=${quoted(bin)}:"$PATH"; export PATH`, `KIMAKI_AGENT_OF=${quoted(folder)}; export KIMAKI_AGENT_OF`]
}

const scriptOf = (shell: string, own: string | undefined, { ours, replaced, command }: Taken): string =>
  [
    '#!/bin/sh',
    `unset ${PASSWORD}`,
    ...ours.filter((name) => !replaced.includes(name)).map((name) => `unset ${name}`),
    ...replaced.map((name) => `${name}=$${keptAs(name)}; unset ${keptAs(name)}`),
    own === undefined ? 'unset SHELL' : `SHELL=${quoted(own)}`,
    ...command,
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
