/**
 * One command, from the paused shell until no process of its group is left:
 *
 *     paused ──on record──▶ runs ──shell exits, output drained──▶ ended for the person ──group empty──▶ gone
 *
 * It owns its process group, its end of the pipe and its row of the record. The narrow interface is `RunningCommand`.
 *
 * C1. No process runs the command before the group is on record, and the row stays until the group was seen empty.
 * C2. `ended` resolves once, with the first reason to end. What comes later ends only the background.
 * C3. Background processes keep an open pipe, read and thrown away: a closed one would end them.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { CommandError } from '../../base/errors.ts'
import type { ShellEnd, ShellRequest } from '../../ports/shell.ts'
import type { ShellDeps } from './deps.ts'
import { ProcessGroup } from './group.ts'
import { CommandOutput } from './output.ts'
import { readWithBudget } from './read-with-budget.ts'
import { spawnPaused, type PausedShell } from './spawn-paused.ts'
import { Throttle } from './throttle.ts'

/** How often the group of a background process is looked at. */
const BACKGROUND_POLL_MS = 1_000
/** A process closes the pipe shortly before it is reaped: so long it does not count as a background process. */
const REAPING_MS = 50

type Reason = 'stopped' | 'timed-out'

export function startCommand(request: ShellRequest, deps: ShellDeps): RunningCommand | CommandError {
  const shell = spawnPaused(request, deps)
  if (shell instanceof Error) return shell
  const { pid } = shell
  const leader = deps.processes.identify(pid)
  if (!leader || !deps.record.put(pid, [{ pid, startTicks: leader.startTicks }])) {
    shell.abandon()
    return new CommandError({ reason: 'The command was not run: it could not be put on record. Is the disk full?' })
  }
  return new RunningCommand(shell, request, deps)
}

export class RunningCommand {
  /** The command is over for the person. */
  readonly ended: Promise<ShellEnd>
  readonly #shell: PausedShell
  readonly #request: ShellRequest
  readonly #deps: ShellDeps
  readonly #group: ProcessGroup
  readonly #output: CommandOutput
  readonly #drained: Promise<void>
  readonly #report: Throttle
  readonly #gone = Promise.withResolvers<void>()
  /** The group was asked to end, and has, or does not. */
  readonly #groupEnded = Promise.withResolvers<void>()
  readonly #timeLimit: NodeJS.Timeout
  readonly #startedAt = performance.now()
  #reason: Reason | undefined
  #reported = ''
  #backgroundPoll: NodeJS.Timeout | undefined

  /** Starts the paused shell, which is on record. */
  constructor(shell: PausedShell, request: ShellRequest, deps: ShellDeps) {
    this.#shell = shell
    this.#request = request
    this.#deps = deps
    this.#group = new ProcessGroup(shell.pid, deps)
    this.#output = new CommandOutput(request.id, deps)
    this.#report = new Throttle(deps.limits.outputMs, () => this.#reportOutput())
    this.#drained = readWithBudget(shell.pipe, deps.limits.busyMs, (chunk) => {
      this.#output.take(chunk)
      this.#report.request()
    })
    this.#timeLimit = setTimeout(() => void this.end('timed-out'), request.timeLimitMs)
    shell.start()
    this.ended = this.#run()
  }

  /** Resolves when no process of its group is left. */
  get gone(): Promise<void> {
    return this.#gone.promise
  }

  /** Ends the group; resolves when no process of it is left, or after all that can be done. The first reason counts. */
  async end(reason: Reason): Promise<void> {
    this.#reason ??= reason
    const hasEnded = await this.#group.end()
    if (!hasEnded) this.#deps.log.error('a command does not end', { pid: this.#shell.pid })
    this.#groupEnded.resolve()
    await this.ended
    if (hasEnded) this.#cleanup()
    this.#shell.pipe.destroy()
  }

  /** Looks no more at a group that does not end. It stays on record, for the next start. */
  unwatch(): void {
    clearTimeout(this.#timeLimit)
    clearInterval(this.#backgroundPoll)
  }

  async #run(): Promise<ShellEnd> {
    const { exited } = this.#shell
    const exit = await Promise.race([exited, this.#groupEnded.promise])
    // A reason that comes after this line ends only the background (C2).
    const reason = this.#reason
    if (reason) await this.#groupEnded.promise
    await Promise.race([Promise.all([exited, this.#drained]), sleep(this.#deps.limits.drainMs, undefined, { ref: false })])
    if (this.#group.isAlive) await sleep(REAPING_MS)
    this.#report.stop()
    const facts = { output: this.#output.close(), tookMs: Math.round(performance.now() - this.#startedAt) }
    const background = this.#detach()
    if (reason || !exit) return { kind: reason ?? 'stopped', ...facts }
    if (exit.signal) return { kind: 'killed', signal: exit.signal, background, ...facts }
    return { kind: 'exited', code: exit.code ?? 0, background, ...facts }
  }

  #reportOutput(): void {
    const text = this.#output.end(this.#deps.limits.reportChars)
    if (text === this.#reported) return
    this.#reported = text
    try {
      this.#request.onOutput({ text })
    } catch (error) {
      this.#deps.log.error('the output of a command could not be told', { error: String(error) })
    }
  }

  /** The bot's own end does not wait for the shell any more. True when a background process goes on. */
  #detach(): boolean {
    this.#shell.detach()
    if (!this.#group.isAlive) {
      this.#cleanup()
      return false
    }
    this.#deps.record.put(this.#shell.pid, this.#group.living())
    this.#backgroundPoll = setInterval(
      () => this.#group.wasAlive(BACKGROUND_POLL_MS) || this.#cleanup(),
      BACKGROUND_POLL_MS,
    ).unref()
    return true
  }

  #cleanup(): void {
    this.unwatch()
    this.#deps.record.remove(this.#shell.pid)
    this.#gone.resolve()
  }
}
