/** Discord's block Markdown as a tree: headings, lists, quotes, fences, and paragraphs for all the rest. Pure. */

export type Block =
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'heading'; readonly level: 1 | 2 | 3; readonly text: string }
  | { readonly kind: 'subtext'; readonly text: string }
  | { readonly kind: 'code'; readonly language: string; readonly text: string }
  | { readonly kind: 'quote'; readonly blocks: readonly Block[] }
  | { readonly kind: 'list'; readonly start: number | undefined; readonly items: readonly (readonly Block[])[] }

export function parseBlocks(text: string): readonly Block[] {
  const lines = text.replaceAll('\r\n', '\n').split('\n')
  const blocks: Block[] = []
  let paragraph: string[] = []
  const flush = () => {
    if (paragraph.length > 0) blocks.push({ kind: 'paragraph', text: paragraph.join('\n') })
    paragraph = []
  }
  let at = 0
  while (at < lines.length) {
    const line = lines[at] ?? ''
    const taken = READERS.map((read) => read(lines, at)).find((one) => one !== undefined)
    if (taken) {
      flush()
      blocks.push(taken.block)
      at = taken.next
    } else {
      if (line.trim() === '') flush()
      else paragraph.push(line)
      at++
    }
  }
  flush()
  return blocks
}

interface Taken {
  readonly block: Block
  /** The first line that is not part of it. */
  readonly next: number
}

type Reader = (lines: readonly string[], at: number) => Taken | undefined

/** A fence that nothing closes is no fence: Discord shows its backticks. */
function readFence(lines: readonly string[], at: number): Taken | undefined {
  const [, indent = '', ticks = '', language = ''] = /^(\s*)(`{3,})\s*([\w+#.-]*)\s*$/.exec(lines[at] ?? '') ?? []
  if (ticks === '') return undefined
  const end = lines.findIndex((line, index) => index > at && line.trim().startsWith(ticks) && /^`+$/.test(line.trim()))
  if (end === -1) return undefined
  const inside = lines.slice(at + 1, end).map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line.trimStart()))
  return { block: { kind: 'code', language, text: inside.join('\n') }, next: end + 1 }
}

function readHeading(lines: readonly string[], at: number): Taken | undefined {
  const [, marks = '', text = ''] = /^(#{1,3}|-#) +(.*\S.*)$/.exec(lines[at] ?? '') ?? []
  if (text === '') return undefined
  if (marks === '-#') return { block: { kind: 'subtext', text }, next: at + 1 }
  const level = marks.length === 1 ? 1 : marks.length === 2 ? 2 : 3
  return { block: { kind: 'heading', level, text }, next: at + 1 }
}

/** `>>>` quotes all that follows. */
function readQuote(lines: readonly string[], at: number): Taken | undefined {
  const line = lines[at] ?? ''
  if (line.startsWith('>>> ')) {
    const inside = [line.slice(4), ...lines.slice(at + 1)]
    return { block: { kind: 'quote', blocks: parseBlocks(inside.join('\n')) }, next: lines.length }
  }
  const next = firstAfter(lines, at, (one) => one.startsWith('> ') || one === '>')
  if (next === at) return undefined
  const inside = lines.slice(at, next).map((one) => one.slice(2))
  return { block: { kind: 'quote', blocks: parseBlocks(inside.join('\n')) }, next }
}

/** What is indented deeper than an item belongs to it, and is read as blocks of its own. */
function readList(lines: readonly string[], at: number): Taken | undefined {
  const first = ITEM.exec(lines[at] ?? '')
  if (!first) return undefined
  const [, indent = '', mark = ''] = first
  const ordered = /\d/.test(mark)
  const begins = (line: string) => {
    const [, spaces = '', sign = '', rest] = ITEM.exec(line) ?? []
    return rest !== undefined && spaces.length <= indent.length && /\d/.test(sign) === ordered ? rest : undefined
  }
  const belongs = (line: string) => begins(line) !== undefined || (line.startsWith(`${indent} `) && line.trim() !== '')
  const next = firstAfter(lines, at, (line, index) => belongs(line) || (line.trim() === '' && belongs(lines[index + 1] ?? '')))
  const items: string[][] = []
  for (const line of lines.slice(at, next)) {
    const text = begins(line)
    if (text === undefined) items.at(-1)?.push(line)
    else items.push([text])
  }
  const start = ordered ? Number.parseInt(mark, 10) : undefined
  return {
    block: { kind: 'list', start, items: items.map(([text = '', ...rest]) => parseBlocks([text, ...dedent(rest)].join('\n'))) },
    next,
  }
}

function dedent(lines: readonly string[]): readonly string[] {
  const depths = lines.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length)
  const depth = Math.min(...depths, 8)
  return lines.map((line) => line.slice(depth))
}

function firstAfter(lines: readonly string[], at: number, belongs: (line: string, index: number) => boolean): number {
  let next = at
  while (next < lines.length && belongs(lines[next] ?? '', next)) next++
  return next
}

const ITEM = /^( *)([-*]|\d{1,9}\.) +(.*\S.*)$/
const READERS: readonly Reader[] = [readFence, readHeading, readQuote, readList]
