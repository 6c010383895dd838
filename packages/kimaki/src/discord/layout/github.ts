/**
 * GitHub's Markdown, as agents write it, in what Discord has: tables (`table.ts`), task lists as boxes, callouts (`> [!NOTE]`, and the tag of
 * that name) as quotes. Code is left as it is; so are spoilers, which Discord knows.
 */
import { fenceLine, type Fence } from './fence.ts'
import { readTable } from './table.ts'

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
    out.push(table ? table.text : read.role === 'prose' ? prose(line) : line)
    at += table?.length ?? 1
  }
  return out.join('\n')
}

function prose(line: string): string {
  const [, quote, name] = CALLOUT.exec(line) ?? []
  const kind = name === undefined ? undefined : KINDS.find((one) => new RegExp(`^${one}$`, 'i').test(name))
  if (quote !== undefined && kind !== undefined) return `${quote}**${kind}**`
  return line.replace(TASK, (_, mark: string, done: string) => `${mark}${done === ' ' ? '☐' : '☑'} `)
}

/** What stands between the tags is quoted; a tag that nothing closes stays. */
function withoutCalloutTags(lines: readonly string[]): readonly string[] {
  const last = lines.findLastIndex((line) => line.includes(CLOSING))
  if (last === -1) return lines
  const out: string[] = []
  let fence: Fence | undefined
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? ''
    const read = fenceLine(line, fence, Infinity)
    fence = read.role === 'opens' || read.role === 'code' ? read.fence : undefined
    const [, inside = ''] = (read.role === 'prose' && OPENING.exec(line)) || []
    const isOpening = read.role === 'prose' && at <= last && OPENING.test(line)
    let end = isOpening ? at : -1
    while (end !== -1 && !lines[end]?.includes(CLOSING)) end += 1
    if (end === -1) {
      out.push(line)
      continue
    }
    const whole = [inside, ...lines.slice(at + 1, end + 1)].join('\n')
    const [body = '', behind = ''] = whole.split(CLOSING, 2)
    const quoted = fromGitHub(body.trim())
    if (quoted !== '') out.push(...quoted.split('\n').map((one) => `> ${one}`))
    if (behind.trim() !== '') out.push(behind.trim())
    at = end
  }
  return out
}

/** Most texts have nothing of it. */
const SPECIAL = /\|[^\n]*\n[ \t|:]*-|-[^\n]*\||^[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+\[[ xX]\][ \t]|^[ \t]*>[ \t]*\[!|<callout\b/m
const KINDS = ['Note', 'Tip', 'Important', 'Warning', 'Caution']
const CALLOUT = /^([ \t]*>[ \t]*)\[!([A-Za-z]{3,9})\][ \t]*$/
const TASK = /^([ \t]*(?:>[ \t]*)*(?:[-*+]|\d{1,9}[.)])[ \t]+)\[([ xX])\][ \t]+/
const OPENING = /^[ \t]*<callout(?:\s[^>]{0,200})?>(.*)$/
const CLOSING = '</callout>'
