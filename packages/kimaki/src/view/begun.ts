/** The words of messages that nobody wrote in this thread: what it began with elsewhere, what a program sent, what has waited in the queue. */
import { blockKey } from '../domain/conversation/posts/block-key.ts'
import type { Prompt } from '../domain/conversation/prompt.ts'
import type { Conversation } from '../domain/conversation/state.ts'
import { lineBlock, type Block } from './blocks.ts'
import { messageText } from './text/notice.ts'

/** `» **ada:** words`, first what the conversation began with. */
export function begunBlocks({ turn: { prompts } }: Conversation): readonly Block[] {
  return [
    ...prompts
      .filter(({ begins }) => begins && begins.from === undefined)
      .map((prompt) => lineBlock(blockKey('origin', prompt.id), originText(prompt))),
    ...prompts
      .filter(({ begins, waited, message }) => !begins && (waited || message.author.kind !== 'person'))
      .map(({ id, message }) => lineBlock(blockKey('turn', id), messageText(message.author.name, message.text))),
  ]
}

function originText({ message, begins }: Prompt): string {
  const words = messageText(message.author.name, message.text)
  return begins?.copyOf ? `⬦ a question aside, with all that was said in <#${begins.copyOf.threadId}>\n${words}` : words
}
