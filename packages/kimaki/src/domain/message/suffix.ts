/**
 * The last word of a message that says when it is to be read: `do x. queue` waits for the end of the run, `is x done? btw` is asked aside.
 *
 * It stands at the very end, in any case, a full stop behind it or not, and either behind the end of a sentence (`.`, `!` or `?`) or alone
 * on the last line. Behind a comma or a colon it is a word like any other (`it is down, btw`). A full stop must end a sentence: it does
 * not in `jobs.queue`, `2. queue` and `e.g. queue`. The mark before it goes with it, but a question keeps its own; everything else of the text stays as it is
 * up to its trailing whitespace. Only `queue` may also be the whole text. An open code fence hides no suffix: Discord shows a fence
 * without an end as plain text.
 */
export type Suffix = 'queue' | 'btw'

export interface Taken {
  readonly suffix: Suffix | undefined
  /** The text without its suffix; the very text when it has none. */
  readonly rest: string
}

export function takeSuffix(text: string): Taken {
  const none = { suffix: undefined, rest: text }
  const match = LAST_WORD.exec(text)
  if (match === null) return none
  const suffix = match[1]?.toLowerCase() === 'queue' ? 'queue' : 'btw'
  const before = text.slice(0, match.index)
  const rest = before.trimEnd()
  const gap = before.slice(rest.length)
  if (rest === '') return suffix === 'queue' ? { suffix, rest } : none
  if (rest.endsWith('?')) return { suffix, rest: rest.trim() === '?' ? '' : rest }
  if (rest.endsWith('!') || (rest.endsWith('.') && gap !== '' && !ENDS_NO_SENTENCE.test(rest)))
    return { suffix, rest: rest.slice(0, -1).trimEnd() }
  return NEW_LINE.test(gap) ? { suffix, rest } : none
}

/** What stands before it is looked at apart: one expression for all would try every blank of a long text again and again. */
const LAST_WORD = /(queue|btw)\.?\s*$/i
/** The number of an item of a list, and abbreviations that words follow. */
const ENDS_NO_SENTENCE = /(?:^|[\r\n])[^\S\r\n]*\d{1,9}\.$|\b(?:e\.g|i\.e|vs|cf)\.$/i
const NEW_LINE = /[\r\n]/
