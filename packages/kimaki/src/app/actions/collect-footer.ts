/** Collects the facts of a footer; what cannot be found out is left out. */
import { isAbortError } from '../../base/errors.ts'
import { costOf, type CollectFooter, type FooterReport } from '../../domain/conversation/features/footer.ts'
import type { AssistantMessage, TurnChanges, TurnFacts } from '../../domain/agent.ts'
import type { Conversation } from '../../domain/conversation/state.ts'
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
  const [branch, changed, limit] = await Promise.all([
    inTime(async () => git.branch(state.directory)),
    inTime(async () => changesSince(agent, state, startedAt)),
    answer.tokens > 0 ? inTime(async () => agent.contextLimit(state.directory, answer.model)) : undefined,
  ])
  const cost = costOf(state, startedAt)
  const facts: TurnFacts = {
    folder: state.directory.split(/[\\/]/).findLast((name) => name !== '') ?? state.directory,
    branch,
    durationMs: Math.max(0, (answer.completed ?? startedAt) - startedAt),
    contextPercent: limit ? Math.round((answer.tokens / limit) * 100) : undefined,
    ...(cost > 0 && { cost }),
    ...(changed && { changed }),
    model: answer.model.model,
    agent: answer.agent,
  }
  const report: FooterReport = { answerId: answer.id, facts }
  conversation.push({ kind: 'report', at: clock.now(), owner: 'footer', report })
}

/** Asked of OpenCode only where a tool has ended: words alone change no file. */
async function changesSince(
  agent: ActionDeps['agent'],
  state: Conversation,
  startedAt: number,
): Promise<TurnChanges | undefined> {
  const { directory, session, turn } = state
  const answers = turn.messages.filter(
    (message): message is AssistantMessage => message.kind === 'assistant' && message.created >= startedAt,
  )
  const isWork = answers.some(({ parts }) => parts.some((part) => part.kind === 'tool'))
  const asked = [...new Set(answers.map(({ parent }) => parent))]
  const [first, last] = [asked[0], asked.at(-1)]
  if (session.kind !== 'open' || !isWork || first === undefined || last === undefined) return undefined
  const paths = new Set<string>()
  for (const id of asked) {
    const changed = await agent.sessions.changed(directory, session.id, id)
    for (const { path } of changed instanceof Error ? [] : changed) paths.add(path)
  }
  return paths.size > 0 ? { files: paths.size, first, last } : undefined
}
