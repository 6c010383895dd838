/** Discord as the product needs it: `ChatPort`. Expected failures are values; a method never throws for what Discord or the network does. */
import type { AccessFacts } from '../domain/access.ts'
import type { ChannelReport } from '../domain/channel.ts'
import type { IncomingAttachment, IncomingMessage, RepliedMessage } from '../domain/message/incoming.ts'
import type { Mark } from '../domain/message/mark.ts'
import type { MessageContent, Post } from '../domain/conversation/posts/post.ts'
import type { Modal } from '../domain/conversation/posts/modal.ts'
import type { ButtonPress, CommandInvocation, FollowUp, OptionQuery } from '../domain/conversation/request.ts'
import type { Block, Outgoing } from '../view/blocks.ts'
import type { ReadApplication } from './application.ts'
import type { ChannelsPort } from './channels.ts'
import type { ChatError } from './chat-error.ts'

export type { ChatError }

/** Where the gateway session stands: enough for a RESUME after a restart (Discord docs: Gateway > Resuming). */
export interface GatewayPosition {
  readonly sessionId: string
  readonly resumeUrl: string
  readonly sequence: number
}

/** Unix ms of the gateway sessions that were begun, oldest first: Discord counts them, across restarts too. Both may throw. */
export interface IdentifyRecords {
  read(): Promise<readonly number[]>
  /** Replaces what is on record. */
  write(times: readonly number[]): Promise<void>
}

/** Where a message stands: a project channel, or a thread below one. */
export interface Place {
  readonly channelId: string
  readonly projectChannelId: string
  readonly inThread: boolean
}

/** What the adapter hands up, in the order of the gateway. The next one is delivered without waiting for the promise. */
export type ChatEvent =
  /**
   * A message of a person or foreign bot in a linked guild channel or thread; `access` is what is known now (absent member: REST was asked).
   * Its author may speak or, in a thread and where the adapter hears guests, be let in; of the past everybody's messages are told.
   */
  | {
      readonly kind: 'message'
      readonly message: IncomingMessage
      readonly access: AccessFacts
      /** Not written just now: told again by a RESUME, or it had to wait until Discord answered what is needed to judge it. */
      readonly late?: true
      readonly position: GatewayPosition | undefined
    }
  /**
   * A person wrote what cannot be read as a prompt: a message of ours with nothing in it that an agent could read (a lone sticker), or a
   * mention of the bot outside of all projects.
   */
  | {
      readonly kind: 'unread'
      readonly why: 'empty' | 'no-project'
      readonly messageId: string
      readonly place: Place
      readonly mentionsBot: boolean
      readonly access: AccessFacts
      readonly position: GatewayPosition | undefined
    }
  /** A message in a linked channel or thread of somebody who may not use the bot: nothing else of it was looked at. */
  | {
      readonly kind: 'unheard'
      readonly place: Place
      readonly messageId: string
      readonly position: GatewayPosition | undefined
    }
  /** A message of the bot's own user in a linked channel or thread, whichever process wrote it. Answers to interactions are not told. */
  | {
      readonly kind: 'own'
      readonly place: Place
      readonly messageId: string
      /** As it was posted with, where Discord tells it. */
      readonly nonce: string | undefined
      readonly position: GatewayPosition | undefined
    }
  /** A message of the bot's own user in a project channel with a right mark: a program posted it, for the bot to run. */
  | (MarkedMessage & { readonly kind: 'marked'; readonly position: GatewayPosition | undefined })
  /** A dispatch that carries nothing for us; only moves the sequence. */
  | { readonly kind: 'passed'; readonly position: GatewayPosition }
  /** A dispatch that lacks what is needed of it, or holds something else: it is passed over, and kept to be looked into. */
  | { readonly kind: 'unreadable'; readonly dispatch: DeadDispatch; readonly position: GatewayPosition }
  /** A message was edited by its author: its last form. */
  | {
      readonly kind: 'edited'
      readonly message: IncomingMessage
      readonly access: AccessFacts
      /** ISO 8601: one edit, one time. */
      readonly editedAt: string
      readonly position: GatewayPosition | undefined
    }
  | {
      readonly kind: 'deleted'
      readonly place: Place
      readonly messageIds: readonly string[]
      readonly position: GatewayPosition | undefined
    }
  /** A button of ours was pressed, a modal sent, or an option of a menu chosen, in whatever channel; Discord waits 3 s for an answer (`acknowledge`, `refuse`, `showModal`). */
  | {
      readonly kind: 'pressed'
      readonly press: ButtonPress
      readonly place: Place
      /** Authority to answer; good for 15 minutes (Discord docs: Interaction Callback). */
      readonly token: string
      readonly access: AccessFacts
      readonly position: GatewayPosition | undefined
    }
  /** A slash command of ours was invoked, in whatever channel (`place`: its own, where no project is); Discord waits 3 s for `defer` or `refuse`. */
  | {
      readonly kind: 'command'
      readonly command: CommandInvocation
      readonly place: Place
      readonly access: AccessFacts
      readonly position: GatewayPosition | undefined
    }
  /** Somebody types an option that proposes values, in whatever channel; Discord waits 3 s for `propose`. Nothing of it is put on record. */
  | {
      readonly kind: 'autocomplete'
      readonly query: OptionQuery
      readonly place: Place
      readonly access: AccessFacts
      readonly position: GatewayPosition | undefined
    }
  /** A channel or thread was deleted. */
  | { readonly kind: 'channel-gone'; readonly channelId: string; readonly position: GatewayPosition | undefined }
  | {
      readonly kind: 'thread-renamed'
      readonly threadId: string
      readonly name: string
      readonly position: GatewayPosition | undefined
    }
  /** Rights, a channel or a thread changed: what the bot may not do there, it may be allowed now. `ids`: of guilds, channels and threads. */
  | {
      readonly kind: 'place-changed'
      readonly ids: readonly string[]
      /** The bot is a member of this guild now, or is none any more. */
      readonly guild?: { readonly id: string; readonly isHere: boolean }
      readonly position: GatewayPosition
    }
  /** A new gateway session began (READY, not RESUMED): whatever was sent meanwhile must be read over REST. Whoever is told holds live messages until then. */
  | { readonly kind: 'fresh'; readonly position: GatewayPosition }

