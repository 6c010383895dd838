/**
 * Code fences, line by line (CommonMark 4.5, also indented in lists and inside quotes). A fence ends with a line of the same
 * character, at least as long; a quoted fence ends with its quote too.
 */

export interface Fence {
  /** `> ` when the fence stands in a quote, else empty. */
  readonly quote: string
  /** Three or more backticks or tildes. */
  readonly marker: string
  /** First word of the info string: Discord takes no more. */
  readonly language: string
}

export type FenceLine =
  | { readonly role: 'prose'; readonly fence: undefined }
  | { readonly role: 'opens' | 'code' | 'closes'; readonly fence: Fence }

/** What `line` is when `open` is the fence around it. Lines longer than `widest` neither open nor close: they could not be repeated. */
export function fenceLine(line: string, open: Fence | undefined, widest: number): FenceLine {
  const short = line.length <= widest
  if (open !== undefined && (open.quote === '' || QUOTED.test(line))) {
    return { role: short && closes(line, open) ? 'closes' : 'code', fence: open }
  }
  const fence = short ? opened(line) : undefined
  return fence === undefined ? { role: 'prose', fence } : { role: 'opens', fence }
}

export function openingLine(fence: Fence): string {
  return fence.quote + fence.marker + fence.language
}

export function closingLine(fence: Fence): string {
  return fence.quote + fence.marker
}

function opened(line: string): Fence | undefined {
  const [, quote = '', marker, language = ''] = OPENING.exec(line) ?? []
  return marker === undefined ? undefined : { quote: quote === '' ? '' : `${quote.trim()} `, marker, language }
}

function closes(line: string, open: Fence): boolean {
  const [, quote = '', marker = ''] = CLOSING.exec(line) ?? []
  return (quote !== '') === (open.quote !== '') && marker.startsWith(open.marker)
}

/** Quote, list markers, the fence, its language. No backtick may follow backticks: that is code within a line. */
const OPENING = /^((?:[ \t]*>)*)[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(`{3,}(?=[^`]*$)|~{3,})[ \t]*([^\s`]*)/
const CLOSING = /^((?:[ \t]*>)*)[ \t]*(`{3,}|~{3,})[ \t]*$/
const QUOTED = /^[ \t]*>/
