/** Red control: a gateway that saves Discord's sequence before the events. Between the two it takes its time, so that a kill hits it there. */
import { createLog } from '../../../src/base/log.ts'
import { Metrics } from '../../../src/base/metrics.ts'
import { readConfig } from '../../../src/config.ts'
import { startGateway } from '../../../src/gateway.ts'
import { openStore } from '../../../src/store/store.ts'

const BETWEEN_MS = 40

const config = readConfig(process.env)
if (config instanceof Error) throw config
const now = (): number => Date.now()
const store = openStore({ path: config.databasePath, keepMs: 86_400_000, keepEvents: 10_000, now, onFailure: () => undefined })
const hasty: typeof store = {
  ...store,
  events: {
    ...store.events,
    commit(dispatches, position, isConnected) {
      store.events.commit([], position, isConnected)
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BETWEEN_MS)
      return store.events.commit(dispatches, position, isConnected)
    },
  },
}
const log = createLog((line) => void process.stderr.write(line), now)
await startGateway(config, { store: hasty, log, now, metrics: new Metrics(), onFatal: () => undefined })
