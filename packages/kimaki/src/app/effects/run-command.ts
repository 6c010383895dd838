/**
 * A person's shell command, run once or not at all: not again after a crash, not when it was written while nobody listened, and not
 * when it was stopped before it began.
 */
import type { Outcome } from '../../domain/conversation/effect.ts'
import type { CommandEnd, CommandOutput, ShellEffect } from '../../domain/conversation/shell.ts'
import { DEFAULT_SETTINGS } from '../../domain/settings.ts'
import type { ShellEnd } from '../../ports/shell.ts'
import type { Runner } from '../conversation/runner.ts'
import type { EffectParts } from './effect-runner.ts'
import { mayStillUse } from './authorize.ts'

/** `again`: an earlier process, or an earlier try, may have begun it. */
export async function runCommand(
  parts: EffectParts,
  runner: Runner,
  effect: ShellEffect,
  again: boolean,
): Promise<Outcome | 'stopped'> {
  const { shell, clock, justHeard, settings = DEFAULT_SETTINGS } = parts
  const { commandId, command, directory } = effect
  if (again) return without({ kind: 'cut-off' })
  const allowed = await mayStillUse(parts, { ...effect, id: commandId })
  if (allowed !== true) return allowed
  if (!justHeard.has(commandId)) return without({ kind: 'late' })
  if (runner.state?.commands.some(({ id, stoppedBy }) => id === commandId && stoppedBy !== undefined))
    return without({ kind: 'stopped', by: undefined })
  const end = await shell.run({
    id: commandId,
    command,
    directory,
    timeLimitMs: settings.shellTimeoutMs,
    onOutput: ({ text }) => runner.push({ kind: 'command-output', at: clock.now(), commandId, text }),
  })
  return ended(endOf(end), end.tookMs, end.output)
}

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

const without = (end: CommandEnd): Outcome => ended(end, 0, undefined)

const ended = (end: CommandEnd, tookMs: number, output: CommandOutput | undefined): Outcome => ({
  kind: 'command-ended',
  end,
  tookMs,
  output,
})
