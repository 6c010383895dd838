/**
 * People's own shell commands. Each is a process group that leads a life in three stages (`shell/command.ts`):
 *
 *   runs ──▶ is over for the person (`run` resolves) ──▶ nothing of its group is left
 *
 * Between the second and the third it is what the command put in the background. The groups are on record in
 * `<data-dir>/shell/running.json` from before the command is read until the third, so that the next bot ends what a
 * killed one has left: nobody could press Stop on it any more. A command and its background live no longer than the bot.
 */
import { join } from 'node:path'
import type { Log, Processes } from '../ports/host.ts'
import type { ShellEnd, ShellPort } from '../ports/shell.ts'
import { startCommand, type Command } from './shell/command.ts'
import { endLeftovers } from './shell/leftovers.ts'
import { LIMITS, type ShellLimits } from './shell/limits.ts'
import { openRecord } from './shell/record.ts'

export interface ShellOptions {
  readonly log: Log
  /** Holds the folder `shell`. */
  readonly dataDir: string
  /** The bot's; commands get it without what is ours. */
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly processes: Processes
  readonly limits?: Partial<ShellLimits>
}

/** Ends what an earlier bot left in the same folder; only one bot may have it. */
export function createShell({ log, dataDir, environment, processes, limits: given }: ShellOptions): ShellPort {
  const folder = join(dataDir, 'shell')
  const limits = { ...LIMITS, ...given }
  const record = openRecord(folder, log)
  const parts = { log, folder, environment, processes, limits, record }
  const commands = new Map<string, Command>()
  const leftovers = endLeftovers(parts)
  let stopping: Promise<void> | undefined

  return {
    async run(request) {
      if (stopping) return { kind: 'stopped', ...NOTHING }
      if (commands.has(request.id)) return { kind: 'failed', reason: 'This command runs already.', ...NOTHING }
      const command = startCommand(request, parts)
      if (command instanceof Error) return { kind: 'failed', reason: command.message, ...NOTHING }
      commands.set(request.id, command)
      void command.gone.then(() => commands.delete(request.id))
      return command.ended
    },
    stop: (id) => void commands.get(id)?.end('stopped'),
    stopAll: () => (stopping ??= endAll()),
  }

  async function endAll(): Promise<void> {
    const all = [...commands.values()]
    await Promise.all([leftovers, ...all.map((command) => command.end('stopped'))])
    for (const command of all) command.leave()
  }
}

const NOTHING: Pick<ShellEnd, 'output' | 'tookMs'> = { output: { text: '', overflow: undefined }, tookMs: 0 }
