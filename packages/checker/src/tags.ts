import type { CheckInput, JournalMessage } from './input.ts'

/** A person's message that expects an answer, in its last form. */
export interface Prompt {
  readonly tag: string
  readonly messageId: string
  readonly text: string
  /** It waits for its turn: it keeps its order among its like only. */
  readonly queued: boolean
  /** The thread where its answer belongs: the one it was posted in, or the one opened from it (thread id = message id). */
  readonly home: string
}

export interface Tags {
  /** The prompts by tag, in the order of their message ids. */
  readonly prompts: ReadonlyMap<string, Prompt>
  /** The prompts a user text of the model's log is made of. What a reply quotes from the message it answers does not count. */
  readonly carriedBy: (text: string) => readonly Prompt[]
}

/** Finds the messages that expect an answer. `messages`: last forms, by id. */
export function readTags(
  { prompts: wanted, tags, journal, isQueued = () => false }: CheckInput,
  messages: readonly JournalMessage[],
): Tags {
  const pattern = wanted instanceof RegExp ? wanted : (tags ?? /#m\d+/)
  const global = new RegExp(pattern.source, pattern.flags.includes('g') ? pattern.flags : `${pattern.flags}g`)
  const tagsIn = (text: string) => [...new Set([...text.matchAll(global)].map(([tag]) => tag))]

  const queued = new Set(
    journal.flatMap((entry) =>
      entry.kind === 'message' && entry.action === 'create' && isQueued(entry.content) ? entry.messageId : [],
    ),
  )
  const contents = new Map(messages.map(({ messageId, content }) => [messageId, content]))
  const prompts = new Map<string, Prompt>()
  const quotes = new Map<string, readonly string[]>()
  for (const entry of messages) {
    if (entry.by !== 'person' || entry.action === 'delete') continue
    if (typeof wanted === 'function' && !wanted(entry)) continue
    const [tag] = tagsIn(entry.content)
    if (tag === undefined) continue
    const home = entry.parentId === undefined ? entry.messageId : entry.channelId
    const { messageId, content: text } = entry
    const earlier = prompts.get(tag)
    if (earlier)
      throw new Error(
        `checker: ${tag} stands in the messages ${earlier.messageId} and ${messageId}; a tag belongs to one message`,
      )
    prompts.set(tag, { tag, messageId, text, home, queued: queued.has(messageId) })
    quotes.set(tag, tagsIn(contents.get(entry.message.message_reference?.message_id ?? '') ?? ''))
  }

  return {
    prompts,
    carriedBy(text) {
      const found = tagsIn(text)
      const quoted = new Set(found.flatMap((tag) => quotes.get(tag) ?? []))
      return found.flatMap((tag) => (quoted.has(tag) ? [] : (prompts.get(tag) ?? [])))
    },
  }
}
