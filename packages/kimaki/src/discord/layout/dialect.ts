/**
 * Markdown as agents write it (CommonMark), said in the Markdown that Discord reads:
 *
 * D1. Discord knows one fence, three backticks, and they end it anywhere in a line. Every fence becomes that one, on lines of its own;
 *     a longer run of backticks in code is broken by a space without width.
 * D2. The language of a fence is one word alone on the line of the fence, or Discord shows it as code.
 * D3. Three backticks that fence nothing are code within their line, or escaped: they would swallow what stands behind them.
 * D4. `>>> ` at the start of a line would quote the rest of the message: it is escaped.
 * D5. Discord knows three levels of headings; deeper ones become the third.
 * D6. Code is otherwise left as it is, but for the indentation that its fence has, too.
 */
import { codeSpans, readTicks, type Range } from './inline.ts'

export function inDialect(text: string): string {
  if (!SPECIAL.test(text)) return text
  const reader: Reader = { lines: text.split('\n'), out: [], unclosed: {} }
  for (let at = 0; at < reader.lines.length;) at = read(reader, at)
  return reader.out.join('\n')
}

/** Most texts have nothing to change. */
const SPECIAL = /`{3}|~{3}|^ *>>> |^[ \t>]*#{4}/m

interface Reader {
  /** What is left of a line behind a fence is put back here. */
  readonly lines: string[]
  readonly out: string[]
  /** From an earlier look: nothing closes backtick fences of this length or longer before that line. */
  readonly unclosed: { plain?: Unclosed; quoted?: Unclosed }
}

interface Unclosed {
  readonly length: number
  readonly until: number
}

interface Opened {
  readonly quoted: boolean
  /** A list marker before the fence. */
  readonly item: string
  /** Width of what stands before the fence, quote marks aside. */
  readonly indent: number
  readonly marker: string
  readonly language: string
}

/** What stands between the fences, and the line to go on with. */
interface Body {
  readonly code: readonly string[]
  readonly isClosed: boolean
  readonly next: number
}

function read(reader: Reader, at: number): number {
  const line = reader.lines[at] ?? ''
  const fence = openedBy(line)
  if (fence) {
    const body = bodyOf(reader, at, fence)
    write(reader, fence, body)
    return body.next
  }
  const run = strayRun(line)
  if (run === undefined) {
    reader.out.push(prose(line))
    return at + 1
  }
  return readStray(reader, at, run)
}

/** CommonMark 4.5, also behind list markers and in quotes. No backtick may follow backticks: that is code within a line. */
function openedBy(line: string): Opened | undefined {
  const [, quote = '', blank = '', item = '', marker, info = ''] = OPENING.exec(line) ?? []
  if (marker === undefined) return undefined
  return {
    quoted: quote !== '',
    item: item === '' ? '' : blank + item,
    indent: blank.length + item.length - (quote === '' || blank === '' ? 0 : 1),
    marker,
    language: languageOf(info),
  }
}

/** `ts title="x"`, `js{1,3}` and `{.python}` name a language, too. */
const languageOf = (info: string): string => /^\s*\{?\.?([a-z0-9_+\-.#]{1,40})(?![^\s{},:;="'])/i.exec(info)?.[1] ?? ''

function bodyOf({ lines, unclosed }: Reader, at: number, { quoted, marker, indent }: Opened): Body {
  const kind = quoted ? 'quoted' : 'plain'
  const isTicks = marker.startsWith('`')
  const known = isTicks ? unclosed[kind] : undefined
  const isKnownOpen = known !== undefined && marker.length >= known.length && at < known.until
  const inside = (line: string): string => withoutIndent(quoted ? withoutQuote(line) : line, indent)
  const to = (end: number): readonly string[] => lines.slice(at + 1, end).map(inside)
  let early: number | undefined
  let next = at + 1
  for (; next < lines.length; next += 1) {
    const line = lines[next] ?? ''
    if (quoted && !QUOTED.test(line)) break
    if (!isKnownOpen && closes(line, marker, quoted)) return { code: to(next), isClosed: true, next: next + 1 }
    if (early !== undefined && (isKnownOpen || BEGINS_FENCE.test(line))) break
    if (early === undefined && isTicks && line.includes(marker) && BEHIND_CODE.test(line)) early = next
  }
  if (isTicks && !BEGINS_FENCE.test(lines[next] ?? '')) unclosed[kind] ??= { length: marker.length, until: next }
  if (early === undefined) return { code: to(next), isClosed: next < lines.length, next }
  // Nothing closes it on a line of its own, or another begins before: then it ends where Discord would end it.
  const last = splitAtRun(lines[early] ?? '', marker.length)
  lines[early] = last.behind
  return { code: [...to(early), ...notBlank(inside(last.before))], isClosed: true, next: last.behind === '' ? early + 1 : early }
}

