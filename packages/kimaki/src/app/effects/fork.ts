/** Copies a session for a question aside. */
import type { ForkOutcome, ForkSession } from '../../domain/conversation/features/btw.ts'
import { askAgent, failed } from '../ask-agent.ts'
import { defineEffect } from './definition.ts'

export const fork = defineEffect<ForkSession, ForkOutcome>({
  kind: 'fork',
  afterCrash: { by: 'probe', why: 'the copy is born with the question as its mark and is looked for first' },
  proof: { points: ['fork-before', 'fork-after', 'fork-outcome-before-commit'] },
  access: ({ promptId: requestId, guildId, userId }) => ({ requestId, guildId, userId }),
  async run(deps, { directory, session, mark, title }, { isRetry }) {
    const copy = await askAgent(deps, async (again) =>
      deps.agent.fork({ directory, session, mark, title, isRetry: isRetry || again }),
    )
    return copy instanceof Error ? failed(copy) : { kind: 'forked', fork: copy }
  },
})
