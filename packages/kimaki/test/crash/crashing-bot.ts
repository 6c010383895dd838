/**
 * The real bot, composed with ports that end the process at a named point (`CRASH_AT`), once: while the file `CRASH_ARMED` exists; it
 * is removed first.
 */
import { existsSync, rmSync } from 'node:fs'
import { readConfig } from '../../src/cli/config.ts'
import { run } from '../../src/cli/process/run.ts'
import { crashingAt, type Trigger } from './crashing.ts'
import { POINTS } from './points.ts'

const armed = process.env['CRASH_ARMED'] ?? ''
const point = POINTS.find(({ name }) => name === process.env['CRASH_AT'])

const trigger: Trigger = {
  armed: () => existsSync(armed),
  die() {
    rmSync(armed)
    process.kill(process.pid, 'SIGKILL')
    // The signal ends the process before anything else runs; this line is never passed.
    for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
  },
}

const config = readConfig({}, process.env)
if (config instanceof Error) throw config
process.exitCode = await run(config, point && crashingAt(point, trigger))
