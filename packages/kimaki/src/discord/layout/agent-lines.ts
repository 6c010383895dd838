/**
 * Tells lines of the agent from lines of Kimaki. A notice begins with a glyph of ours, and a footer is a line in italics with dots between
 * its facts: a line of an agent that looks like one of them gets the agent's own mark before it. Nothing is changed in a fence, where
 * Discord shows a box.
 */
import { fenceLine, type Fence } from './fence.ts'

/** May any line of the text, or a line that a cut makes of it, look like one of ours? Most texts have nothing of it. */
export const mayForge = (text: string): boolean => GLYPH.test(text) || DOT.test(text)

/** `text` is in Discord's dialect: a fence is a fence for Discord, too. */
export function markAgentLines(text: string): string {
  if (!mayForge(text)) return text
  let open: Fence | undefined
  return text
    .split('\n')
    .map((line) => {
      const read = fenceLine(line, open, Infinity)
      open = read.role === 'opens' || read.role === 'code' ? read.fence : undefined
      return read.role === 'prose' && looksLikeOurs(line) ? MARK + line : line
    })
    .join('\n')
}

/** Backslashes and invisible characters before a glyph are not shown. */
function looksLikeOurs(line: string): boolean {
  const shown = line.replace(/^[\s\\\u2800\p{Default_Ignorable_Code_Point}]+/u, '').trimEnd()
  return NOTICE.test(shown) || (/^[*_]/.test(shown) && /[*_]$/.test(shown) && DOT.test(shown))
}

export const MARK = '⬥ '
const GLYPH = /[⬦✗»┣◼⨯]/
const NOTICE = /^[⬦✗»┣◼⨯]/
/** Between the facts of a footer, and what looks like it. */
const DOT = /[⋅·•∙‧・]/
