/** What within a line is one thing to Discord, so that no cut may go through it: code, links, mentions, times, spoilers. */

export interface Range {
  readonly start: number
  readonly end: number
}

export interface CodeSpan extends Range {
  /** How many backticks stand on either side. */
  readonly ticks: number
}

/** In order, none within another. */
export function unbreakable(line: string): readonly Range[] {
  const spans = codeSpans(line)
  const others = [...line.matchAll(UNBREAKABLE)].map(({ index, 0: { length } }) => ({ start: index, end: index + length }))
  const sorted = [...spans, ...others].toSorted((a, b) => a.start - b.start || b.end - a.end)
  const ranges: Range[] = []
  for (const range of sorted) if (range.start >= (ranges.at(-1)?.end ?? 0)) ranges.push(range)
  return ranges
}

export const codeSpans = (line: string): readonly CodeSpan[] => readTicks(line).spans

/** Code begins with a run of backticks and ends with the next run of the same length (CommonMark 6.1; Discord reads them alike). */
export function readTicks(line: string): { readonly spans: readonly CodeSpan[]; readonly strays: readonly Range[] } {
  const runs = backtickRuns(line)
  const nextOfLength = new Map<number, number>()
  const partner = runs.map(() => -1)
  for (const [index, { start, end }] of [...runs.entries()].toReversed()) {
    partner[index] = nextOfLength.get(end - start) ?? -1
    nextOfLength.set(end - start, index)
  }
  const spans: CodeSpan[] = []
  const strays: Range[] = []
  for (let at = 0; at < runs.length; at += 1) {
    const [first, last] = [runs[at], runs[partner[at] ?? -1]]
    if (first && last) spans.push({ start: first.start, end: last.end, ticks: first.end - first.start })
    else if (first) strays.push(first)
    if (last) at = partner[at] ?? at
  }
  return { spans, strays }
}

/** Without those that a backslash takes their meaning. */
function backtickRuns(line: string): readonly Range[] {
  return [...line.matchAll(/`+/g)].flatMap(({ index, 0: { length } }) => {
    let slashes = 0
    while (line.charAt(index - slashes - 1) === '\\') slashes += 1
    const start = index + (slashes % 2)
    return start === index + length ? [] : [{ start, end: index + length }]
  })
}

/** Bounded, so that a line of a hundred thousand brackets takes no longer. */
const UNBREAKABLE = new RegExp(
  [
    String.raw`!?\[[^\][\n]{1,300}\]\(<?[^()\s<>]{1,1500}(?:\([^()\s<>]{0,200}\)[^()\s<>]{0,200})?>?\)`,
    String.raw`<https?:[^\s<>]{1,1900}>`,
    String.raw`https?:\/\/[^\s<>]{1,1900}`,
    String.raw`<(?:@[!&]?|#|t:-?|id:|a?:\w{1,32}:|\/[^<>:\n]{1,100}:)[\w:-]{1,40}>`,
    String.raw`\|\|(?:(?!\|\|)[^\n]){1,1500}\|\|`,
  ].join('|'),
  'g',
)
