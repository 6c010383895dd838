/** A message as it was accepted: plain facts, stored in the inbox before anything happens. */

export interface IncomingAttachment {
  readonly id: string
  readonly name: string
  readonly contentType: string
  /** Bytes. */
  readonly size: number
  readonly url: string
  /** What its bytes must come to (`base/digest.ts`): else it is not used. */
  readonly digest?: string
  /** How long a voice message is, as Discord tells; 0 where it tells only that it is one. Absent: no voice message. */
  readonly seconds?: number
}

/** What a message shows beside its words and files. Texts have their mentions resolved and are empty where Discord gives none. */
export type Quote = EmbedQuote | PollQuote | ForwardQuote | ComponentsQuote | StickersQuote

/** The words of a message that is made of components. */
export interface ComponentsQuote {
  readonly kind: 'components'
  readonly texts: readonly string[]
}

/** Pictures that Discord's people send for words: all that is known of one is its name. */
export interface StickersQuote {
  readonly kind: 'stickers'
  readonly names: readonly string[]
}

export interface EmbedQuote {
  readonly kind: 'embed'
  readonly author: string
  readonly title: string
  readonly url: string
  readonly description: string
  readonly fields: readonly { readonly name: string; readonly value: string }[]
  readonly footer: string
}

export interface PollQuote {
  readonly kind: 'poll'
  readonly question: string
  readonly answers: readonly string[]
}

/** Another message as it was when it was forwarded; its author is not told. */
export interface ForwardQuote {
  readonly kind: 'forward'
  /** ISO-8601 UTC. */
  readonly sentAt: string
  readonly text: string
  readonly attachments: readonly IncomingAttachment[]
  readonly embeds: readonly EmbedQuote[]
  readonly more?: readonly (ComponentsQuote | StickersQuote)[]
}

/** The message that another one replies to. */
export interface RepliedMessage {
  readonly authorName: string
  /** Mentions resolved, at most 1000 characters. */
  readonly text: string
  /** The text is only the beginning, and ends with an ellipsis. */
  readonly isCut?: true
  readonly id?: string
  readonly attachments?: readonly IncomingAttachment[]
  readonly quotes?: readonly Quote[]
}

/**
 * The message that a thread was opened from, where a person opened the thread. `missing`: it could not be read, and why; a thread that was
 * opened without a message, or whose message was deleted, has none.
 */
export type ThreadStarter = RepliedMessage | { readonly missing: string }

/** What somebody said to others in the thread. */
export interface ContextMessage {
  /** Snowflake. */
  readonly id: string
  readonly author: string
  readonly text: string
  /** Names of its files, which are not fetched. */
  readonly files: readonly string[]
}

/** Who asks. Only what a user of Discord wrote has rights that can be asked for again. */
export type Author =
  /** A user of Discord. `name`: server nickname, else display name, else user name. `isBot`: another bot, not a person. */
  | { readonly kind: 'person'; readonly id: string; readonly name: string; readonly isBot?: true }
  /** A program on the bot's machine (`kimaki send`), a schedule, or an agent's own tool. `userId`: the person it speaks for, if any. */
  | {
      readonly kind: 'program' | 'schedule' | 'agent'
      readonly name: string
      readonly userId: string | undefined
    }

/** Neither a bot nor a program. */
export const isPerson = (author: Author): boolean => author.kind === 'person' && author.isBot !== true

/** The Discord user who stands for the request, if there is one. */
export const authorUserId = (author: Author): string | undefined => (author.kind === 'person' ? author.id : author.userId)

export interface IncomingMessage {
  readonly id: string
  readonly guildId: string
  /** Where it was written: a project channel or a thread. */
  readonly channelId: string
  /** The project channel: `channelId` itself, or the thread's parent. */
  readonly projectChannelId: string
  readonly inThread: boolean
  readonly author: Author
  /** Mentions already resolved to @name, @role and #channel, but where a name would be read as a command or suffix. */
  readonly text: string
  /** What a thread may be named from, of the words or else of what is quoted: no mentions, no suffix. */
  readonly titleText: string
  readonly mentionsBot: boolean
  /** It begins with the mention of another person or bot: whom it speaks to. */
  readonly namesOther?: true
  readonly reply: RepliedMessage | undefined
  /** Absent in messages stored before there were quotes. */
  readonly quotes?: readonly Quote[]
  /** What people said to each other before it, oldest first. */
  readonly context?: readonly ContextMessage[]
  readonly attachments: readonly IncomingAttachment[]
  /** Words of it were spoken, and written down by a program: some may be misheard. */
  readonly isSpoken?: true
  /** ISO-8601 UTC, Discord's clock. */
  readonly sentAt: string
  /** As Discord gives it: names the form that the message has now. Absent: as it was written. */
  readonly editedAt?: string
  /** The author may not speak: this person has let the message in, and it runs with their rights (`features/talk/guests.ts`). */
  readonly letInBy?: { readonly userId: string; readonly name: string }
}

/** The Discord user whose rights are looked at when something runs because of the message. */
export const answersFor = ({ author, letInBy }: Pick<IncomingMessage, 'author' | 'letInBy'>): string | undefined =>
  letInBy?.userId ?? authorUserId(author)

/** People talk to each other in a thread. In the project channel a message begins a conversation, whomever it names. */
export const isForOthers = ({ inThread, namesOther, mentionsBot }: IncomingMessage): boolean =>
  inThread && namesOther === true && !mentionsBot