/** What stays of a dispatch that could not be read. */
export interface DeadDispatch {
  /** Discord's name of the event. */
  readonly type: string
  /** Which field is what it must not be. */
  readonly reason: string
  /** Its data as JSON without secrets, at most 16 kB of it. */
  readonly payload: string
}

export interface ChatReady {
  readonly kind: 'ready'
  readonly applicationId: string
  readonly botUserId: string
  readonly guildIds: readonly string[]
}

/** The bot cannot run at all: wrong token, intent not enabled, ... `fix` is one sentence that says what to do. */
export interface ChatFatal {
  readonly kind: 'fatal'
  readonly message: string
  readonly fix: string
}

export interface StartOptions {
  readonly position: GatewayPosition | undefined
  /** Is this channel (or a thread's parent) a project of ours? Asked for every message. */
  readonly isProjectChannel: (channelId: string) => boolean
  readonly onEvent: (event: ChatEvent) => void
  /** The connection ended for good. */
  readonly onFatal: (fatal: ChatFatal) => void
}

/** Read the channel's past: what catch-up pages through. */
export interface CatchUpPage {
  /** Oldest first. Only messages that `onEvent` would have handed up; `lastId` is the newest id seen, handed up or not. */
  readonly messages: readonly { readonly message: IncomingMessage; readonly access: AccessFacts }[]
  /** Messages that `onEvent` would have told as `unread`, because nothing is in them. */
  readonly empty?: readonly EmptyMessage[]
  /** Messages that `onEvent` would have told as `marked`. */
  readonly marked?: readonly MarkedMessage[]
  readonly lastId: string | undefined
  readonly more: boolean
}

export interface MarkedMessage {
  readonly place: Place
  readonly messageId: string
  readonly text: string
  /** As the mark says they are. */
  readonly attachments: readonly IncomingAttachment[]
  readonly mark: Mark
}

/** A message of ours with nothing in it that an agent could read. */
export type EmptyMessage = Pick<Extract<ChatEvent, { kind: 'unread' }>, 'messageId' | 'place' | 'mentionsBot' | 'access'>

/** What an answer to an interaction needs. */
export interface Interaction {
  readonly id: string
  readonly token: string
}

/** Who sees the answer to a command: everybody in the channel, or only the person who invoked it. */
export type Visibility = 'public' | 'ephemeral'

/** A slash command as Discord is to show it (Discord docs: Application Command Object). */
export interface CommandDeclaration {
  /** Stands in the menu of a message: its name is shown as it is, and nothing but its name. Default: it is typed. */
  readonly kind?: 'message'
  /** 1 to 32 characters; of one that is typed lower-case ones, and no blanks. */
  readonly name: string
  /** 1 to 100 characters. */
  readonly description: string
  readonly options: readonly CommandOption[]
}

