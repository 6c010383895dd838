/** `/context-usage` tells how full the context of the model is, and what the session has cost. */
import type { AgentMessage, AssistantMessage } from '../../domain/agent.ts'
import { costText } from '../../view/text/footer.ts'
import { plain } from '../../view/text/notice.ts'
import type { SlashCommand } from '../declaration.ts'

export const contextUsage: SlashCommand = {
  name: 'context-usage',
  description: 'How full the context is, and what this session has cost (tokens, price, usage, limit)',
  where: 'session',
  visibility: 'public',
  options: [],
  run: () => ({ work: {} }),
  async work({ agent }, { directory, session = '' }) {
    const found = await agent.snapshot(directory, session)
    if (found instanceof Error) return found
    const newest = found.messages.findLast(isMeasured)
    if (!newest) return { reply: '⬦ the context is empty: the agent has answered nothing yet' }
    const limit = await agent.contextLimit(directory, newest.model)
    return { reply: `⬦ ${usageText(newest.tokens, limit)}\n${modelText(newest)}${spentText(found.messages)}` }
  },
}

const isMeasured = (message: AgentMessage): message is AssistantMessage => message.kind === 'assistant' && message.tokens > 0

const count = (tokens: number): string => tokens.toLocaleString('en-US')

const usageText = (tokens: number, limit: number | undefined): string =>
  limit === undefined
    ? `${count(tokens)} tokens in the context; nobody knows how many the model takes`
    : `${Math.round((tokens / limit) * 100)}% of the context: ${count(tokens)} of ${count(limit)} tokens`

const modelText = ({ model: { provider, model } }: AssistantMessage): string => `Model: ${plain(`${provider}/${model}`, 100)}`

function spentText(messages: readonly AgentMessage[]): string {
  const spent = costText(messages.reduce((sum, message) => sum + (message.kind === 'assistant' ? (message.cost ?? 0) : 0), 0))
  return spent === '' ? '' : ` ⋅ this session has cost ${spent}`
}