function closes(line: string, marker: string, quoted: boolean): boolean {
  const [, quote = '', run = ''] = CLOSING.exec(line) ?? []
  return (quote !== '') === quoted && run.startsWith(marker)
}

function write({ out }: Reader, { quoted, item, language }: Opened, { code, isClosed }: Body): void {
  const quote = quoted ? '> ' : ''
  const isEmpty = code.every((line) => line.trim() === '')
  // Discord shows no fence without code: it would show its language as code.
  if (isEmpty && isClosed) return
  out.push(`${quote}${item}\`\`\`${language}`)
  for (const line of code) out.push(quote + line.replaceAll(/``(?=`)/g, `\`\`${NO_WIDTH}`))
  if (!isEmpty) out.push(`${quote}\`\`\``)
}

/** Three or more backticks in a line that do not belong to code within the line. */
const strayRun = (line: string): Range | undefined =>
  line.includes('```') ? readTicks(line).strays.find(({ start, end }) => end - start >= 3) : undefined

/** A fence that is opened behind words, up to the next run of backticks; where there is none, or a fence begins first, it is escaped. */
function readStray(reader: Reader, at: number, { start, end }: Range): number {
  const { lines, out } = reader
  const line = lines[at] ?? ''
  const quoted = QUOTED.test(line)
  let other = at + 1
  while (other < lines.length && !lines[other]?.includes('```') && QUOTED.test(lines[other] ?? '') === quoted) other += 1
  const closing = lines[other] ?? ''
  if (!closing.includes('```') || QUOTED.test(closing) !== quoted || BEGINS_FENCE.test(closing)) {
    lines[at] = line.slice(0, start) + String.raw`\``.repeat(end - start) + line.slice(end)
    return at
  }
  const before = line.slice(0, start).trimEnd()
  if (withoutQuote(before).trim() !== '') out.push(prose(before))
  const behind = line.slice(end)
  const isLanguage = LANGUAGE.test(behind.trim())
  const last = splitAtRun(closing, 3)
  const between = [...lines.slice(at + 1, other), ...notBlank(last.before)].map((one) => (quoted ? withoutQuote(one) : one))
  const fence = { quoted, item: '', indent: 0, marker: '```', language: isLanguage ? behind.trim() : '' }
  const code = [...(isLanguage ? [] : notBlank(behind)), ...between]
  write(reader, fence, { code, isClosed: true, next: other })
  lines[other] = quoted && last.behind !== '' ? `> ${last.behind}` : last.behind
  return last.behind === '' ? other + 1 : other
}

/** The first run of so many backticks or more, and what stands around it. */
function splitAtRun(line: string, length: number): { readonly before: string; readonly behind: string } {
  const [run] = new RegExp(`\`{${length},}`).exec(line) ?? ['']
  const at = line.indexOf(run)
  return { before: line.slice(0, at), behind: line.slice(at + run.length).trim() }
}

function prose(line: string): string {
  const plain = line.replace(/^([ \t>]*)#{4,6}(?=[ \t])/, '$1###').replace(/^ *(?=>>> )/, '$&\\')
  if (!plain.includes('```')) return plain
  let from = 0
  const pieces = codeSpans(plain).map(({ start, end, ticks }) => {
    const before = plain.slice(from, start)
    from = end
    return before + (ticks < 3 ? plain.slice(start, end) : inlineCode(plain.slice(start + ticks, end - ticks)))
  })
  return pieces.join('') + plain.slice(from)
}

function inlineCode(code: string): string {
  const words = code.trim() === '' ? code : code.trim()
  if (!words.includes('`')) return `\`${words}\``
  return `\`\` ${words.replaceAll(/`(?=`)/g, `\`${NO_WIDTH}`)} \`\``
}

const withoutQuote = (line: string): string => line.replace(/^(?:[ \t]*>)+ ?/, '')
const withoutIndent = (line: string, width: number): string => line.slice(Math.min(width, /^[ \t]*/.exec(line)?.[0].length ?? 0))
const notBlank = (line: string): readonly string[] => (withoutQuote(line).trim() === '' ? [] : [line])

const NO_WIDTH = '\u200B'
const OPENING = /^((?:[ \t]*>)*)([ \t]*)((?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*)(`{3,}(?=[^`]*$)|~{3,})(.*)$/
const CLOSING = /^((?:[ \t]*>)*)[ \t]*(`{3,}|~{3,})[ \t]*$/
/** A fence with a language right behind it: nobody closes one like that. */
const BEGINS_FENCE = /^[ \t>]*(?:[-*+][ \t]+|\d{1,9}[.)][ \t]+)?`{3,}[\w{.]/
/** Code, and then backticks. */
const BEHIND_CODE = /^[ \t>]*[^ \t>`]/
const QUOTED = /^[ \t]*>/
const LANGUAGE = /^[a-z0-9_+\-.#]{1,40}$/i
