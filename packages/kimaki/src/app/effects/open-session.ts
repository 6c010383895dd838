/** Opens the session of a conversation, or finds the one that an earlier attempt has opened. */
import type { OpenSession, RunOutcome } from '../../domain/conversation/run/effects.ts'
import { askAgent, failed } from '../ask-agent.ts'
import { defineEffect } from './definition.ts'

export const openSession = defineEffect<OpenSession, RunOutcome>({
  kind: 'open-session',
  afterCrash: { by: 'probe', why: 'the session carries the conversation as its mark and is looked for first' },
  proof: { points: ['session-before', 'session-after', 'session-outcome-before-commit'] },
  async run(deps, { directory, mark, rules }, { isRetry, conversation }) {
    const opened = await askAgent(deps, async (again) => deps.agent.openSession(directory, mark, isRetry || again, rules))
    if (opened instanceof Error) return failed(opened)
    deps.bind(opened.session, conversation.id)
    return { kind: 'session-opened', session: opened.session }
  },
})
