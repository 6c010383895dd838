/** Stops a run. Nobody waits for the outcome: a run that cannot be stopped is gone already. */
import type { Outcome } from '../../domain/conversation/effect.ts'
import type { Abort } from '../../domain/conversation/run/effects.ts'
import { askAgent } from '../ask-agent.ts'
import { defineEffect } from './definition.ts'

export const abort = defineEffect<Abort, Outcome>({
  kind: 'abort',
  afterCrash: { by: 'idempotent', why: 'aborting an idle session changes nothing, and dropped messages are gone' },
  proof: {
    file: 'packages/kimaki/test/support/contracts/opencode.ts',
    test: 'aborting again, or a session that is not there, is fine',
  },
  async run(deps, { directory, session, drop }) {
    await askAgent(deps, async () => deps.agent.abort(directory, session, drop))
    return { kind: 'done' }
  },
})
