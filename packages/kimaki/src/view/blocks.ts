/**
 * The shape of a block, and blocks with a line of Kimaki's own. A block is the unit that is posted once and, unless it is editable, never
 * changed.
 */
import type { AttachedFile, Button, Component, Select } from '../domain/conversation/posts/post.ts'

export interface Block {
  /** Stable: `part/prt_x`, `failure/msg_x`, `footer/msg_x`, `prompt/discord:123/end`, `ask/per_y`. */
  readonly key: string
  /** Discord Markdown of any length; never empty for a closed block. */
  readonly text: string
  /** Nothing more will come: it may be posted once all earlier blocks are closed. */
  readonly closed: boolean
  /** Words of the agent: no line of them may look like one of Kimaki's. */
  readonly byAgent?: true
  /** Ping the reader (footers, failures) or post silently. */
  readonly notify: boolean
  /** The user whom the message of an editable block pings when it is posted: the text has their mention. */
  readonly pings?: string
  /** Stands in a message of its own, of at most 2000 units, and is edited there as long as the turn is open. */
  readonly editable?: true
  /** An editable block that waits for what stands before it, as all others do. */
  readonly inOrder?: true
  /** Below the message of the block. */
  readonly buttons?: readonly Button[]
  readonly select?: Select
  /** Attached to the message of an out-of-band block. */
  readonly file?: { readonly name: string; readonly text: string }
  /** A file of the agent: the message of a block that waits for its turn has it. */
  readonly attached?: AttachedFile
  /** Belongs to no run: it waits for nothing the agent has to say, and stands in a message of its own. */
  readonly outOfBand?: true
  /** Stands in the project channel, though there is a thread. */
  readonly inProjectChannel?: true
}

/** One Discord message to be created, as the layout decided it. */
export interface Outgoing {
  /** Keys of the blocks it shows; a block cut in several has keys `key#0`, `key#1`, ... and the last one ends with `key#end`. */
  readonly blocks: readonly string[]
  /** 1 to 2000 UTF-16 units; of a message of components the texts of these, up to 4000 and the newlines between them. */
  readonly content: string
  /** Shown in place of the content. */
  readonly components?: readonly Component[] | undefined
  readonly file: { readonly name: string; readonly text: string } | undefined
  /** Files of the agent; at most 10, which fit into one request together. */
  readonly attached?: readonly AttachedFile[]
  readonly notify: boolean
}

/** A line of Kimaki's own, posted once. */
export const lineBlock = (key: string, text: string): Block => ({ key, text, closed: true, notify: false })

/** A line of Kimaki's own that is edited as long as the turn is open. */
export const noticeBlock = (key: string, text: string): Block => ({ ...lineBlock(key, text), editable: true })
