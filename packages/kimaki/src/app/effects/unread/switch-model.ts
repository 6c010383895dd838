/** Has the newest message of a session that runs name another agent and model, so that the next step is theirs; nothing is stopped. */
import type { SwitchModel, SwitchOutcome } from '../../../domain/conversation/features/commands/models.ts'
import { namedIn } from '../../preferences/named-in.ts'
import { defineEffect } from '../definition.ts'

export const switchModel = defineEffect<SwitchModel, SwitchOutcome>({
  kind: 'switch-model',
  afterCrash: {
    by: 'probe',
    why: 'the session is read first: a message is left alone that is not the newest one, or that no run answers any more',
  },
  proof: {
    file: 'packages/kimaki/test/app/models.test.ts',
    test: 'killed before its outcome is on record, the message is given the model again, unless the run is over',
  },
  async run({ agent }, { directory, session, messageId }, { conversation: { state } }) {
    const snapshot = await agent.snapshot(directory, session)
    if (snapshot instanceof Error || !state) return { kind: 'done' }
    const newest = snapshot.messages.findLast(({ kind }) => kind === 'user')
    if (snapshot.status.kind === 'idle' || newest?.id !== messageId) return { kind: 'done' }
    const named = await namedIn(agent, state)
    if (named instanceof Error || !named.answeredBy) return { kind: 'done' }
    const { answeredBy, by } = named
    const switched = await agent.switchModel({ directory, session, messageId, answeredBy })
    return switched instanceof Error ? { kind: 'done' } : { kind: 'switched', created: switched.created, answeredBy, by }
  },
})
