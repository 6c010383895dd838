/**
 * What the checker reads. The two shapes are the parts it needs of the emulator's `JournalEntry` and of the scripted
 * model's `ModelLogEntry`; both fit as they are.
 */
export interface CheckInput {
  readonly journal: readonly JournalEntry[]
  readonly model: readonly ModelEntry[]
  /**
   * Which persons' messages expect an answer. Each of them carries a tag such as `#m17` that stands in no other message:
   * a pattern matches exactly the tag; a function chooses messages whose tag `tags` matches.
   */
  readonly prompts: RegExp | ((entry: JournalMessage) => boolean)
  /** How a tag looks where `prompts` is a function. Default `/#m\d+/`. */
  readonly tags?: RegExp
  /** Recognises the line that says a run was interrupted. */
  readonly isInterrupted: (content: string) => boolean
  /** Recognises any other line that ends a message visibly: refused, cancelled, an error told. `tag`: of the message in question. */
  readonly isRefusal: (content: string, tag: string) => boolean
  /** Recognises, by its first form, a message that waits for its turn: such messages keep an order of their own. Default: none. */
  readonly isQueued?: (content: string) => boolean
}

export type JournalEntry = JournalMessage | { readonly kind: 'request' | 'dispatch' | 'gateway' }

export interface JournalMessage {
  readonly kind: 'message'
  readonly action: 'create' | 'update' | 'delete'
  readonly by: 'person' | 'bot' | 'system'
  readonly channelId: string
  /** The thread's parent channel; undefined for a message in a plain channel. */
  readonly parentId: string | undefined
  readonly messageId: string
  readonly content: string
  readonly attachedTexts: readonly string[]
  readonly message: {
    readonly message_reference?: { readonly message_id?: string }
    /** Discord's; of a message without content their texts are what it says. */
    readonly components?: readonly unknown[]
  }
}

export interface ModelEntry {
  readonly seq: number
  readonly sessionId: string | undefined
  readonly hasTools: boolean
  readonly userTexts: readonly string[]
  readonly answers: readonly string[]
  readonly tokensBefore: readonly string[]
  readonly tools: readonly string[]
  readonly token: string | undefined
  readonly outcome: 'open' | 'done' | 'gone' | 'failed'
}
