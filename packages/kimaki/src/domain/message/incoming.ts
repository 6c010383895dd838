/** A Discord message as it was accepted: plain facts, stored in the inbox before anything happens. */

export interface IncomingAttachment {
  readonly id: string
  readonly name: string
  readonly contentType: string
  /** Bytes. */
  readonly size: number
  readonly url: string
}

export interface IncomingMessage {
  readonly id: string
  readonly guildId: string
  /** Where it was written: a project channel or a thread. */
  readonly channelId: string
  /** The project channel: `channelId` itself, or the thread's parent. */
  readonly projectChannelId: string
  readonly inThread: boolean
  readonly authorId: string
  /** Server nickname, else display name, else user name. */
  readonly authorName: string
  readonly authorIsBot: boolean
  readonly roleIds: readonly string[]
  /** Mentions already resolved to @name, @role and #channel. */
  readonly text: string
  /** The text a thread may be named from: mentions removed. */
  readonly titleText: string
  readonly mentionsBot: boolean
  /** The message this one replies to (text resolved, at most 1000 characters). */
  readonly reply: { readonly authorName: string; readonly text: string } | undefined
  readonly attachments: readonly IncomingAttachment[]
  /** ISO-8601 UTC, Discord's clock. */
  readonly sentAt: string
}
