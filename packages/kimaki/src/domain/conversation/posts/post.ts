/** Discord messages of ours, as the conversation decides them. */
import type { Right } from '../../rights.ts'

/** One Discord message that is to be created, exactly as it was decided. */
export interface Post {
  /** Derived from the conversation and the first block: also seeds the nonce. */
  readonly id: string
  readonly channelId: string
  readonly blocks: readonly string[]
  /** Of a post with components their texts, as `componentText` gives them. */
  readonly content: string
  /** Shown in place of the content. Discord never makes such a message one of text again, so none of them is editable. */
  readonly components?: readonly Component[] | undefined
  readonly file: { readonly name: string; readonly text: string } | undefined
  /** Files of the agent; never beside `file`. */
  readonly attached?: readonly AttachedFile[] | undefined
  readonly notify: boolean
  /** The one user whom it pings: the content has their mention. */
  readonly pings?: string | undefined
  /** Discord refused it once: `content` is the fallback line now. */
  readonly fallback: boolean
  /** Its content may change later: an `EditablePost` follows it. */
  readonly editable: boolean
  readonly buttons: readonly Button[]
  readonly select?: Select | undefined
  /** Why Discord does not let it be posted for now; undefined: it was not refused. */
  readonly heldBy?: Hold | undefined
}

/** What stands in a message of components, from top to bottom: at most 40, nested ones counted, with 4000 characters (Discord docs: IS_COMPONENTS_V2). */
export type Component = TextDisplay | Container

export interface TextDisplay {
  readonly kind: 'text'
  /** Markdown. */
  readonly text: string
}

/** A box. `color`: of its edge, RGB as one number. */
export interface Container {
  readonly kind: 'container'
  readonly components: readonly (TextDisplay | { readonly kind: 'separator' })[]
  readonly color?: number
}

export const componentTexts = (components: readonly Component[]): readonly string[] =>
  components
    .flatMap((one) => (one.kind === 'container' ? one.components : [one]))
    .flatMap((one) => (one.kind === 'text' ? [one.text] : []))

/** The words of a message of components, by which it is found again. */
export const componentText = (components: readonly Component[]): string => componentTexts(components).join('\n')

/** A file that lies below the data folder until Discord has it. */
export interface AttachedFile {
  readonly name: string
  readonly mime: string
  readonly path: string
  /** Bytes. */
  readonly size: number
}

export interface Hold {
  /** Discord's JSON error code. */
  readonly code: number
  /** What the bot needs in the project channel and may not do there. */
  readonly missing: readonly Right[]
}

/** A message of ours that follows the state by edits, until it shows its content; an edit may be done again. */
export interface EditablePost {
  readonly postId: string
  readonly channelId: string
  /** Key of its block. */
  readonly key: string
  /** What it should show. */
  readonly content: MessageContent
  /** The content Discord is known to show, as `contentText` gives it; undefined before the post is confirmed. */
  readonly shown: string | undefined
  readonly messageId: string | undefined
  /** Another process wrote the message: an earlier one of ours, or one elsewhere with our token. Not on record. */
  readonly isForeign?: true
}

export interface MessageContent {
  /** 1 to 2000 UTF-16 units. */
  readonly text: string
  readonly buttons: readonly Button[]
  /** Above the buttons. */
  readonly select?: Select | undefined
}

/** A menu of options (Discord docs: String Select). Choosing is a press of its id. */
export interface Select {
  /** As that of a button. */
  readonly id: string
  readonly placeholder: string
  /** 1 to 25; labels and descriptions of 1 to 100 characters. */
  readonly options: readonly {
    readonly value: string
    readonly label: string
    readonly description?: string
    readonly isPicked?: true
  }[]
  /** How many may be chosen. */
  readonly atLeast: number
  readonly atMost: number
}

export interface Button {
  /** At most 100 characters, and all that is known of it after a restart (see `button.ts`). */
  readonly id: string
  readonly label: string
  /** White unless told otherwise. */
  readonly color?: 'blue' | 'green' | 'red'
}

export const contentText = ({ text, buttons, select }: MessageContent): string =>
  JSON.stringify([text, buttons.map(({ id, label }) => [id, label]), ...(select ? [select] : [])])

/** Posted, and not showing what it should. */
export const isStale = (post: EditablePost): post is EditablePost & { readonly messageId: string } =>
  post.messageId !== undefined && post.shown !== contentText(post.content)
