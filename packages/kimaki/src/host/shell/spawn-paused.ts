/**
 * Where a person's text meets a shell: the only place of the product. `spawnPaused` starts a small shell that waits until the command is
 * on record, and exits when the bot dies before that: no command runs that nobody knows of. Told to start, the small shell becomes the
 * user's own shell, which gets the text as one argument and is the only one to read it.
 *
 * The user's shell is no login shell: such a one would run the profile for every command (seconds, and its output in the answer), and the
 * bot was started with the user's environment, which is also what the agent's own shell has. Stdin is empty: a command that asks for
 * input gets the end of it at once.
 */
import { spawn } from 'node:child_process'
import { accessSync, closeSync, constants, statSync } from 'node:fs'
import { basename, isAbsolute } from 'node:path'
import type { Readable } from 'node:stream'
import { CommandError } from '../../base/errors.ts'
import { inheritedEnvironment } from '../../base/environment.ts'
import type { ShellDeps } from './deps.ts'
import { openPipe } from './pipe.ts'

/** `exec` keeps pid and start time. It goes into the folder itself: Node would stand still until the folder of a drive that is away answers. */
const WAIT_THEN_EXEC = 'cd -P -- "$2" && read -r go && exec "$0" -c "$1" </dev/null'

export interface PausedShell {
  /** Of the shell, and of its group and its session. */
  readonly pid: number
  /** What the shell and its children write to stdout and stderr: one pipe, which keeps the order. */
  readonly pipe: Readable
  readonly exited: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>
  /** Runs the command. */
  start(): void
  /** The command will not run: the paused shell exits. */
  abandon(): void
  /** The bot's own end does not wait for the shell any more. */
  detach(): void
}

export function spawnPaused(
  { command, directory }: { readonly command: string; readonly directory: string },
  { environment, folder }: Pick<ShellDeps, 'environment' | 'folder'>,
): PausedShell | CommandError {
  if (command.includes('\0')) return new CommandError({ reason: 'The command was not run: it has a NUL character in it.' })
  const pipe = openPipe(folder)
  if (pipe instanceof Error) return pipe
  const env = inheritedEnvironment(environment)
  // A dash or plus in front would be read as an option of the shell.
  const text = /^[-+]/.test(command) ? ` ${command}` : command
  const child = spawn('/bin/sh', ['-c', WAIT_THEN_EXEC, userShell(env['SHELL']), text, directory], {
    cwd: '/',
    env,
    detached: true,
    stdio: ['pipe', pipe.writeEnd, pipe.writeEnd],
  })
  closeSync(pipe.writeEnd)
  // A child that could not be spawned has no pid, which is checked below.
  child.on('error', () => undefined)
  // A paused shell that is already gone breaks the pipe; its exit tells the rest.
  child.stdin?.on('error', () => undefined)
  if (child.pid === undefined) {
    pipe.readable.destroy()
    return new CommandError({ reason: 'The command was not run: this machine cannot start another process now.' })
  }
  const exited = Promise.withResolvers<Awaited<PausedShell['exited']>>()
  child.once('exit', (code, signal) => exited.resolve({ code, signal }))
  return {
    pid: child.pid,
    pipe: pipe.readable,
    exited: exited.promise,
    start: () => void child.stdin?.end('go\n'),
    abandon() {
      child.stdin?.end()
      pipe.readable.destroy()
    },
    detach() {
      child.unref()
      pipe.readable.unref()
    },
  }
}

/** Programs that service accounts have in place of a shell. */
const NO_SHELL = new Set(['nologin', 'false'])

function userShell(wanted: string | undefined): string {
  if (wanted === undefined || !isAbsolute(wanted) || NO_SHELL.has(basename(wanted))) return '/bin/sh'
  try {
    accessSync(wanted, constants.X_OK)
    return statSync(wanted).isFile() ? wanted : '/bin/sh'
  } catch {
    return '/bin/sh'
  }
}
