/** One command, from the gate until nothing of its process group is left. */
import { setTimeout as sleep } from 'node:timers/promises'
import { CommandError } from '../../base/errors.ts'
import type { ShellEnd, ShellRequest } from '../../ports/shell.ts'
import { createBeat } from './beat.ts'
import { spawnAtGate } from './gate.ts'
import { createGroup } from './group.ts'
import { createOutput } from './output.ts'
import type { Parts } from './parts.ts'
import { pump } from './pump.ts'

/** How often what goes on in the background is looked at. */
const BACKGROUND_MS = 1_000
const ENDING_MS = 50

export interface Command {
  /** It is over for the person. */
  readonly ended: Promise<ShellEnd>
  /** Nothing of its group is left. */
  readonly gone: Promise<void>
  /** Ends the group; resolves when nothing of it is left, or after all that can be done. The first reason counts. */
  end(reason: Reason): Promise<void>
  /** Of one that does not end: looks no more. It stays on record, for the next start. */
  leave(): void
}

type Reason = 'stopped' | 'timed-out'

export function startCommand(request: ShellRequest, parts: Parts): Command | CommandError {
  const { log, limits, processes, record } = parts
  const spawned = spawnAtGate(request, parts)
  if (spawned instanceof Error) return spawned
  const { pid, pipe, exited, release } = spawned
  const leader = processes.identify(pid)
  if (!leader || !record.put(pid, [{ pid, startTicks: leader.startTicks }])) {
    spawned.leave()
    return new CommandError({ reason: 'The command was not run: it could not be put on record. Is the disk full?' })
  }

  const group = createGroup(pid, parts)
  const output = createOutput(request.id, parts)
  const beat = createBeat(limits.outputMs, tell)
  const drained = pump(pipe, limits.busyMs, (chunk) => {
    output.take(chunk)
    beat.touch()
  })
  const gone = Promise.withResolvers<void>()
  /** The group was asked to end, and has, or will not. */
  const tried = Promise.withResolvers<void>()
  let reason: Reason | undefined
  let told = ''
  let watch: NodeJS.Timeout | undefined
  const began = performance.now()
  const limit = setTimeout(() => void end('timed-out'), request.timeLimitMs)
  spawned.enter()
  const ended = run()
  return { ended, gone: gone.promise, end, leave }

  async function run(): Promise<ShellEnd> {
    const exit = await Promise.race([exited, tried.promise])
    // Read now: what comes later ends only the background.
    const why = reason
    if (why) await tried.promise
    await Promise.race([Promise.all([exited, drained]), sleep(limits.drainMs, undefined, { ref: false })])
    // Who lets go of the pipe by its end is there for a moment more.
    if (group.lives()) await sleep(ENDING_MS)
    beat.stop()
    const all = { output: output.close(), tookMs: Math.round(performance.now() - began) }
    const background = leaveOrBury()
    if (why || !exit) return { kind: why ?? 'stopped', ...all }
    if (exit.signal) return { kind: 'killed', signal: exit.signal, background, ...all }
    return { kind: 'exited', code: exit.code ?? 0, background, ...all }
  }

  async function end(wanted: Reason): Promise<void> {
    reason ??= wanted
    const is = await group.end()
    if (!is) log.error('a command does not end', { pid })
    tried.resolve()
    await ended
    if (is) bury()
    pipe.destroy()
  }

  function tell(): void {
    const now = output.read()
    if (now.text === told) return
    told = now.text
    try {
      request.onOutput(now)
    } catch (error) {
      log.error('the output of a command could not be told', { error: String(error) })
    }
  }

  /** True when something goes on. Its output is read on, unseen: a closed pipe would end it. */
  function leaveOrBury(): boolean {
    release()
    if (group.lives()) {
      record.put(pid, group.living())
      watch = setInterval(() => group.lives() || bury(), BACKGROUND_MS).unref()
      return true
    }
    bury()
    return false
  }

  function leave(): void {
    clearTimeout(limit)
    clearInterval(watch)
  }

  function bury(): void {
    leave()
    record.remove(pid)
    gone.resolve()
  }
}
