/** Posts a submitted prompt until it is delivered: until its message is seen in the session. */
import { PromptGap, SessionGone } from '../../base/errors.ts'
import type { Conversation } from '../../domain/conversation/state.ts'
import { parent } from '../../domain/conversation/features/talk/parent.ts'
import { mirror } from '../../domain/conversation/features/told/mirror.ts'
import { isDelivered } from '../../domain/conversation/prompt.ts'
import { runsElsewhere } from '../../domain/conversation/run/watch/elsewhere.ts'
import type { RunOutcome, SubmitPrompt } from '../../domain/conversation/run/effects.ts'
import { systemPrompt } from '../../domain/message/system-prompt.ts'
import { askAgent, failed } from '../ask-agent.ts'
import { isDecidedIn, namedIn, type Named } from '../preferences/named-in.ts'
import { defineEffect, type EffectDeps } from './definition.ts'

export const prompt = defineEffect<SubmitPrompt, RunOutcome>({
  kind: 'prompt',
  afterCrash: { by: 'probe', why: 'the session is read for the message id first; ids belong to the prompt, not to the attempt' },
  proof: { points: ['prompt-before', 'prompt-after', 'prompt-after-tool-run', 'prompt-outcome-before-commit'] },
  access: ({ promptId: requestId, guildId, userId, waited: always }) => ({ requestId, guildId, userId, always }),
  /** Its author's rights were looked at when the agent got it, and the answer belongs in the thread. */
  isDone: isInSession,
  async run(deps, effect, { isRetry, conversation: { state } }) {
    const isBusy = state !== undefined && isBusyElsewhere(deps, state, effect.session)
    if (isBusy && !(isRetry && (await isInSession(deps, effect)))) return { kind: 'busy-elsewhere' }
    const system = state ? { system: systemOf(state, effect.session, deps.settings) } : {}
    let named: Named = { answeredBy: effect.answeredBy, by: 'opencode-session' }
    const delivered = await askAgent(deps, async (again) => {
      const isGiven = !state || (effect.answeredBy !== undefined && !isDecidedIn(state))
      const chosen = isGiven ? named : await namedIn(deps.agent, state)
      if (chosen instanceof Error) return chosen
      named = chosen
      const { answeredBy } = named
      return deps.agent.prompt({ ...effect, ...system, ...(answeredBy && { answeredBy }), isRetry: isRetry || again })
    })
    if (delivered instanceof PromptGap) return { kind: 'gap' }
    if (delivered instanceof SessionGone) return { kind: 'session-gone' }
    if (delivered instanceof Error) return failed(delivered)
    const { answeredBy, by } = named
    return { kind: 'delivered', created: delivered.created, by, ...(answeredBy && { answeredBy }) }
  },
})

async function isInSession({ agent }: EffectDeps, { directory, session, messageId }: SubmitPrompt): Promise<boolean> {
  const snapshot = await agent.snapshot(directory, session)
  return !(snapshot instanceof Error) && snapshot.messages.some(({ id }) => id === messageId)
}

/** Looked at now: a terminal may have begun to work a moment ago. */
function isBusyElsewhere({ terminals, settings, clock }: EffectDeps, state: Conversation, session: string): boolean {
  if (!terminals || !settings.mirrorsTerminals || state.turn.prompts.some(isDelivered)) return false
  const last = terminals.last(session)
  return (
    last !== undefined &&
    !(last instanceof Error) &&
    runsElsewhere(state, last, clock.now()) &&
    mirror.of(state).passed !== last.id
  )
}

/** Made when it is submitted, and not on record: it only says where the conversation is. */
function systemOf(state: Conversation, session: string, settings: EffectDeps['settings']): string {
  const { id, channelId, guildId, thread } = state
  const threadId = thread.kind === 'open' ? thread.id : id
  return systemPrompt({
    session,
    threadId,
    channelId,
    guildId,
    parent: parent.of(state) ?? undefined,
    tellsOfDiffs: settings.tellsOfDiffs,
  })
}
