/** One part of an agent's message as a thread shows it, by verbosity. */
import { isBlank, stripControl } from '../../base/text.ts'
import type { AgentPart } from '../../domain/agent.ts'
import type { Verbosity } from '../../domain/prefs.ts'
import { withoutToolCalls } from './tool-call.ts'
import { isEssentialTool, toolText, type ToolPart } from './tool.ts'

/**
 * Undefined: the part is not shown. Text that is still open is shown as far as it has come. `label`: of the subagent that did it; it stands
 * behind the glyph.
 */
export function partText(part: AgentPart, verbosity: Verbosity, label?: string): string | undefined {
  const text = unlabelled(part, verbosity)
  return label === undefined ? text : text?.replace(/^\S+/, (glyph) => `${glyph} ${label} ⋅`)
}

/** Do its lines stand in the thread? */
export const isShownTool = (part: ToolPart, verbosity: Verbosity): boolean =>
  verbosity === 'tools_and_text' || (verbosity === 'text_and_essential_tools' && isEssentialTool(part))

function unlabelled(part: AgentPart, verbosity: Verbosity): string | undefined {
  if (part.kind === 'text') return textOf(part)
  if (verbosity === 'text_only') return undefined
  if (part.kind === 'tool') return isShownTool(part, verbosity) ? toolText(part) : undefined
  if (part.kind === 'file') return undefined
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
  const text = withoutToolCalls(stripControl(raw)).trim()
  if (isBlank(text)) return undefined
  return BEGINS_MARKDOWN.test(text) ? `\n${text}` : `⬥ ${text}`
}

const BEGINS_MARKDOWN = /^(?:[#*_\->`[|]|\d+\.|~~~|<callout|[^\n]*\|[^\n]*\n[ \t|:]*-[-:| \t]*(?:\n|$))/
