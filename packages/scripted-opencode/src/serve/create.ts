import { dataFolder } from '../config/files.ts'
import type { Environment } from '../config/files.ts'
import { Instances } from '../config/instance.ts'
import type { Json } from '../base/json.ts'
import { Bus } from '../events/bus.ts'
import { Asks } from '../server/asks.ts'
import { runLoop } from '../run/loop.ts'
import { Runs } from '../server/runs.ts'
import { tellSession } from '../server/server.ts'
import type { Server } from '../server/server.ts'
import { Sessions } from '../store/sessions.ts'

/** `user`: the user's configuration, as it was at the start. */
export function createServer(environment: Environment, user: Json): Server {
  const bus = new Bus()
  const sessions = new Sessions(dataFolder(environment), bus)
  const server: Server = {
    environment,
    bus,
    sessions,
    instances: new Instances(environment, user),
    permissions: new Asks('permission', bus),
    questions: new Asks('question', bus),
    runs: new Runs(
      (session, signal) => runLoop(server, session, signal),
      (session, type, facts) => tellSession({ bus, sessions }, session, type, facts),
    ),
  }
  return server
}
