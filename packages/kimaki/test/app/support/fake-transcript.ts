/** What `FakeAgent` tells of a session from its beginning to its end. */
import type { Snapshot, Transcript } from '../../../src/domain/agent.ts'

export function transcriptOf(snapshot: Snapshot | undefined, wordsOf: (messageId: string) => string): Transcript {
  const { title = '', messages = [] } = snapshot ?? {}
  return {
    title,
    messages: messages.map((message) => ({ ...message, words: message.kind === 'user' ? wordsOf(message.id) : '' })),
  }
}
