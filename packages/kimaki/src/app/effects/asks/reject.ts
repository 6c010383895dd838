/** Tells the agent "no" to a permission or a question. The agent waits for its answer: only that, or that the ask has gone, ends this. */
import type { Outcome } from '../../../domain/conversation/effect.ts'
import type { RejectAsk } from '../../../domain/conversation/features/asks/asks.ts'
import { askAgent } from '../../ask-agent.ts'
import { defineEffect } from '../definition.ts'

export const rejectAsk = defineEffect<RejectAsk, Outcome>({
  kind: 'reject-ask',
  afterCrash: { by: 'idempotent', why: 'an ask that is gone counts as rejected' },
  proof: {
    file: 'packages/kimaki/test/opencode/asks.test.ts',
    test: 'a permission is asked for; rejected, the tool fails and the run ends; rejecting again is fine',
  },
  async run(deps, { directory, ask, words }) {
    const rejected = await askAgent(deps, async () => deps.agent.reject(directory, ask, words), Number.POSITIVE_INFINITY)
    return { kind: rejected === 'answered' ? 'done' : 'gone' }
  },
})
