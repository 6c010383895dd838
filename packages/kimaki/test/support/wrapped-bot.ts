/** The real bot under the real wrapper, which here waits for milliseconds where it would wait for seconds, and puts up with every crash. */
import { readConfig } from '../../src/cli/config.ts'
import { RESTART_POLICY } from '../../src/cli/process/restart-policy.ts'
import { run } from '../../src/cli/process/run.ts'
import { wantsWrapper } from '../../src/cli/wrapped.ts'
import { supervise } from '../../src/cli/process/wrapper.ts'

const PATIENT = { ...RESTART_POLICY, pausesMs: [50], crashes: 1e9, crashesADay: 1e9 }

async function asBot(): Promise<number> {
  const config = readConfig({}, process.env)
  if (config instanceof Error) throw config
  return run(config)
}

process.exitCode = wantsWrapper(process.env) ? await supervise(PATIENT) : await asBot()
