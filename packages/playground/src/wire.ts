/** What the server and the page say to each other. Types only: the page is bundled from the same file. */

export interface Channel {
  readonly id: string
  readonly name: string
  /** The folder the channel is linked to; undefined: the bot stays silent there. */
  readonly folder: string | undefined
}

export interface Thread {
  readonly id: string
  readonly channelId: string
  readonly name: string
  readonly archived: boolean
}

export interface Author {
  readonly id: string
  readonly name: string
  readonly bot: boolean
}

export interface Attachment {
  readonly id: string
  readonly name: string
  readonly size: number
  /** How the page shows it: a picture in place, a text when it is opened; anything else is saved. */
  readonly kind: 'picture' | 'text' | 'other'
}

export interface Button {
  readonly id: string
  readonly label: string
  readonly look: 'plain' | 'primary' | 'good' | 'bad'
}

/** Options to choose from; those that are picked are chosen already. */
export interface Menu {
  readonly id: string
  readonly placeholder: string
  readonly atMost: number
  readonly options: readonly {
    readonly value: string
    readonly label: string
    readonly description: string | undefined
    readonly isPicked: boolean
  }[]
}

/** A piece of a message of components, and what may stand in a container. */
export type Piece = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'separator' }
export type Component =
  | Piece
  | { readonly kind: 'container'; readonly color: number | undefined; readonly pieces: readonly Piece[] }

/** What the bot asks for before it takes a press. */
export interface Form {
  readonly title: string
  readonly fields: readonly FormField[]
}

export interface FormField {
  readonly id: string
  readonly label: string
  readonly input:
    | {
        readonly kind: 'words'
        readonly placeholder: string
        readonly value: string
        readonly isOneLine: boolean
        readonly atLeast: number
        readonly atMost: number
      }
    | { readonly kind: 'files'; readonly atLeast: number; readonly atMost: number }
}

/** A value to choose for an option. */
export interface Choice {
  readonly name: string
  readonly value: string | number
}

export interface CommandOption {
  readonly name: string
  readonly description: string
  readonly kind: 'text' | 'number' | 'truth' | 'user' | 'channel' | 'file'
  readonly required: boolean
  /** None but these, if there are any. */
  readonly choices: readonly Choice[]
  /** The bot proposes values while somebody types. */
  readonly autocomplete: boolean
}

/** A slash command, or a subcommand of one. */
export interface Command {
  /** As it is typed, without the slash: `queue add`. */
  readonly line: string
  readonly description: string
  readonly options: readonly CommandOption[]
}

/** A file on its way from the page into the emulated Discord. */
export interface SentFile {
  readonly name: string
  readonly type: string
  /** Base64. */
  readonly data: string
}

export interface Message {
  readonly id: string
  /** Channel or thread. */
  readonly placeId: string
  /** `notice`: what Discord tells of the author, e.g. that they renamed a thread. */
  readonly kind: 'said' | 'notice'
  readonly author: Author
  /** Unix milliseconds. */
  readonly at: number
  readonly edited: boolean
  /** Ephemeral: whom it is for; nobody else sees it. */
  readonly onlyFor: string | undefined
  /** The bot has said that its answer will take a while. */
  readonly thinking: boolean
  /** It answers a command; the line is known of your own. */
  readonly usedBy: { readonly author: Author; readonly line: string | undefined } | undefined
  /** Of a message of components their texts. */
  readonly content: string
  /** Shown in place of the content, if there are any. */
  readonly components: readonly Component[]
  readonly attachments: readonly Attachment[]
  readonly buttons: readonly Button[]
  readonly menu: Menu | undefined
  readonly reactions: readonly { readonly emoji: string; readonly count: number }[]
  readonly replyTo: { readonly author: Author; readonly content: string } | undefined
}

/** What of the emulated Discord the page shows. */
export interface Scene {
  readonly channels: readonly Channel[]
  readonly threads: readonly Thread[]
  /** By id: time-ordered within a place. */
  readonly messages: Readonly<Record<string, Message>>
  readonly commands: readonly Command[]
}

/**
 * The life of the bot's process:
 *
 *     starting ──ready──▶ running ──exit──▶ down ──0.5 s──▶ starting
 *         └──── three short lives in a row ──▶ failed
 */
export type BotStatus =
  | { readonly kind: 'starting'; readonly pid: number | undefined; readonly restarts: number }
  | { readonly kind: 'running'; readonly pid: number; readonly since: number; readonly restarts: number }
  | { readonly kind: 'down'; readonly restarts: number }
  | { readonly kind: 'failed'; readonly restarts: number; readonly reason: string }
  | { readonly kind: 'stopped'; readonly restarts: number }

/** What became of all that people have written, as the checker judges it now. */
export interface Verdict {
  /** Messages that expect an answer; each is answered (or told why not), at work or lost. */
  readonly written: number
  readonly answered: number
  readonly atWork: number
  readonly lost: number
  readonly doubled: number
  /** Out of order, or in the wrong thread. */
  readonly misplaced: number
  readonly kills: number
  readonly findings: readonly Finding[]
}

/** What makes it fail. */
export interface Finding {
  readonly kind: 'lost' | 'doubled' | 'disordered' | 'crossed'
  readonly messageId: string | undefined
  /** Where its answer belongs. */
  readonly placeId: string | undefined
  readonly words: string
  readonly detail: string
}

/** A way to break it. */
export interface Trouble {
  readonly name: string
  readonly title: string
  /** What will happen, in one line. */
  readonly effect: string
}

/** One that lasts. */
export interface Lasting {
  readonly name: string
  readonly title: string
  /** Unix milliseconds; undefined: until the playground ends. */
  readonly until: number | undefined
}

/** Somebody whom the page can speak as. */
export interface Member extends Author {
  readonly kind: 'person' | 'guest' | 'bot'
  /** Why they may speak to the agent, or may not. */
  readonly note: string
}

export interface Hello {
  readonly guild: string
  readonly you: Author
  /** Whom the page can speak as, you first. */
  readonly cast: readonly Member[]
  readonly bot: Author
  readonly examples: readonly Example[]
  readonly troubles: readonly Trouble[]
}

/** A prompt the page offers because the script knows it. */
export interface Example {
  readonly label: string
  readonly prompt: string
  /** It is about what runs in a thread. */
  readonly inThread?: true
  /** It is written by somebody who may not speak to the agent. */
  readonly byGuest?: true
}

/** From the server to the page, in order, over one event stream. `whole` comes first and after every reconnect. */
export type Push =
  | {
      readonly kind: 'whole'
      readonly hello: Hello
      readonly scene: Scene
      readonly bot: BotStatus
      readonly verdict: Verdict
      readonly lasting: readonly Lasting[]
    }
  | { readonly kind: 'places'; readonly channels: readonly Channel[]; readonly threads: readonly Thread[] }
  | { readonly kind: 'messages'; readonly changed: readonly Message[]; readonly removed: readonly string[] }
  | { readonly kind: 'commands'; readonly commands: readonly Command[] }
  | { readonly kind: 'typing'; readonly placeId: string; readonly at: number }
  | { readonly kind: 'bot'; readonly bot: BotStatus }
  | { readonly kind: 'verdict'; readonly verdict: Verdict }
  | { readonly kind: 'lasting'; readonly lasting: readonly Lasting[] }
  | { readonly kind: 'told'; readonly text: string; readonly tone: 'plain' | 'good' | 'bad' }
