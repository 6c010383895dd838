/** Collects the facts of a footer; what cannot be found out is left out. */
import { isAbortError } from '../../base/errors.ts'
import { costOf, type CollectFooter, type FooterReport } from '../../domain/conversation/features/footer.ts'
import type { TurnFacts } from '../../domain/agent.ts'
import type { ConversationHandle } from '../conversation/handle.ts'
import { defineAction, type ActionDeps } from './definition.ts'

/** A footer does not wait longer for the facts that stand in it. */
const DEADLINE_MS = 5000

export const collectFooter = defineAction<CollectFooter>({
  kind: 'collect-footer',
  start(deps) {
    const { timers } = deps
    /** Ids of answers whose footers are being collected. */
    const collecting = new Set<string>()
    return (conversation, action) => {
      const { id } = action.answer
      if (collecting.has(id)) return
      collecting.add(id)
      const deadline = new Promise<undefined>((resolve) => timers.set(`footer/${id}`, DEADLINE_MS, () => resolve(undefined)))
      void collect(deps, conversation, action, deadline).finally(() => {
        timers.clear(`footer/${id}`)
        collecting.delete(id)
      })
    }
  },
})

async function collect(
  { agent, git, clock, log }: ActionDeps,
  conversation: ConversationHandle,
  { answer, startedAt }: CollectFooter,
  deadline: Promise<undefined>,
): Promise<void> {
  const { state } = conversation
  if (!state) return
  const inTime = async <T>(fact: () => Promise<T | undefined>): Promise<T | undefined> =>
    Promise.race([fact(), deadline]).catch((error: unknown) => {
      if (!isAbortError(error)) log.warn('a fact of a footer is missing', { error: String(error) })
      return undefined
    })
  const [branch, limit] = await Promise.all([
    inTime(async () => git.branch(state.directory)),
    answer.tokens > 0 ? inTime(async () => agent.contextLimit(state.directory, answer.model)) : undefined,
  ])
  const cost = costOf(state, startedAt)
  const facts: TurnFacts = {
    folder: state.directory.split(/[\\/]/).findLast((name) => name !== '') ?? state.directory,
    branch,
    durationMs: Math.max(0, (answer.completed ?? startedAt) - startedAt),
    contextPercent: limit ? Math.round((answer.tokens / limit) * 100) : undefined,
    ...(cost > 0 && { cost }),
    model: answer.model.model,
    agent: answer.agent,
  }
  const report: FooterReport = { answerId: answer.id, facts }
  conversation.push({ kind: 'report', at: clock.now(), owner: 'footer', report })
}
