/** Live notices: what happens to a run that is nobody's answer yet. One message each, changed in place until the turn is over. */
import type { AssistantMessage } from '../domain/conversation/agent.ts'
import type { Prompt } from '../domain/conversation/prompt.ts'
import type { Conversation } from '../domain/conversation/state.ts'
import type { Block } from './blocks.ts'
import { compactedText, compactingText, compactionFailedText, retriedText, retryingText } from './notice.ts'

/** The provider refused for now (429, 5xx, connection lost), and OpenCode asks it again by itself. */
export function retryBlocks(state: Conversation): readonly Block[] {
  const { retries, status } = state
  if (!retries) return []
  const key = `retry/${retries.during}`
  if (status.kind !== 'retry') return [live(key, retriedText(retries))]
  const stop = { id: `stop:${retries.during}`, label: 'Stop' }
  const buttons = hasUnread(state, retries.during)
    ? [stop, { id: `stop-all:${retries.during}`, label: 'Stop, drop what is unread' }]
    : [stop]
  return [{ ...live(key, retryingText(retries, status.next)), buttons }]
}

const DROPPABLE: readonly Prompt['phase']['kind'][] = ['waiting', 'preparing', 'ready', 'seen']

/** Messages that came after the one the agent works on: not those in the queue, and none that is just being handed over. */
function hasUnread({ prompts }: Conversation, during: string): boolean {
  const at = prompts.findIndex(({ phase }) => 'messageId' in phase && phase.messageId === during)
  return at !== -1 && prompts.slice(at + 1).some(({ phase }) => DROPPABLE.includes(phase.kind))
}

/** The context was full: OpenCode sums up the session and goes on from there. The summary itself is not for people. */
export function compactionBlock({ status }: Conversation, { id, failure, completed }: AssistantMessage): Block {
  const over = completed !== undefined || status.kind === 'idle'
  return live(`compaction/${id}`, failure ? compactionFailedText() : over ? compactedText() : compactingText())
}

const live = (key: string, text: string): Block => ({ key, text, closed: true, notify: false, live: true })
