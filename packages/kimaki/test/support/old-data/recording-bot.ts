/**
 * The real bot, for `record.ts`: a call of the agent waits for as long as a file of its name stands in the folder `HELD`, and the
 * process ends with SIGKILL right after the next message was accepted once there is a file `die`.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readConfig } from '../../../src/cli/config.ts'
import { run } from '../../../src/cli/process/run.ts'

const isAsked = (name: string): boolean => existsSync(join(process.env['HELD'] ?? '', name))

const held =
  <Args extends readonly unknown[], Result>(name: string, call: (...args: Args) => Promise<Result>) =>
  async (...args: Args): Promise<Result> => {
    while (isAsked(name)) await new Promise((resolve) => setTimeout(resolve, 20))
    return call(...args)
  }

function die(): never {
  process.kill(process.pid, 'SIGKILL')
  // The signal ends the process before anything else runs; this line is never passed.
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}

const config = readConfig({ verbosity: 'tools_and_text' }, process.env)
if (config instanceof Error) throw config
process.exitCode = await run(config, {
  agent: (agent) => ({ ...agent, fork: held('fork', agent.fork), abort: held('abort', agent.abort) }),
  store: (store) => ({
    ...store,
    async commit(batch) {
      const committed = await store.commit(batch)
      return (batch.accept?.length ?? 0) > 0 && isAsked('die') ? die() : committed
    },
  }),
})
