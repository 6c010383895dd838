/** All that one server owns. */
import type { Instances } from '../config/instance.ts'
import type { Environment } from '../config/files.ts'
import type { Json } from '../base/json.ts'
import type { Bus } from '../events/bus.ts'
import type { Sessions } from '../store/sessions.ts'
import type { Asks } from './asks.ts'
import type { Runs } from './runs.ts'

/** Told to clients, and written into sessions. */
export const VERSION = '1.18.33'

export interface Server {
  readonly environment: Environment
  readonly bus: Bus
  readonly instances: Instances
  readonly sessions: Sessions
  readonly permissions: Asks<'once' | 'always'>
  /** A list of labels for each question. */
  readonly questions: Asks<readonly (readonly string[])[]>
  readonly runs: Runs
}

/** An event about a session, wherever it lives. */
export function tellSession({ bus, sessions }: Pick<Server, 'bus' | 'sessions'>, id: string, type: string, facts: Json): void {
  bus.tell(sessions.get(id), type, { sessionID: id, ...facts })
}
