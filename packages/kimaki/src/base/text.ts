/** Cuts and cleans text. Budgets are UTF-16 units: never smaller than Discord's code points, so safe both ways. */

/** At most `max` units, the ellipsis included; `text` itself when it fits. */
export function cut(text: string, max: number, ellipsis = '…'): string {
  if (text.length <= max) return text
  const mark = ellipsis.length <= max ? ellipsis : ''
  return text.slice(0, boundaryBefore(text, max - mark.length)).trimEnd() + mark
}

/** The last place at or before `index` that splits no surrogate pair and, within the last 64 units, no grapheme; no flag in any row of flags. */
export function boundaryBefore(text: string, index: number): number {
  if (index <= 0) return 0
  if (index >= text.length) return text.length
  if (text.charCodeAt(index) < FIRST_COMBINING) return index
  const flag = flagStart(text, index)
  if (flag !== undefined && flag > 0) return flag
  const from = Math.max(0, index - GRAPHEME_WINDOW)
  graphemes ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' })
  const start = graphemes.segment(text.slice(from, index + 2)).containing(index - from)?.index
  if (start !== undefined && start > 0) return from + start
  return /^[\uD800-\uDBFF][\uDC00-\uDFFF]/.test(text.slice(index - 1, index + 1)) ? index - 1 : index
}

/**
 * Where the flag begins that a cut at `index` would split or stand before: two letters make a flag, counted from the first letter of the
 * row. Undefined where there is none.
 */
function flagStart(text: string, index: number): number | undefined {
  const letter = isFlagLetter(text, index) ? index : index - 1
  if (!isFlagLetter(text, letter)) return undefined
  let first = letter
  while (isFlagLetter(text, first - 2)) first -= 2
  return letter - ((letter - first) % 4)
}

/** Regional indicators, U+1F1E6 to U+1F1FF. */
function isFlagLetter(text: string, at: number): boolean {
  const low = text.charCodeAt(at + 1)
  return text.charCodeAt(at) === 0xd8_3c && low >= 0xdd_e6 && low <= 0xdd_ff
}

/** Whitespace runs become one space; trimmed. */
export function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim()
}

/** Nothing to see: blanks, zero-width and other characters that no font draws (Unicode: Default_Ignorable_Code_Point; U+2800 is an empty cell). */
export const isBlank = (text: string): boolean => INVISIBLE.test(text)

const INVISIBLE = /^[\s\p{Default_Ignorable_Code_Point}\u2800]*$/u

/** ANSI escapes and control characters (C0, C1, DEL) out, but newlines and tabs; CR and CRLF become newlines. */
export function stripControl(text: string): string {
  return text
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(ANSI, '')
    .replaceAll(/[^\P{Cc}\n\t]/gu, '')
}

/**
 * What a terminal, or a file that people read in one, may be given: as `stripControl`, and nothing that turns the direction of reading or
 * that some programs take for the end of a line.
 */
export const forTerminal = (text: string): string => withoutDirection(stripControl(text)).replaceAll(/[\u2028\u2029]/g, ' ')

/** As `forTerminal`, in one line: for a cell of a table. */
export const lineForTerminal = (text: string): string => forTerminal(text).replaceAll(/[\n\t]/g, ' ')

/** JSON that may be shown in a terminal: the same value, and what `forTerminal` takes out is escaped. */
export const jsonForTerminal = (value: unknown, space?: number): string =>
  JSON.stringify(value, undefined, space).replaceAll(
    /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

/** Without what would turn a line, and what is shown behind it (Unicode: Bidi_Control). */
export const withoutDirection = (text: string): string => text.replaceAll(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')

/** Longer than any family emoji; a longer grapheme is a stack of combining marks and may be cut. */
const GRAPHEME_WINDOW = 64
/** No character below joins the one before it. */
const FIRST_COMBINING = 0x300
/** Made when first needed: its construction takes 15 ms. */
let graphemes: Intl.Segmenter | undefined

const ESC = String.fromCodePoint(0x1b)
const BEL = String.fromCodePoint(0x07)
const CSI = String.fromCodePoint(0x9b)
/** ECMA-48: control sequences, operating system commands with their end, two-character escapes. */
const ANSI = new RegExp(
  [`(?:${ESC}\\[|${CSI})[0-?]*[ -/]*[@-~]`, `${ESC}\\][^${BEL}${ESC}\\n]*(?:${BEL}|${ESC}\\\\)`, `${ESC}[ -/]*[0-Z\\\\^-~]`].join(
    '|',
  ),
  'g',
)

/** As an argument of a command that people paste into a shell. */
export const asArgument = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`)
