/** What people and programs ask of a conversation: an inbox row before anything happens because of it. */
import type { IncomingAttachment, IncomingMessage } from '../message/incoming.ts'
import type { AnsweredBy, Ask, PermissionRule } from '../agent.ts'
import type { ModelChoice, Preference } from '../models/preferences.ts'
import type { WorktreeWanted } from '../worktree.ts'

export type Request =
  | {
      readonly kind: 'message'
      readonly message: IncomingMessage
      /** The conversation begins with this message, in a thread that was opened for it. */
      readonly begins?: Beginning
      /** Who is to answer in the thread from this message on. */
      readonly chooses?: Preference
    }
  /** A program asks for a conversation of its own in the project channel; this one only begins it (`features/launch.ts`). */
  | { readonly kind: 'begin'; readonly message: IncomingMessage; readonly begins: Beginning }
  /** The conversation begins with a session that exists, in a thread that was opened for it; `message`: what asked for that. No prompt is sent. */
  | { readonly kind: 'goes-on'; readonly message: IncomingMessage; readonly begins: Beginning }
  /** Another thread goes on with the session of this one. */
  | { readonly kind: 'session-moved'; readonly session: string; readonly to: string }
  /** A bot would begin one conversation too many: people are told, and nothing is run (`features/talk/bots.ts`). */
  | { readonly kind: 'unbegun'; readonly message: IncomingMessage }
  /** Somebody who may not speak has written it in the thread, or edited it: somebody who may can let it in (`features/talk/guests.ts`). */
  | { readonly kind: 'guest-message'; readonly message: IncomingMessage; readonly isEdit?: true }
  /** The message in its last form. */
  | { readonly kind: 'edited-message'; readonly message: IncomingMessage }
  | { readonly kind: 'deleted-message'; readonly messageId: string }
  | { readonly kind: 'pressed'; readonly press: ButtonPress }
  /** The agent offers buttons (`features/asks/action-buttons.ts`). `call`: what they are known by; they are offered once. */
  | { readonly kind: 'action-buttons'; readonly call: string; readonly buttons: readonly OfferedButton[] }
  /** The agent asks for files (`features/asks/file-upload.ts`). `call`: what they are known by; they are asked for once. */
  | { readonly kind: 'upload-asked'; readonly call: string; readonly prompt: string; readonly atMost: number }
  /** A tool of our plugin asks a question (`app/control/ask-question.ts`). The ask has the id of the call: it is asked once. */
  | { readonly kind: 'tool-question'; readonly ask: Ask }
  /** A program has the worktree of the thread merged. */
  | (MergeAsked & { readonly kind: 'merge-asked' })
  /** People are told something, once: by a task, or of its run (`features/told/notices.ts`). `pings`: the user who is mentioned. */
  | { readonly kind: 'notice'; readonly id: string; readonly text: string; readonly pings?: string }
  /** A program ends the run of the thread; what the agent has not read yet runs next. */
  | { readonly kind: 'stop-asked'; readonly by: string }
  | { readonly kind: 'command'; readonly command: CommandInvocation }

/** How a conversation begins that no message in a project channel opened (see `app/effects/begin-conversation.ts`). */
export interface Beginning {
  /** The message of ours in the project channel that asks for it: the thread is opened from that one, and shows it. */
  readonly from?: string
  /** Name of the thread that was opened. */
  readonly name: string
  /** Somebody chose the name: the title of the session does not replace it. */
  readonly isChosen?: true
  /** The session it goes on with; undefined: a new one is opened. */
  readonly session?: {
    readonly id: string
    /** Unix ms, OpenCode's clock: everything the session holds up to here is history. */
    readonly upTo: number
    /** Who answers the first prompt, where the session itself cannot tell. */
    readonly answeredBy: AnsweredBy
  }
  /** No prompt begins it: the thread shows the end of what was said in the session. */
  readonly goesOn?: GoesOn
  /** Who answers in it, from its first message on; undefined: as in every thread of the channel. */
  readonly agent?: string
  readonly model?: ModelChoice
  /** What its session may do beside what the project says; the last rule that fits counts. */
  readonly rules?: readonly PermissionRule[]
  /** The folder its session works in, where that is not the one of the project: inside of it, or a worktree of its repository. */
  readonly cwd?: string
  /** The worktree its session works in, which is made first (`features/place/worktree.ts`). */
  readonly worktree?: WorktreeWanted
  /** No prompt begins it, and no session: whoever writes in the thread begins one. */
  readonly isEmpty?: true
  /** The session that has begun it. */
  readonly parent?: string
  /** The conversation it was copied from: the thread, and its session. */
  readonly copyOf?: { readonly threadId: string; readonly session: string }
}

