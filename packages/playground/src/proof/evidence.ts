/**
 * The journal of Discord and the log of the model, as the `checker` reads them. People's messages carry no tags here; but the bot says to
 * the model which message of Discord each prompt is (`<discord-user … message-id="…">`), so a message's id becomes its tag on both sides. Pure.
 */
import type { JournalEntry, JournalMessage, ModelEntry } from 'checker'

export type JournalRecord = { readonly kind: 'request' | 'dispatch' | 'gateway' } | MessageRecord

/** What is read of a message in the emulator's journal. */
export interface MessageRecord extends JournalMessage {
  readonly at: number
  readonly authorId: string
  readonly message: JournalMessage['message'] & {
    readonly type?: number
    readonly mentions?: readonly { readonly id: string }[]
  }
}

export interface EvidenceSources {
  readonly journal: readonly JournalRecord[]
  readonly model: readonly ModelEntry[]
  readonly botId: string
  /** Linked to a project. */
  readonly channels: ReadonlySet<string>
  /** Whether whoever wrote a message may speak to the agent. */
  readonly maySpeak: (authorId: string) => boolean
}

export interface Evidence {
  readonly journal: readonly JournalEntry[]
  readonly model: readonly ModelEntry[]
  /** Ids of the messages that expect an answer. */
  readonly expected: ReadonlySet<string>
}

export function evidenceOf(sources: EvidenceSources): Evidence {
  const { journal, botId } = sources
  const messages = journal.filter((entry) => entry.kind === 'message')
  const model = sources.model.map(heardBy)
  const heard = new Set(model.flatMap(({ userTexts }) => userTexts.flatMap((text) => text.split(' '))))
  const asides = new Set(
    sources.model.flatMap(({ userTexts }) => userTexts.filter(isAside).flatMap((text) => tagsOf(text).split(' '))),
  )
  const homes = homesOf(asides, messages, botId)
  return {
    journal: messages.map((entry) => (entry.authorId === botId ? entry : asWritten(entry, homes.get(entry.messageId)))),
    model,
    expected: expectedOf(sources, messages, heard),
  }
}

export const tagOf = (messageId: string): string => `#m${messageId}`

/** The person's words behind their tag; what looks like one in them is none. */
function asWritten(entry: MessageRecord, home: string | undefined): JournalMessage {
  const { kind, action, by, channelId, parentId, messageId, content, attachedTexts } = entry
  return {
    kind,
    action,
    by: by === 'bot' ? 'person' : by,
    channelId: home ?? channelId,
    parentId: home === undefined ? parentId : channelId,
    messageId,
    content: `${tagOf(messageId)} ${content.replaceAll(/#m(?=\d)/g, '# m')}`,
    attachedTexts,
    message: {},
  }
}

/** Each text as the tags of the messages it is made of. A question aside begins with a copy of another session, which is not its own. */
function heardBy(entry: ModelEntry): ModelEntry {
  const own = entry.userTexts.slice(Math.max(0, entry.userTexts.findLastIndex(isAside)))
  return { ...entry, userTexts: own.map(tagsOf), answers: entry.answers.map(tagsOf) }
}

const isAside = (text: string): boolean => text.includes('<aside parent-session=')

function tagsOf(text: string): string {
  return [...text.matchAll(/<discord-user [^>\n]*message-id="(\d+)"/g)].map(([, id = '']) => tagOf(id)).join(' ')
}

/** Threads by the message that asked aside: the bot leads to each with a link, in the order of asking. */
function homesOf(asides: ReadonlySet<string>, messages: readonly MessageRecord[], botId: string): ReadonlyMap<string, string> {
  const last = new Map(messages.map((entry) => [entry.messageId, entry]))
  const asked = Map.groupBy(
    [...last.values()].filter(({ messageId }) => asides.has(tagOf(messageId))),
    ({ channelId }) => channelId,
  )
  return new Map(
    [...asked].flatMap(([channelId, asking]) => {
      const links = [...last.values()].filter((entry) => entry.channelId === channelId && entry.authorId === botId)
      const threads = links.flatMap(({ content }) => ASKED_ASIDE.exec(content)?.[1] ?? [])
      return asking.flatMap(({ messageId }, index) => {
        const thread = threads[index]
        return thread === undefined ? [] : [[messageId, thread] as const]
      })
    }),
  )
}

function expectedOf(
  { channels, botId, maySpeak }: EvidenceSources,
  messages: readonly MessageRecord[],
  heard: ReadonlySet<string>,
): ReadonlySet<string> {
  const answers = messages.filter(
    ({ authorId, action, content }) => authorId === botId && action === 'update' && ANSWERED.test(content),
  )
  const expects = (entry: MessageRecord): boolean => {
    const { by, authorId, channelId, parentId, messageId, content, message, at } = entry
    if (authorId === botId || by === 'system' || !channels.has(parentId ?? channelId)) return false
    // Whoever may not speak is answered if somebody lets the message in.
    if (heard.has(tagOf(messageId))) return true
    const isShell = content.startsWith('!')
    const { type = 0, mentions = [] } = message
    const isForOthers = mentions.length > 0 && !mentions.some(({ id }) => id === botId)
    if (isShell || isForOthers || !SAID.has(type) || !maySpeak(authorId)) return false
    // Words may be the answer to a question of the agent: its card says so, and they are no prompt.
    return !answers.some((card) => card.channelId === channelId && card.at >= at && card.at - at < ANSWER_MS)
  }
  return new Set(messages.filter(expects).map(({ messageId }) => messageId))
}

/** Discord docs: Message Types; a text, and one that replies. */
const SAID: ReadonlySet<number> = new Set([0, 19])
const ASKED_ASIDE = /^⬦ asked aside in <#(\d+)>/m
const ANSWERED = /^✓ answered by /m
const ANSWER_MS = 5_000
