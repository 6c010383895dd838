/** What people and programs ask of a conversation: an inbox row before anything happens because of it. */
import type { IncomingMessage } from '../message/incoming.ts'
import type { AnsweredBy } from '../agent.ts'

export type Request =
  | {
      readonly kind: 'message'
      readonly message: IncomingMessage
      /** The conversation begins with this message, in a thread that was opened for it. */
      readonly begins?: Beginning
    }
  /** A program asks for a conversation of its own in the project channel; this one only begins it (`features/launch.ts`). */
  | { readonly kind: 'begin'; readonly message: IncomingMessage; readonly begins: Beginning }
  /** A bot would begin one conversation too many: people are told, and nothing is run (`features/talk/bots.ts`). */
  | { readonly kind: 'unbegun'; readonly message: IncomingMessage }
  /** The message in its last form. */
  | { readonly kind: 'edited-message'; readonly message: IncomingMessage }
  | { readonly kind: 'deleted-message'; readonly messageId: string }
  | { readonly kind: 'pressed'; readonly press: ButtonPress }
  /** The agent offers buttons (`features/asks/action-buttons.ts`). `call`: what they are known by; they are offered once. */
  | { readonly kind: 'action-buttons'; readonly call: string; readonly buttons: readonly OfferedButton[] }
  | { readonly kind: 'command'; readonly command: CommandInvocation }

/** How a conversation begins that no message in a project channel opened (see `app/effects/begin-conversation.ts`). */
export interface Beginning {
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
  /** The conversation it was copied from: the thread, and its session. */
  readonly copyOf?: { readonly threadId: string; readonly session: string }
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
  readonly guildId: string
  readonly channelId: string
  readonly userId: string
  readonly userName: string
}

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
