/** Changes or empties a message that was edited or deleted when it was with the session already, unless a step has read it. */
import { SessionGone } from '../../../base/errors.ts'
import type { RecallMessage, RunOutcome } from '../../../domain/conversation/run/effects.ts'
import { askAgent, failed } from '../../ask-agent.ts'
import { defineEffect } from '../definition.ts'

export const recall = defineEffect<RecallMessage, RunOutcome>({
  kind: 'recall',
  afterCrash: { by: 'idempotent', why: 'the message itself says that it was changed, and when: done again, it is only read' },
  proof: {
    file: 'packages/kimaki/test/support/contracts/opencode.ts',
    test: 'recalled again, a message is what it was made, and the answer is the same',
  },
  async run(deps, { directory, session, messageId, reworded }) {
    const request = { directory, session, messageId, ...(reworded && { parts: reworded.parts }) }
    const recalled = await askAgent(deps, async () => deps.agent.recall(request))
    if (recalled instanceof SessionGone) return { kind: 'absent' }
    return recalled instanceof Error ? failed(recalled) : { kind: recalled }
  },
})
