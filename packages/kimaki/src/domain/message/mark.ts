/**
 * What the mark of a message says that a program posted with the token of the bot, where it could not reach the bot itself (a CI job): how
 * the message is to be run. The bot takes such a message of its own for a prompt, any other one it ignores.
 */
import type { AnsweredBy, PermissionRule } from '../agent.ts'

export interface Mark {
  /** A UUID; the key of the request, so that it runs once. */
  readonly id: string
  /** Unix ms: when it was made. */
  readonly at: number
  readonly name?: string | undefined
  readonly agent?: string | undefined
  readonly model?: AnsweredBy['model']
  readonly rules?: readonly PermissionRule[] | undefined
  readonly userId?: string | undefined
  /** SHA-256 of each attached file, in order (`base/digest.ts`). */
  readonly files?: readonly string[]
  /** What the thread is called at first, where the words are a file. */
  readonly title?: string
}

/** So long after it was made its message may have been posted. */
export const MARK_GOOD_FOR_MS = 10 * 60_000