/** Which commands of a guild this installation has registered: it deletes no others. */
export interface OwnCommands {
  readonly names: readonly string[]
  /** Puts on record that they are these from now on. */
  keep(names: readonly string[]): Promise<void>
}

/** A value that is proposed for an option: 1 to 100 characters each. */
export interface Choice {
  readonly name: string
  readonly value: string
}

export interface CommandOption {
  readonly kind: 'string' | 'integer' | 'boolean' | 'user' | 'attachment'
  readonly name: string
  readonly description: string
  readonly required: boolean
  /** The user picks one of these; at most 25. */
  readonly choices?: readonly Choice[]
  /** The bot proposes values while the user types. */
  readonly autocomplete?: true
}

export interface OpenedThread {
  readonly threadId: string
  /** A person opened it before us, or has renamed it since. */
  readonly isTheirs?: true
}

/** A file with its bytes. */
export interface SentFile {
  readonly name: string
  readonly mime: string
  readonly bytes: Uint8Array
  /** It is the only file, and there are no words: a voice message. `waveform`: 1 to 256 loudnesses, a byte each (Discord docs: Voice Messages). */
  readonly voice?: { readonly seconds: number; readonly waveform: Uint8Array }
}

/** A message of the bot's own user. */
export interface OwnMessage {
  readonly id: string
  /** Of a message of components, which has none, their texts, as `componentText` gives them. */
  readonly content: string
  /** How many files it has. */
  readonly files: number
  /** It has buttons, and another process wrote it (see `ChatPort.post`). */
  readonly isForeign?: true
}

/** How the line to the gateway stands. `forMs`: since it went down, or since the start. */
export type Line = { readonly kind: 'up' } | { readonly kind: 'down'; readonly reason: string; readonly forMs: number }

