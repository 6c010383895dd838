/** Allows what a permission asks for, this once. The agent waits for its answer: only that, or that the ask has gone, ends this. */
import type { Outcome } from '../../../domain/conversation/effect.ts'
import type { AllowAsk } from '../../../domain/conversation/features/asks/asks.ts'
import { askAgent } from '../../ask-agent.ts'
import { defineEffect } from '../definition.ts'

export const allowAsk = defineEffect<AllowAsk, Outcome>({
  kind: 'allow-ask',
  afterCrash: { by: 'idempotent', why: 'it allows one asking; an ask that is gone counts as answered' },
  proof: {
    file: 'packages/kimaki/test/opencode/asks.test.ts',
    test: 'a path outside the project is asked for by its folder; allowed once, it is read, and allowing again is fine',
  },
  async run(deps, { directory, ask }) {
    const allowed = await askAgent(deps, async () => deps.agent.allow(directory, ask), Number.POSITIVE_INFINITY)
    return { kind: allowed === 'answered' ? 'done' : 'gone' }
  },
})