/** `id`: of the command that asks; without a `userId` a program does. */
export interface MergeAsked {
  readonly id: string
  readonly act: 'merge' | 'undo'
  readonly target?: string
  readonly userId?: string
}

export interface GoesOn {
  /** The first part that is shown, by its id; undefined: nothing was said yet. */
  readonly from: string | undefined
  /** How many parts stand before it. */
  readonly leftOut: number
  /** It was begun in a terminal, and nobody asked for the thread. */
  readonly isMirror?: true
}

/** At most 80 characters. */
export interface OfferedButton {
  readonly label: string
  readonly color: 'white' | 'blue' | 'green' | 'red'
}

/** A button of ours was pressed by somebody who may use the agent, the modal that it opens was sent, or something was chosen in a menu (Discord docs: Message Components). */
export interface ButtonPress {
  readonly id: string
  readonly guildId: string
  /** The thread. */
  readonly channelId: string
  readonly messageId: string
  readonly customId: string
  /** Of a button that opens a modal: what the person wrote in it. */
  readonly words?: string
  /** Of a modal with several fields: what was written in each. Never on record (`app/unrecorded-words.ts`). */
  readonly fields?: readonly string[]
  /** Of a button that opens a modal for files: the files that the person sent. */
  readonly files?: readonly IncomingAttachment[]
  /** Of a menu: the values of the options that were chosen. */
  readonly chosen?: readonly string[]
  /** With it the person can be told more, and the message in which the button stands be renewed, for 15 minutes. */
  readonly followUp?: FollowUp
  readonly userId: string
  readonly userName: string
}

/** A press as a conversation takes it: `order` is its sequence in the inbox, `at` when it was accepted (Unix ms). */
export type TakenPress = ButtonPress & { readonly order: number; readonly at: number }

/** Authority to write to the person who pressed (Discord docs: Followup Messages). */
export interface FollowUp {
  readonly applicationId: string
  readonly token: string
}

/** An interaction that is acknowledged and waits for its answer. */
export interface Answered extends FollowUp {
  readonly id: string
}

/** The message in whose menu a command was picked. */
export interface MessageTarget {
  readonly id: string
  readonly text: string
  readonly hasFiles: boolean
  readonly authorId: string | undefined
}

/** A slash command as it was invoked (Discord docs: Application Commands, Receiving and Responding). */
export interface CommandInvocation {
  /** Snowflake of the interaction. */
  readonly id: string
  readonly applicationId: string
  /** Authority to answer; good for 15 minutes. */
  readonly token: string
  readonly name: string
  readonly options: Readonly<Record<string, string | number | boolean>>
  /** Of a command in the menu of a message. */
  readonly target?: MessageTarget
  /** Of options that take a file. */
  readonly files?: readonly IncomingAttachment[]
  readonly guildId: string
  readonly channelId: string
  readonly userId: string
  readonly userName: string
}

/** What must not happen while a slash command does its work. */
export type Meanwhile =
  /** No prompt reaches the session: what was said in it is being changed. */
  | 'prompts-wait'
  /** The person is told by the answer how the session is summed up, and not by a line in the thread, too. */
  | 'sums-up'

/** Somebody types an option of a slash command that proposes values (Discord docs: Autocomplete). */
export interface OptionQuery {
  readonly id: string
  readonly token: string
  /** Of the command. */
  readonly name: string
  /** The option that is being typed, and what stands in it so far. */
  readonly option: string
  readonly typed: string
  /** The other options, as far as they are filled in. */
  readonly options: CommandInvocation['options']
  readonly guildId: string
  readonly channelId: string
  readonly userId: string
}
