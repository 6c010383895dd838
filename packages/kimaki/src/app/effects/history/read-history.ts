/** Reads what was said in a session, for a thread that goes on with it. */
import type { ReadHistory, RunOutcome } from '../../../domain/conversation/run/effects.ts'
import { agentErrorText, askAgent } from '../../ask-agent.ts'
import { defineEffect } from '../definition.ts'

export const readHistory = defineEffect<ReadHistory, RunOutcome>({
  kind: 'read-history',
  afterCrash: { by: 'idempotent', why: 'reading changes nothing, and what was posted of it already is on record' },
  proof: {
    file: 'packages/kimaki/test/app/going-on.test.ts',
    test: 'killed before the history is read, the thread shows it after the start, once',
  },
  async run(deps, { directory, session }, { conversation }) {
    const recording = conversation.recordEvents()
    try {
      const snapshot = await askAgent(deps, async () => deps.agent.snapshot(directory, session))
      return snapshot instanceof Error
        ? { kind: 'failed', text: agentErrorText(snapshot, 'command') }
        : { kind: 'history-read', snapshot, meanwhile: [...recording.events] }
    } finally {
      recording.end()
    }
  },
})
