import type { CheckInput, JournalMessage, ModelEntry } from './input.ts'
import { readTags, type Prompt } from './tags.ts'

/** A bot's message that still stands, in its last form. */
export interface Post {
  readonly messageId: string
  readonly channelId: string
  /** What it says, in its content or in its components. */
  readonly content: string
  /** Every token in its words and attached texts, as often as it stands there. */
  readonly tokens: readonly string[]
}

/** A request of an agent session (never a title), with the prompts its texts are. */
export interface Request extends ModelEntry {
  readonly sessionId: string
  /** For each user text, oldest first, the prompts it carries. */
  readonly carries: readonly (readonly Prompt[])[]
  readonly answering: readonly Prompt[]
}

/** The two logs, brought into one vocabulary. All lists are in order: by message id, by sequence. */
export interface History {
  readonly prompts: readonly Prompt[]
  readonly posts: readonly Post[]
  readonly requests: readonly Request[]
  /** Where each token stands; a post that holds it twice is named twice. */
  readonly standing: ReadonlyMap<string, readonly Post[]>
}

export function readHistory(input: CheckInput): History {
  const messages = lastForms(input.journal.filter((entry) => entry.kind === 'message'))
  const tags = readTags(input, messages)
  const prompts = [...tags.prompts.values()]
  const posts = messages
    .filter(({ by, action }) => by === 'bot' && action !== 'delete')
    .map((entry) => {
      const { messageId, channelId, attachedTexts } = entry
      const content = shownIn(entry)
      return { messageId, channelId, content, tokens: [content, ...attachedTexts].flatMap(tokensIn) }
    })
  const requests = input.model.flatMap((entry) => {
    const { sessionId } = entry
    if (sessionId === undefined || !entry.hasTools) return []
    return [
      { ...entry, sessionId, carries: entry.userTexts.map(tags.carriedBy), answering: entry.answers.flatMap(tags.carriedBy) },
    ]
  })
  return { prompts, posts, requests: requests.toSorted((a, b) => a.seq - b.seq), standing: places(posts) }
}

/** A message of components has no content: it says what stands in its texts. */
const shownIn = ({ content, message: { components = [] } }: JournalMessage): string =>
  content === '' ? components.flatMap(textsIn).join('\n') : content

function textsIn(component: unknown): readonly string[] {
  if (typeof component !== 'object' || component === null) return []
  const { content, components } = component as { readonly content?: unknown; readonly components?: unknown }
  return [...(typeof content === 'string' ? [content] : []), ...(Array.isArray(components) ? components.flatMap(textsIn) : [])]
}

/** The last state of every message, by id; deleted ones keep the state they had. */
function lastForms(entries: readonly JournalMessage[]): readonly JournalMessage[] {
  const last = new Map<string, JournalMessage>()
  for (const entry of entries) if (last.get(entry.messageId)?.action !== 'delete') last.set(entry.messageId, entry)
  return [...last.values()].toSorted((a, b) => compareIds(a.messageId, b.messageId))
}

/** Snowflakes are numbers beyond 2^53. */
export function compareIds(a: string, b: string): number {
  const difference = BigInt(a) - BigInt(b)
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

function tokensIn(text: string): readonly string[] {
  return text.match(/⟦t\d+⟧/gu) ?? []
}

function places(posts: readonly Post[]): ReadonlyMap<string, readonly Post[]> {
  const standing = new Map<string, Post[]>()
  for (const post of posts) {
    for (const token of post.tokens) standing.set(token, [...(standing.get(token) ?? []), post])
  }
  return standing
}
