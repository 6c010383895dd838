/**
 * The real bot, composed with ports that end the process at a named point (`CRASH_AT`), once: while the file `CRASH_ARMED` exists; it
 * is removed first. `RED` takes one safeguard away, for the red controls.
 */
import { existsSync, rmSync } from 'node:fs'
import type { Decorations } from '../../src/cli/compose.ts'
import { readConfig } from '../../src/cli/config.ts'
import { run } from '../../src/cli/process/run.ts'
import { crashingAt, type Trigger } from './crashing.ts'
import { POINTS } from './points.ts'
import { RED_CONTROLS } from './red-controls.ts'

const armed = process.env['CRASH_ARMED'] ?? ''
const point = POINTS.find(({ name }) => name === process.env['CRASH_AT'])
const red = RED_CONTROLS[process.env['RED'] ?? ''] ?? {}

const trigger: Trigger = {
  armed: () => existsSync(armed),
  die() {
    rmSync(armed)
    process.kill(process.pid, 'SIGKILL')
    // The signal ends the process before anything else runs; this line is never passed.
    for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
  },
}

/** The crash is the outer layer: it sees what the bot asks for, the red control decides what becomes of it. */
function both(outer: Decorations, inner: Decorations): Decorations {
  const chain =
    <T>(first: ((value: T) => T) | undefined, second: ((value: T) => T) | undefined) =>
    (value: T): T =>
      second?.(first?.(value) ?? value) ?? first?.(value) ?? value
  return {
    store: chain(inner.store, outer.store),
    chat: chain(inner.chat, outer.chat),
    agent: chain(inner.agent, outer.agent),
    shell: chain(inner.shell, outer.shell),
  }
}

const config = readConfig({}, process.env)
if (config instanceof Error) throw config
process.exitCode = await run(config, both(point ? crashingAt(point, trigger) : {}, red))
