/** The real bot, but what was written while it was away is never read. */
import { Secrets } from '../../src/base/redact.ts'
import { readConfig } from '../../src/cli/config.ts'
import { createLog } from '../../src/host/log.ts'
import { run } from '../../src/cli/process/run.ts'
import { decorationsWithout } from '../faults/discord/safeguards.ts'

const config = readConfig({}, process.env)
if (config instanceof Error) throw config
process.exitCode = await run(
  config,
  decorationsWithout(config, 'catch-up', createLog(config.dataDir, new Secrets([config.token ?? '']))),
)
