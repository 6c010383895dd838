/** Calls of tools that a model wrote as text, because it or its provider mixed up the two: nothing was run, and the markup says nothing to people. */
import { cut, oneLine } from '../../base/text.ts'
import { escapeInline } from './markdown.ts'

/** Each call that stands outside of code becomes one line. Most texts have none. */
export function withoutToolCalls(text: string): string {
  if (!MAY_CALL.test(text)) return text
  let fence = ''
  const out: string[] = []
  const lines = text.split('\n')
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? ''
    const [, marker = ''] = FENCE.exec(line) ?? []
    if (fence === '' ? marker !== '' : marker.startsWith(fence)) fence = fence === '' ? marker : ''
    const [, tag] = fence === '' ? (BEGINS_CALL.exec(line) ?? []) : []
    if (tag === undefined) {
      out.push(line)
      continue
    }
    const end = endOf(lines, at, tag)
    out.push(lineFor(lines.slice(at, end.line + 1).join('\n')))
    at = end.line
    if (end.behind.trim() !== '') lines[at--] = end.behind
  }
  return out.join('\n')
}

/** The line that closes the tag, and what stands behind it there; one that nothing closes goes to the end. */
function endOf(lines: readonly string[], from: number, tag: string): { readonly line: number; readonly behind: string } {
  const closing = `</${tag}>`
  for (let line = from; line < lines.length; line += 1) {
    const at = (lines[line] ?? '').indexOf(closing)
    if (at !== -1) return { line, behind: (lines[line] ?? '').slice(at + closing.length) }
  }
  return { line: lines.length - 1, behind: '' }
}

function lineFor(call: string): string {
  const names = [...call.matchAll(NAME)].map(([, inTag, inJson, behind]) => inTag ?? inJson ?? behind ?? '')
  const shown = [...new Set(names)].slice(0, NAMES_MAX).map((name) => escapeInline(cut(oneLine(name), NAME_MAX)))
  return `_(the model wrote a call of ${shown.length === 0 ? 'a tool' : shown.join(', ')} as text: it was not run)_`
}

const MAY_CALL = /<(?:\w+:)?(?:function_calls?|invoke|tool_calls?|tool_use|function)\b/
const BEGINS_CALL = /^[ \t]*<((?:\w+:)?(?:function_calls?|invoke(?=\s+name=)|tool_calls?|tool_use|function(?==)))(?:[\s=][^>]*)?>/
const NAME = /<(?:\w+:)?invoke\s+name="([^"]{1,200})"|"name"\s*:\s*"([^"]{1,200})"|<function=([^>]{1,200})>/g
const FENCE = /^[ \t>]*(`{3,}|~{3,})/
const NAMES_MAX = 5
const NAME_MAX = 60
