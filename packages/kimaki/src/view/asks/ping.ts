/** While the agent waits for a person, its card pings whoever wrote the message that the run answers. Programs, schedules and other bots read no pings. */
import { isPerson, type IncomingMessage } from '../../domain/message/incoming.ts'
import type { Conversation } from '../../domain/conversation/state.ts'
import type { Block } from '../blocks.ts'

/** `during`: the message of the session that the run answers. Discord pings only whom the text mentions. */
export function pinging(card: Block, { turn }: Conversation, during: string | undefined): Block {
  const prompt = turn.prompts.find(({ phase }) => 'messageId' in phase && phase.messageId === during)
  const pings = prompt && whoIsPinged(prompt.message)
  if (pings === undefined) return card
  const text = `${card.text}\n-# <@${pings}>, the agent waits for you.`
  return text.length > MESSAGE_LIMIT ? card : { ...card, text, pings }
}

/** The author of a message that was let in may not answer: whoever let it in may. */
function whoIsPinged({ author, letInBy }: IncomingMessage): string | undefined {
  if (letInBy) return letInBy.userId
  return author.kind === 'person' && isPerson(author) ? author.id : undefined
}

/** Discord docs: Create Message > content. */
const MESSAGE_LIMIT = 2000
