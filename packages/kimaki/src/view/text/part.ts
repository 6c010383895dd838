/** One part of an agent's message as a thread shows it, by verbosity. */
import { isBlank, oneLine, stripControl } from '../../base/text.ts'
import type { AgentPart } from '../../domain/agent.ts'
import type { Verbosity } from '../../domain/prefs.ts'
import { escapeInline } from './markdown.ts'
import { isEssentialTool, toolText } from './tool.ts'

/** Undefined: the part is not shown. Text that is still open is shown as far as it has come. */
export function partText(part: AgentPart, verbosity: Verbosity): string | undefined {
  if (part.kind === 'text') return textOf(part)
  if (verbosity === 'text_only') return undefined
  if (part.kind === 'tool') return verbosity === 'tools_and_text' || isEssentialTool(part) ? toolText(part) : undefined
  if (part.kind === 'file') return `📄 ${escapeInline(oneLine(stripControl(part.name))) || 'file'}`
  return verbosity === 'tools_and_text' && !isBlank(part.text) ? '┣ thinking' : undefined
}

/** Asked for after every input, of all texts of the turn: a part that has not changed is not read again. */
function textOf(part: AgentPart & { readonly kind: 'text' | 'reasoning' }): string | undefined {
  const known = KNOWN_TEXTS.get(part)
  if (known) return known.text
  const text = proseText(part.text)
  KNOWN_TEXTS.set(part, { text })
  return text
}

const KNOWN_TEXTS = new WeakMap<AgentPart, { readonly text: string | undefined }>()

/** The glyph would break Markdown that must begin its line; such text gets a line of its own instead. */
function proseText(raw: string): string | undefined {
  const text = stripControl(raw).trim()
  if (isBlank(text)) return undefined
  return BEGINS_MARKDOWN.test(text) ? `\n${text}` : `⬥ ${text}`
}

const BEGINS_MARKDOWN = /^(?:[#*_\->`[|]|\d+\.|~~~|<callout)/
