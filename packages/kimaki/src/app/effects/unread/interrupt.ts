/** Stops a step for a newer message. The replica may be old by now: the session itself is asked before anything is stopped. */
import { isRecalled } from '../../../domain/conversation/prompt.ts'
import { isPickedUp } from '../../../domain/conversation/run/derive.ts'
import type { Interrupt, RunOutcome } from '../../../domain/conversation/run/effects.ts'
import { defineEffect } from '../definition.ts'

/** A clock that was set back makes no interrupt wait for longer. */
const LONGEST_EARLY_MS = 100

export const interrupt = defineEffect<Interrupt, RunOutcome>({
  kind: 'interrupt',
  afterCrash: { by: 'probe', why: 'the session is read first: a message that was picked up is left alone' },
  proof: { points: ['interrupt-before', 'interrupt-after'] },
  async run({ agent, clock, retry }, { directory, session, promptId, messageId, due }, { conversation }) {
    const snapshot = await agent.snapshot(directory, session)
    if (snapshot instanceof Error || isPickedUp(snapshot.messages, messageId)) return { kind: 'done' }
    const early = Math.min(due - clock.now(), LONGEST_EARLY_MS)
    if (early > 0) await retry.pause(early)
    // Its author has just taken it back, or changes it: no step is worth to be stopped for it.
    if (conversation.state?.turn.prompts.some((prompt) => prompt.id === promptId && isRecalled(prompt))) return { kind: 'done' }
    // The wait was short, and the replica has followed the stream meanwhile.
    if (early > 0 && isPickedUp(conversation.state?.turn.messages ?? [], messageId)) return { kind: 'done' }
    retry.signal.throwIfAborted()
    const aborted = await agent.abort(directory, session)
    return { kind: aborted instanceof Error ? 'done' : 'aborted' }
  },
})
