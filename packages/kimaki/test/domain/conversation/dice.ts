/** What may happen to a conversation, at random. */
import { array, constantFrom, nat, record } from 'fast-check'

export interface Die {
  readonly kind: (typeof KINDS)[number]
  readonly n: number
}

/** A kind that stands here twice falls twice as often. */
const KINDS = [
  'message',
  'message',
  'queue',
  'queue',
  'aside',
  'shell',
  'command-output',
  'edit-message',
  'delete-message',
  'press',
  'outcome',
  'outcome',
  'outcome',
  'failed',
  'run',
  'run',
  'finish',
  'finish',
  'status',
  'snapshot',
  'snapshot',
  'described',
  'described',
  'posted',
  'posted',
  'post-refused',
  'abort-run',
  'cut',
  'cut',
  'overtake',
  'overtake',
  'failure',
  'unreadable',
  'thread-gone',
  'resume',
  'wake',
  'silence',
  'waiting',
  'edited',
  'edited',
  'crash',
] as const

export const dice = array(record({ kind: constantFrom(...KINDS), n: nat({ max: 10_000 }) }), {
  minLength: 1,
  maxLength: 60,
  size: 'max',
})
