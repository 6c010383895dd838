/** The real bot with short waits, and without the safeguard that `WITHOUT` names, for the red controls. */
import { Secrets } from '../../../src/base/redact.ts'
import { readConfig } from '../../../src/cli/config.ts'
import { createLog } from '../../../src/host/log.ts'
import { run } from '../../../src/cli/process/run.ts'
import { decorationsWithout, isSafeguard } from './safeguards.ts'

const config = readConfig({}, process.env)
if (config instanceof Error) throw config
const name = process.env['WITHOUT']
process.exitCode = await run(
  config,
  decorationsWithout(config, isSafeguard(name) ? name : undefined, createLog(config.dataDir, new Secrets([config.token ?? '']))),
)
