/** Live notices: what happens to a run that is nobody's answer yet. One message each, changed in place until the turn is over. */
import type { AssistantMessage } from '../domain/conversation/agent.ts'
import type { Conversation } from '../domain/conversation/state.ts'
import type { Block } from './blocks.ts'
import { compactedText, compactingText, compactionFailedText, retriedText, retryingText } from './notice.ts'

/** The provider refused for now (429, 5xx, connection lost), and OpenCode asks it again by itself. */
export function retryBlocks({ retries, status }: Conversation): readonly Block[] {
  if (!retries) return []
  const text = status.kind === 'retry' ? retryingText(retries, status.next) : retriedText(retries)
  return [live(`retry/${retries.during}`, text)]
}

/** The context was full: OpenCode sums up the session and goes on from there. The summary itself is not for people. */
export function compactionBlock({ status }: Conversation, { id, failure, completed }: AssistantMessage): Block {
  const over = completed !== undefined || status.kind === 'idle'
  return live(`compaction/${id}`, failure ? compactionFailedText() : over ? compactedText() : compactingText())
}

const live = (key: string, text: string): Block => ({ key, text, closed: true, notify: false, live: true })
