/**
 * `/compact` sums up what was said in the session, so that its context has room again. What it stands behind is on record before it begins:
 * after a crash a summary behind that message was begun already, and none is begun again.
 */
import type { AgentFailure, AgentMessage, AssistantMessage, Snapshot } from '../../domain/agent.ts'
import type { CommandAnswer } from '../../domain/conversation/command.ts'
import { isIdle, isWorking } from '../../domain/conversation/run/derive.ts'
import { plain } from '../../view/text/notice.ts'
import type { SlashCommand } from '../declaration.ts'

export const compact: SlashCommand = {
  name: 'compact',
  description: 'Sum up what was said, so that the context has room again (summarize, shrink, context)',
  where: 'session',
  visibility: 'public',
  options: [],
  run: (state) => (isIdle(state) && !isWorking(state) ? { work: {}, meanwhile: 'sums-up' } : { reply: BUSY }),
  async work({ agent }, { directory, session = '', args, isRetry }) {
    const { after, provider, model } = args
    const found = await agent.snapshot(directory, session)
    if (found instanceof Error) return found
    if (typeof after !== 'string') return begin(found)
    const isBegun = summaryBehind(found.messages, after) !== undefined || found.status.kind !== 'idle'
    if (isRetry && isBegun) return resultOf(found, after)
    const done = await agent.sessions.summarize(directory, session, { provider: String(provider), model: String(model) })
    if (done instanceof Error) return done
    const now = await agent.snapshot(directory, session)
    return now instanceof Error ? now : resultOf(now, after)
  },
}

function begin({ messages, status }: Snapshot): CommandAnswer {
  if (status.kind !== 'idle') return { reply: BUSY }
  const newest = messages.at(-1)
  const answer = messages.findLast(isAnswer)
  if (!newest || !answer) return { reply: '⬦ nothing to sum up: the agent has answered nothing yet' }
  return { work: { after: newest.id, ...answer.model } }
}

const isAnswer = (message: AgentMessage): message is AssistantMessage =>
  message.kind === 'assistant' && !message.summary && message.model.model !== ''

const summaryBehind = (messages: readonly AgentMessage[], after: string): AssistantMessage | undefined =>
  messages
    .slice(messages.findIndex(({ id }) => id === after) + 1)
    .findLast((message): message is AssistantMessage => message.kind === 'assistant' && message.summary)

function resultOf({ messages, status }: Snapshot, after: string): CommandAnswer {
  const summary = summaryBehind(messages, after)
  if (summary?.failure) return { reply: failureText(summary.failure) }
  if (summary?.completed !== undefined) return { reply: '✓ summed up: the context has room again' }
  return { reply: status.kind === 'idle' ? NO_SUMMARY : UNDER_WAY }
}

const failureText = ({ name, message }: AgentFailure): string =>
  name === 'MessageAbortedError'
    ? '⬦ not summed up: it was stopped'
    : `✗ not summed up: ${plain(message, 300)}\nRun \`/compact\` again, or use a model with a larger context.`

const BUSY = '✗ not summed up: the agent works\nRun `/compact` again when it is idle, or `/abort` first.'
const NO_SUMMARY = '✗ not summed up: the model wrote no summary\nRun `/compact` again.'
const UNDER_WAY = '⬦ it is being summed up still: `/context-usage` shows when there is room again'
