/**
 * GitHub's Markdown, as agents write it, in the text that Discord has: tables (`table.ts`), task lists as boxes, callouts (`callout.ts`) as
 * quotes. Code is left as it is; so are spoilers, which Discord knows.
 *
 * Discord shows tables and callouts better in containers than in text (`components.ts`): `segmentsOf` finds them.
 */
import { alertTitle, lastClosing, readAlert, readTags, type Callout } from './callout.ts'
import { fenceLine, type Fence } from './fence.ts'
import { readTable, tableText, type Table } from './table.ts'

/** A piece of a text. `text`: as the agent wrote it. */
export type Segment =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'table'; readonly text: string; readonly table: Table }
  | { readonly kind: 'callout'; readonly text: string; readonly callout: Callout }

/** In order; what stands in code, in quotes and in lists is part of the text around it. */
export function segmentsOf(text: string): readonly Segment[] {
  if (!SPECIAL.test(text)) return [{ kind: 'text', text }]
  const lines = text.split('\n')
  const last = lastClosing(lines)
  const segments: Segment[] = []
  let between: string[] = []
  const flush = (): void => {
    if (between.length > 0) segments.push({ kind: 'text', text: between.join('\n') })
    between = []
  }
  let open: Fence | undefined
  for (let at = 0; at < lines.length;) {
    const read = fenceLine(lines[at] ?? '', open, Infinity)
    open = read.role === 'opens' || read.role === 'code' ? read.fence : undefined
    const found = read.role === 'prose' ? segmentAt(lines, at, last) : undefined
    if (!found) {
      between.push(lines[at] ?? '')
      at += 1
      continue
    }
    flush()
    segments.push(found.segment)
    if (found.behind !== '') between.push(found.behind)
    at += found.length
  }
  flush()
  return segments
}

/** `last`: the last line with a closing tag. */
function segmentAt(
  lines: readonly string[],
  at: number,
  last: number,
): { readonly segment: Segment; readonly length: number; readonly behind: string } | undefined {
  const textOf = (length: number): string => lines.slice(at, at + length).join('\n')
  const tags = at <= last ? readTags(lines, at) : undefined
  if (tags) {
    const { callout, length } = tags
    const text = textOf(length).slice(0, callout.behind === '' ? undefined : textOf(length).lastIndexOf(callout.behind))
    return { segment: { kind: 'callout', text, callout }, length, behind: callout.behind }
  }
  const alert = readAlert(lines, at)
  if (alert)
    return { segment: { kind: 'callout', text: textOf(alert.length), callout: alert.callout }, length: alert.length, behind: '' }
  const found = readTable(lines, at)
  return found && { segment: { kind: 'table', text: textOf(found.length), table: found.table }, length: found.length, behind: '' }
}

export function fromGitHub(text: string): string {
  if (!SPECIAL.test(text)) return text
  const lines = withoutCalloutTags(text.split('\n'))
  const out: string[] = []
  let open: Fence | undefined
  for (let at = 0; at < lines.length;) {
    const line = lines[at] ?? ''
    const read = fenceLine(line, open, Infinity)
    open = read.role === 'opens' || read.role === 'code' ? read.fence : undefined
    const table = read.role === 'prose' ? readTable(lines, at) : undefined
    out.push(table ? tableText(table.table) : read.role === 'prose' ? prose(line) : line)
    at += table?.length ?? 1
  }
  return out.join('\n')
}

function prose(line: string): string {
  const title = alertTitle(line)
  if (title !== undefined) return line.slice(0, line.indexOf('[')) + `**${title}**`
  return line.replace(TASK, (_, mark: string, done: string) => `${mark}${done === ' ' ? '☐' : '☑'} `)
}

/** What stands between the tags is quoted; a tag that nothing closes stays. */
function withoutCalloutTags(lines: readonly string[]): readonly string[] {
  const last = lastClosing(lines)
  if (last === -1) return lines
  const out: string[] = []
  let fence: Fence | undefined
  for (let at = 0; at < lines.length;) {
    const line = lines[at] ?? ''
    const read = fenceLine(line, fence, Infinity)
    fence = read.role === 'opens' || read.role === 'code' ? read.fence : undefined
    const found = read.role === 'prose' && at <= last ? readTags(lines, at) : undefined
    if (!found) {
      out.push(line)
      at += 1
      continue
    }
    const quoted = fromGitHub(found.callout.body)
    if (quoted !== '') out.push(...quoted.split('\n').map((one) => `> ${one}`))
    if (found.callout.behind !== '') out.push(found.callout.behind)
    at += found.length
  }
  return out
}

/** Most texts have nothing of it. */
const SPECIAL = /\|[^\n]*\n[ \t|:]*-|-[^\n]*\||^[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+\[[ xX]\][ \t]|^[ \t]*>[ \t]*\[!|<callout\b/m
const TASK = /^([ \t]*(?:>[ \t]*)*(?:[-*+]|\d{1,9}[.)])[ \t]+)\[([ xX])\][ \t]+/
