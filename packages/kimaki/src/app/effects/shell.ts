/**
 * A person's shell command runs once or not at all: not again after a crash, not when it was written while nobody listened, and not when it
 * was stopped before it began.
 */
import type { CommandEnd, CommandOutput, RunShell, ShellOutcome, ShellReport } from '../../domain/conversation/features/shell.ts'
import { shell as feature } from '../../domain/conversation/features/shell.ts'
import type { ShellEnd } from '../../ports/shell.ts'
import { ONE_OF_TWO } from '../../view/text/notice.ts'
import { commandsFullText } from '../../view/text/caps.ts'
import { defineEffect } from './definition.ts'

export const shell = defineEffect<RunShell, ShellOutcome>({
  kind: 'shell',
  afterCrash: { by: 'never', why: 'nobody knows how far it came: its thread is told that it was cut off' },
  proof: { points: ['shell-before', 'shell-after', 'shell-outcome-before-commit'] },
  access: ({ commandId: requestId, guildId, userId }) => ({ requestId, guildId, userId }),
  /** A retry only tells. */
  isDone: async () => true,
  async run({ shell: port, clock, log, recentlyReceived, settings }, effect, { isRetry, conversation }) {
    const { commandId, command, directory } = effect
    if (isRetry) return withoutOutput({ kind: 'cut-off' })
    // A message of an earlier process of ours, found after a restart, is late, too.
    if (!recentlyReceived.has(commandId)) return withoutOutput({ kind: 'late' })
    if (effect.isForeign) {
      log.error(`another Kimaki with the same bot token runs the commands of our threads, too. ${ONE_OF_TWO}`, { commandId })
      return withoutOutput({ kind: 'elsewhere' })
    }
    const known = conversation.state && feature.of(conversation.state).find(({ id }) => id === commandId)
    if (known?.stoppedBy !== undefined) return withoutOutput({ kind: 'stopped', by: undefined })
    // Nothing may be awaited from here to the call of `run`, which counts at once.
    if (port.running() >= settings.shellCommands)
      return withoutOutput({ kind: 'not-run', text: commandsFullText(settings.shellCommands) })
    const end = await port.run({
      id: commandId,
      command,
      directory,
      timeLimitMs: settings.shellTimeoutMs,
      onOutput({ text }) {
        const report: ShellReport = { commandId, text }
        conversation.push({ kind: 'report', at: clock.now(), owner: 'shell', report })
      },
    })
    return ended(endOf(end), end.tookMs, end.output)
  },
})

function endOf(end: ShellEnd): CommandEnd {
  switch (end.kind) {
    case 'exited':
      return { kind: 'exited', code: end.code, background: end.background }
    case 'killed':
      return { kind: 'killed', signal: end.signal, background: end.background }
    case 'timed-out':
      return { kind: 'timed-out' }
    case 'stopped':
      return { kind: 'stopped', by: undefined }
    case 'failed':
      return { kind: 'not-run', text: `✗ ${end.reason}` }
  }
}

const withoutOutput = (end: CommandEnd): ShellOutcome => ended(end, 0, undefined)

const ended = (end: CommandEnd, tookMs: number, output: CommandOutput | undefined): ShellOutcome => ({
  kind: 'command-ended',
  end,
  tookMs,
  output,
})