export interface ChatPort {
  /** Both work before `start`. */
  readonly application: ReadApplication
  readonly channels: ChannelsPort
  /** Connects; resolves once the guilds are known (READY and GUILD_CREATE) and live events flow. Retries for ever with back-off unless fatal. */
  start(options: StartOptions): Promise<ChatReady | ChatFatal>
  line(): Line
  /** What is this channel, whose is it, and what may the bot do there? `ChatGone`: it is not there; `ChatForbidden`: it is hidden from the bot. Works before `start`. */
  inspect(channelId: string): Promise<ChannelReport | ChatError>
  /** Id of the newest message of a channel (the channel's own when it has none): where "now" is, by Discord's clock. Works before `start`. */
  newestIn(channelId: string): Promise<string | ChatError>
  /** One page of at most 100 messages after `afterId` (exclusive), with IncomingMessages as live ones. */
  readAfter(channelId: string, afterId: string): Promise<CatchUpPage | ChatError>
  /** Threads below these channels that may hold news: all active ones, and archived ones with activity after `sinceId`. */
  threadsSince(
    channelIds: readonly string[],
    sinceId: (channelId: string) => string,
  ): Promise<readonly { readonly id: string; readonly parentId: string }[] | ChatError>
  /** Who is this member now? Used when a prompt runs long after it was accepted. */
  accessOf(guildId: string, userId: string): Promise<AccessFacts | ChatError>
  /** Starts a thread from a message; "already started" (160004) is success: thread id = message id. */
  openThread(channelId: string, messageId: string, name: string): Promise<OpenedThread | ChatError>
  /** Starts a public thread that belongs to no message (Discord docs: Start Thread without Message). Done twice, there are two. */
  startThread(channelId: string, name: string): Promise<{ readonly threadId: string } | ChatError>
  /** Public threads that we opened in a channel after `afterId` (exclusive): to find out whether a start of unknown outcome happened. */
  ownThreadsAfter(
    channelId: string,
    afterId: string,
  ): Promise<readonly { readonly id: string; readonly name: string }[] | ChatError>
  /**
   * The message in the channel that this thread was opened from; undefined: the thread was opened without one, it is gone, or nothing is in it.
   * A thread has the id of its starter (Discord docs: Start Thread from Message).
   */
  threadStarter(channelId: string, threadId: string): Promise<RepliedMessage | undefined | ChatError>
  /**
   * Creates a message with `enforce_nonce`, mentions off (but that of `pings`) and link previews suppressed. One attempt; rate limits are waited for.
   * `isForeign`: the message with this nonce has buttons, and another process wrote it (an earlier one of ours, or one elsewhere).
   */
  post(
    channelId: string,
    message: Omit<Outgoing, 'attached'> & { readonly attached?: readonly SentFile[] } & Partial<
        Pick<MessageContent, 'buttons' | 'select'> & Pick<Post, 'pings'>
      >,
    nonce: string,
  ): Promise<{ readonly messageId: string; readonly isForeign?: true } | ChatError>
  /** Replaces text, menu and buttons of a message of ours. Doing it again changes nothing; rate limits are waited for (Discord docs: Edit Message). */
  edit(channelId: string, messageId: string, content: MessageContent): Promise<undefined | ChatError>
  /** Pins a message of ours in a channel. Doing it again changes nothing (Discord docs: Pin Message). */
  pin(channelId: string, messageId: string): Promise<undefined | ChatError>
  /** The press is on record: takes the waiting sign off the button (Discord docs: DEFERRED_UPDATE_MESSAGE). */
  acknowledge(interaction: Interaction): Promise<undefined | ChatError>
  /** Tells only the person who pressed or invoked why nothing happens. */
  refuse(interaction: Interaction, text: string): Promise<undefined | ChatError>
  /** Answers a press with a form. What is sent comes as `pressed` with the form's id and `words` (Discord docs: MODAL). */
  showModal(interaction: Interaction, modal: Modal): Promise<undefined | ChatError>
  /** Tells more to the person whose press was acknowledged, and to nobody else; waits for an acknowledgement that is under way (Discord docs: Create Followup Message). */
  followUp(press: FollowUp & Pick<Interaction, 'id'>, text: string): Promise<undefined | ChatError>
  /** Proposes values for the option that somebody types (Discord docs: APPLICATION_COMMAND_AUTOCOMPLETE_RESULT). */
  propose(interaction: Interaction, choices: readonly Choice[]): Promise<undefined | ChatError>
  /** The command is on record: Discord shows that the bot works on it (Discord docs: DEFERRED_CHANNEL_MESSAGE_WITH_SOURCE). */
  defer(interaction: Interaction, visibility: Visibility): Promise<undefined | ChatError>
  /** Answers a deferred command. Doing it again changes nothing (Discord docs: Edit Original Interaction Response). */
  reply(
    command: { readonly applicationId: string; readonly token: string },
    /** Undefined: the message that was pressed keeps its words and buttons. */
    content: MessageContent | undefined,
    /** They take the place of the files that the message has; undefined: it keeps them. */
    attached?: readonly SentFile[],
  ): Promise<undefined | ChatError>
  /** Answers a deferred command to its person alone, and takes away the sign that others wait by. Doing it again tells it again. */
  replyAlone(command: FollowUp & Pick<Interaction, 'id'>, text: string): Promise<undefined | ChatError>
  /**
   * Makes a guild show these commands, the first of them first: what differs is created, edited and, of those that are ours, deleted.
   * Commands of other programs stay, and leave less room (Discord docs: Create Guild Application Command).
   */
  registerCommands(guildId: string, commands: readonly CommandDeclaration[], own: OwnCommands): Promise<undefined | ChatError>
  /** Deletes commands of these names that stand in every guild of the bot (Discord docs: Delete Global Application Command). */
  removeGlobalCommands(names: readonly string[]): Promise<undefined | ChatError>
  /** Our own messages after `afterId` (exclusive; undefined: from the start), oldest first: to find out whether a post of unknown outcome happened. */
  ownMessagesAfter(channelId: string, afterId: string | undefined): Promise<readonly OwnMessage[] | ChatError>
  /** Fetches an attachment (allowed hosts only, size and time limits). A fresh URL is fetched through the message when the old one expired. */
  download(
    channelId: string,
    messageId: string,
    attachment: IncomingAttachment,
    limitBytes: number,
  ): Promise<Uint8Array | ChatError>
  /** Cosmetic: never waits for rate limits, failures are only logged. */
  /** Bytes that one file may have in this guild, as far as is known (Discord docs: Uploading Files). */
  fileLimit(guildId: string): number
  readonly cosmetic: {
    typing(channelId: string): void
    /** `over`: only while the channel has one of these names, as far as is known. */
    rename(channelId: string, name: string, over?: readonly string[]): void
    addMember(threadId: string, userId: string): void
  }
  /** Pure: packs closed blocks into messages (at most 2000 units, fences kept whole; tables and callouts as components; more than eight messages become an opening and a file). */
  layout(blocks: readonly Block[]): readonly Outgoing[]
  /** Text without the values that are known to be secret: what goes on record before it is posted. The adapter takes them out of all that it sends, too. */
  clean(text: string): string
  /** Ends the connection so that it can be resumed (close code other than 1000/1001). Nothing is left running when it resolves. */
  stop(): Promise<void>
}
