/** A person speaks with the bot: how long until the answer stands, from the journal's own times. */
import type { JournalEntry } from 'discord-emulator'
import type { Harness } from '../test/support/harness.ts'
import { tokenFor } from './script.ts'

export interface Reply {
  readonly threadId: string
  /** From the dispatch of the person's message to the bot's post that holds the answer's token. */
  readonly ms: number
}

const PATIENCE_MS = 60_000

/** Resolves when the footer stands as well: the bot has nothing left to do for this message. */
export async function ask(
  harness: Harness,
  place: { readonly channelId: string; readonly inThread: boolean },
  tag: string,
): Promise<Reply> {
  const { emulator, model, owner } = harness
  const message = owner.send(place.channelId, `hello ${tag}`)
  const threadId = place.inThread ? place.channelId : message.id
  const from = emulator.journal.entries.length
  const isPost = (entry: JournalEntry): entry is Post =>
    entry.kind === 'message' && entry.action === 'create' && entry.by === 'bot' && entry.channelId === threadId
  const posts = await emulator.world.until(
    `answer and footer to ${tag}`,
    () => {
      const token = tokenFor(model, tag)
      const later = emulator.journal.entries.slice(from).filter(isPost)
      const answer = later.findIndex(({ content }) => token !== undefined && content.includes(token))
      const [first, second] = answer === -1 ? [] : later.slice(answer)
      return first && second ? { answeredAt: first.at } : undefined
    },
    PATIENCE_MS,
  )
  return { threadId, ms: posts.answeredAt - dispatchedAt(harness, message.id) }
}

type Post = Extract<JournalEntry, { kind: 'message' }>

function dispatchedAt({ emulator }: Harness, messageId: string): number {
  const entry = emulator.journal.entries.findLast(
    (one) => one.kind === 'dispatch' && one.event === 'MESSAGE_CREATE' && one.subjectId === messageId,
  )
  return entry?.at ?? Number.NaN
}
