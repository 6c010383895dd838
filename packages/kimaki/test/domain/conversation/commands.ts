/** What may happen to a conversation, at random. */
import { array, constantFrom, nat, record } from 'fast-check'

export interface Command {
  readonly kind: (typeof KINDS)[number]
  readonly n: number
}

/** A kind that stands here twice comes twice as often. */
const KINDS = [
  'message',
  'message',
  'queue',
  'queue',
  'btw',
  'shell',
  'shell-output',
  'slash-command',
  'slash-command',
  'ask',
  'dead-letter',
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
  'footer-facts',
  'footer-facts',
  'posted',
  'posted',
  'post-refused',
  'post-held',
  'abort-run',
  'cut',
  'cut',
  'silence',
  'overtake',
  'overtake',
  'second-thoughts',
  'second-thoughts',
  'recall-done',
  'failure',
  'unreadable',
  'thread-gone',
  'resume',
  'overtaken-alarm',
  'stall-alarm',
  'interrupt-alarm',
  'post-edited',
  'post-fixed',
  'crash',
] as const

export const commands = array(record({ kind: constantFrom(...KINDS), n: nat({ max: 10_000 }) }), {
  minLength: 1,
  maxLength: 60,
  size: 'max',
})
