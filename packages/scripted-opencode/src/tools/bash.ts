/**
 * Runs a command in a shell of its own process group, so that a stop takes along what it has started. Its output is shown as it
 * grows. A process that is killed leaves the shell running, as OpenCode does.
 */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { resolve } from 'node:path'
import { number, text } from '../base/json.ts'
import { allowed, allowedOutside } from './permission.ts'
import { texts } from './tool.ts'
import type { Tool, ToolContext } from './tool.ts'

const DEFAULT_MS = 120_000
const KILL_MS = 200
const MOST_CHARACTERS = 30_000
/** Commands whose arguments are paths. */
const FILE_COMMANDS = new Set(['cd', 'rm', 'cp', 'mv', 'mkdir', 'touch', 'chmod', 'chown', 'cat'])

export const bash: Tool = {
  name: 'bash',
  description: 'Executes a given bash command.',
  parameters: texts('command', 'description'),
  async run(input, context) {
    const command = text(input['command'])
    if (command === undefined) return new Error('The bash tool was called with invalid arguments: command is missing')
    const cwd = resolve(context.scene.instance.directory, text(input['workdir']) ?? '.')
    const refused = (await outside(command, cwd, context)) ?? (await allowed(wanted(command), context))
    if (refused) return refused
    context.signal.throwIfAborted()
    const { output, exit, note } = await runShell(command, cwd, number(input['timeout']) ?? DEFAULT_MS, context)
    const shown = output === '' ? '(no output)' : output
    const metadata = { output: shown.slice(-MOST_CHARACTERS), exit, truncated: false }
    return {
      title: command,
      output: note === undefined ? shown : `${shown}\n\n<shell_metadata>\n${note}\n</shell_metadata>`,
      metadata,
    }
  },
}

const wanted = (command: string) => ({
  permission: 'bash',
  patterns: [command],
  metadata: { command },
  always: [`${command.trim().split(/\s+/)[0] ?? ''} *`],
})

async function outside(command: string, cwd: string, context: ToolContext): Promise<undefined | Error> {
  const [program = '', ...words] =
    command
      .split(/[;&|\n]/)[0]
      ?.trim()
      .split(/\s+/) ?? []
  const paths = FILE_COMMANDS.has(program) ? words.filter((word) => !word.startsWith('-')).map((word) => resolve(cwd, word)) : []
  const refused = await allowedOutside(cwd, context, true)
  if (refused) return refused
  for (const path of paths) {
    const no = await allowedOutside(path, context)
    if (no) return no
  }
  return undefined
}

interface Ended {
  readonly output: string
  /** `null` when it did not end by itself. */
  readonly exit: number | null
  readonly note: string | undefined
}

async function runShell(
  command: string,
  cwd: string,
  timeoutMs: number,
  { server, progress, signal }: ToolContext,
): Promise<Ended> {
  const env = { ...server.environment, TERM: 'dumb', OPENCODE: '1', OPENCODE_PID: String(process.pid) }
  const child = spawn(server.environment['SHELL'] ?? '/bin/bash', ['-c', command], {
    cwd,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  let note: string | undefined
  progress({ metadata: { output } })
  const hear = (bytes: Buffer) => {
    output += bytes.toString('utf8')
    progress({ metadata: { output: output.slice(-MOST_CHARACTERS) } })
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  const end = (why: string) => {
    note = why
    killGroup(child)
  }
  const stop = () => end('User aborted the command')
  signal.addEventListener('abort', stop, { once: true })
  const timer = setTimeout(() => end(`bash tool terminated command after exceeding timeout ${timeoutMs} ms`), timeoutMs)
  const exit = await new Promise<number | null>((over) => {
    child.once('error', (cause) => {
      output += String(cause)
      over(null)
    })
    child.once('close', over)
  })
  clearTimeout(timer)
  signal.removeEventListener('abort', stop)
  return { output, exit: note === undefined ? exit : null, note }
}

function killGroup(child: ChildProcess): void {
  signalGroup(child, 'SIGTERM')
  const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), KILL_MS)
  child.once('close', () => clearTimeout(timer))
}

function signalGroup({ pid }: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, signal)
  } catch {
    // It has just ended.
  }
}
