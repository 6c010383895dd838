/** What fills the context of the model: results that are large, and how full it is. */
import type { AssistantMessage } from '../../domain/agent.ts'
import { contextLimit } from '../../domain/conversation/features/told/context-limit.ts'
import { verbosityOf } from '../../domain/conversation/features/verbosity.ts'
import { blockKey } from '../../domain/conversation/posts/block-key.ts'
import type { Conversation } from '../../domain/conversation/state.ts'
import { lineBlock, type Block } from '../blocks.ts'
import { plain } from '../text/notice.ts'
import { isShownTool } from '../text/part.ts'
import type { ToolPart } from '../text/tool.ts'

/** Of a call whose line stands in the thread. */
export function largeOutputBlocks(state: Conversation, part: ToolPart, message: AssistantMessage): readonly Block[] {
  const tokens = (part.outputLength ?? 0) / UNITS_PER_TOKEN
  if (part.state !== 'completed' || tokens < LARGE || !isShownTool(part, verbosityOf(state, part))) return []
  const share = (tokens / limitFor(state, message)) * 100
  const ofContext = share >= 1 ? ` (${share.toFixed(1)}%)` : ''
  const text = `⬦ ${plain(part.tool, NAME_MAX)} returned ${(tokens / 1000).toFixed(1)}k tokens${ofContext}`
  return [lineBlock(blockKey('part', part.id, 'output'), text)]
}

/**
 * By the id of the step behind which it is said: how many tenths of the context are full, each time that there is one more. Not of the last
 * step, which has a footer.
 */
export function contextUse(state: Conversation): ReadonlyMap<string, number> {
  const said = new Map<string, number>()
  // Without a limit no share is known.
  if (state.verbosity === 'text_only' || Object.keys(contextLimit.of(state)).length === 0) return said
  let most = 0
  for (const message of state.turn.messages) {
    if (message.kind === 'user') continue
    const tenths = message.summary ? 0 : Math.floor((message.tokens / limitFor(state, message)) * 10)
    if (tenths > most && message.finish === 'tool-calls') said.set(message.id, tenths)
    // What was summed up fills the context anew.
    most = message.summary ? 0 : Math.max(most, tenths)
  }
  return said
}

export const contextUseBlocks = (messageId: string, tenths: number | undefined): readonly Block[] =>
  tenths === undefined ? [] : [lineBlock(blockKey('context-use', messageId), `⬦ context usage ${tenths * 10}%`)]

/** Infinite while nobody knows: no share of it is worth a word. */
const limitFor = (state: Conversation, { model }: AssistantMessage): number =>
  contextLimit.of(state)[`${model.provider}/${model.model}`] || Infinity

/** What is reckoned with where nobody counts. */
const UNITS_PER_TOKEN = 4
const LARGE = 3000
const NAME_MAX = 60
