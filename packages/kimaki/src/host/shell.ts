/**
 * Runs people's own shell commands, and ends what they leave running. Each is a process group with a life in three stages (`shell/command.ts`):
 *
 *   runs ──▶ ended for the person (`run` resolves) ──▶ gone: no process of its group is left
 *
 * Between the second and the third stage live the processes that the command put in the background. The groups are on record in
 * `<data-dir>/shell/running.json` from before a shell reads the command until the third stage, so that the next bot ends the orphans of a
 * killed one: nobody could press Stop on them any more. A command and its background live no longer than the bot.
 */
import { access, constants, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Folders, Log, Processes } from '../ports/host.ts'
import type { ShellEnd, ShellPort } from '../ports/shell.ts'
import { startCommand, type RunningCommand } from './shell/command.ts'
import { LIMITS, type ShellLimits } from './shell/limits.ts'
import { GroupLooks } from './shell/looks.ts'
import { endOrphans } from './shell/orphans.ts'
import { openRecord } from './shell/record.ts'

export interface ShellOptions {
  readonly log: Log
  /** The folder `shell` stands in it. */
  readonly dataDir: string
  /** The bot's environment; commands inherit it without the bot's own variables. */
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly processes: Processes
  readonly folders: Folders
  readonly limits?: Partial<ShellLimits>
}

/** Ends the orphans of an earlier bot in the same folder; only one bot may use the folder. */
export function createShell({ log, dataDir, environment, processes, folders, limits: given }: ShellOptions): ShellPort {
  const folder = join(dataDir, 'shell')
  const limits = { ...LIMITS, ...given }
  const record = openRecord(folder, log)
  const deps = { log, folder, environment, processes, folders, looks: new GroupLooks(processes), limits, record }
  const commands = new Map<string, RunningCommand>()
  /** Ids of commands whose folder is looked at. */
  const starting = new Set<string>()
  const orphansEnded = endOrphans(deps)
  let stopping: Promise<void> | undefined

  return {
    async run(request) {
      if (starting.has(request.id)) return { kind: 'failed', reason: 'This command runs already.', ...NOTHING }
      starting.add(request.id)
      const unusable = await folderProblem(request.directory, folders)
      // Somebody may have stopped it meanwhile.
      if (!starting.delete(request.id)) return { kind: 'stopped', ...NOTHING }
      if (unusable !== undefined) return { kind: 'failed', reason: `The command was not run: ${unusable}`, ...NOTHING }
      if (stopping) return { kind: 'failed', reason: TOO_LATE, ...NOTHING }
      if (commands.has(request.id)) return { kind: 'failed', reason: 'This command runs already.', ...NOTHING }
      const command = startCommand(request, deps)
      if (command instanceof Error) return { kind: 'failed', reason: command.message, ...NOTHING }
      commands.set(request.id, command)
      void command.gone.then(() => commands.delete(request.id))
      return command.ended
    },
    running: () => commands.size + starting.size,
    stop(id) {
      starting.delete(id)
      void commands.get(id)?.end('stopped')
    },
    stopAll: () => (stopping ??= endAll()),
  }

  async function endAll(): Promise<void> {
    const all = [...commands.values()]
    await Promise.all([orphansEnded, ...all.map((command) => command.end('stopped'))])
    for (const command of all) command.unwatch()
  }
}

/** As the end of a sentence. */
async function folderProblem(directory: string, folders: Folders): Promise<string | undefined> {
  const isUsable = await folders.within(directory, async () => {
    try {
      await access(directory, constants.X_OK)
      return (await stat(directory)).isDirectory()
    } catch {
      return false
    }
  })
  if (isUsable instanceof Error) return `the folder ${directory} does not answer.`
  return isUsable ? undefined : `the folder ${directory} is gone or closed to the bot.`
}

const TOO_LATE = 'not run: Kimaki was stopped before it had begun\nSend it again to run it now.'

const NOTHING: Pick<ShellEnd, 'output' | 'tookMs'> = { output: { text: '', overflow: undefined }, tookMs: 0 }
