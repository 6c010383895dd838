/**
 * Finds the files because of which a provider has refused a request. OpenCode sends them again with every later message of the session, and
 * the provider refuses each: so they leave the session before the next prompt (`repair.ts`), the words beside them stay.
 */
import { isAboutFiles } from '../../domain/agent.ts'
import type * as api from '../wire/api.ts'
import { messageOf } from '../wire/message.ts'
import type { Received } from '../wire/read.ts'

export interface FilePart {
  readonly messageId: string
  readonly partId: string
}

/** `messages`: oldest first. None once a later request was answered, for the provider took what it was sent. */
export function refusedFiles(messages: readonly Received<api.MessageWithParts>[]): readonly FilePart[] {
  const known = messages.map((received) => ({ received, message: messageOf(received.object('info')) }))
  const isAnswer = ({ message }: (typeof known)[number]): boolean => message?.kind === 'assistant' && !message.failure
  const sinceAnswer = known.slice(known.findLastIndex(isAnswer) + 1)
  const isRefused = sinceAnswer.some(
    ({ message }) => message?.kind === 'assistant' && message.failure && isAboutFiles(message.failure),
  )
  if (!isRefused) return []
  return sinceAnswer.flatMap(({ received, message }) => {
    if (message?.kind !== 'user') return []
    const files = received.list('parts').filter((part) => part.choice('type', ['file']))
    return files.flatMap((part) => {
      const partId = part.text('id')
      return partId === undefined ? [] : [{ messageId: message.id, partId }]
    })
  })
}
