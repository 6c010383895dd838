/** What a conversation of today holds, in the words and shapes of the bot that wrote the recorded data. */
import type { Effect } from '../../../src/domain/conversation/effect.ts'
import { asks } from '../../../src/domain/conversation/features/asks/asks.ts'
import { btw } from '../../../src/domain/conversation/features/btw.ts'
import { flush } from '../../../src/domain/conversation/features/flush.ts'
import { footer } from '../../../src/domain/conversation/features/footer.ts'
import { interrupts } from '../../../src/domain/conversation/features/interrupts.ts'
import { lateEdits } from '../../../src/domain/conversation/features/told/late-edits.ts'
import { queue } from '../../../src/domain/conversation/features/queue.ts'
import { retry } from '../../../src/domain/conversation/features/retry.ts'
import { shell } from '../../../src/domain/conversation/features/shell.ts'
import { title } from '../../../src/domain/conversation/features/title.ts'
import type { EditablePost, Post } from '../../../src/domain/conversation/posts/post.ts'
import type { Prompt } from '../../../src/domain/conversation/prompt.ts'
import type { Beginning } from '../../../src/domain/conversation/request.ts'
import type { Conversation } from '../../../src/domain/conversation/state.ts'
import type { Author, IncomingMessage } from '../../../src/domain/message/incoming.ts'
import type { InboxRow } from '../../../src/ports/store.ts'

/** Each field of that time, from a conversation of today. */
export const FOUND: Readonly<Record<string, (state: Conversation) => unknown>> = {
  id: (state) => state.id,
  install: (state) => state.install,
  guildId: (state) => state.guildId,
  channelId: (state) => state.channelId,
  directory: (state) => state.directory,
  verbosity: (state) => state.verbosity,
  thread: (state) => state.thread,
  session: (state) => state.session,
  prompts: (state) => [...state.turn.prompts.map(promptThen), ...queuedThen(state)].toSorted((a, b) => a.order - b.order),
  commands: (state) =>
    shell
      .of(state)
      .map(({ output: said, message, ...command }) => ({ ...command, message: { ...withoutAuthor(message) }, said })),
  messages: (state) => state.turn.messages,
  status: (state) => state.turn.status,
  mirrored: (state) => state.turn.isSynced,
  failure: (state) => state.turn.failure,
  retries: (state) => retry.of(state),
  silentLooks: (state) => state.turn.stallChecks,
  interrupts: (state) => interrupts.of(state),
  interrupting: (state) => state.turn.interrupting,
  late: (state) => lateEdits.of(state),
  asides: (state) => btw.of(state).map(({ message, ...question }) => ({ ...question, message: messageThen(message) })),
  // Each was refused at once.
  asks: (state) => asks.of(state).asks.map(({ form: _form, phase: _phase, ...ask }) => ask),
  sealed: (state) => flush.of(state),
  footers: (state) => footer.of(state),
  settledAt: (state) => state.closedUpTo,
  posted: (state) => state.posts.posted,
  outbox: (state) => state.posts.outbox.map(postThen),
  cards: (state) => state.posts.editable.map(cardThen),
  title: (state) => ({ synced: title.of(state).given, theirs: title.of(state).isTheirs }),
  suspect: (state) => state.turn.suspicion,
}

const PHASES: Readonly<Record<string, string>> = { sending: 'handing', delivered: 'seen', resend: 'cut' }

const promptThen = ({ message, begins, phase, ...prompt }: Prompt) => ({
  ...prompt,
  message: messageThen(message),
  phase: { ...phase, kind: PHASES[phase.kind] ?? phase.kind },
  ...(begins && { aside: asideThen(begins) }),
})

const queuedThen = (state: Conversation) =>
  queue.of(state).map(({ message, phase: _phase, ...item }) => ({
    ...item,
    message: messageThen(message),
    phase: { kind: 'queued' },
  }))

const asideThen = ({ name, session, copyOf }: Beginning) => ({
  name,
  from: copyOf?.threadId,
  parent: copyOf?.session,
  fork: { session: session?.id, upTo: session?.upTo, as: session?.answeredBy },
})

/** Nobody ever read whether the author was a bot, and which roles they had: neither is kept. */
const messageThen = ({ author, ...message }: IncomingMessage) => ({ ...message, ...authorThen(author) })

const authorThen = (author: Author) => (author.kind === 'person' ? { authorId: author.id, authorName: author.name } : {})

const withoutAuthor = ({ author, ...message }: Pick<IncomingMessage, 'id' | 'author' | 'titleText'>) => ({
  ...message,
  authorId: author.kind === 'person' ? author.id : undefined,
})

const postThen = ({ editable: live, ...post }: Post) => ({ ...post, live })
const cardThen = ({ content: face, ...card }: EditablePost) => ({ ...card, face })

/** Only the kinds that stand in the recorded data. */
export function effectThen(effect: Effect): unknown {
  const {
    owner: _owner,
    userId: authorId,
    message,
    ...rest
  } = effect as Effect & {
    readonly userId?: string
    readonly message?: IncomingMessage
  }
  return { ...rest, ...(authorId !== undefined && { authorId }), ...(message && { message: messageThen(message) }) }
}

export function inboxRowThen({ request, receipt: _receipt, ...row }: InboxRow): unknown {
  const { message, ...rest } = request as { readonly message?: IncomingMessage }
  return { ...row, asked: { ...rest, ...(message && { message: messageThen(message) }) } }
}
