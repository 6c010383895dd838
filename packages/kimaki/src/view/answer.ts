/** What the agent said: the parts of its messages, what was cut off for a newer message, and the footer. */
import { isBlank } from '../base/text.ts'
import type { AgentPart, AssistantMessage, TurnFacts } from '../domain/agent.ts'
import { blockKey } from '../domain/conversation/posts/block-key.ts'
import { button } from '../domain/conversation/posts/button.ts'
import { commands } from '../domain/conversation/features/commands/work.ts'
import { flush } from '../domain/conversation/features/flush.ts'
import { footer } from '../domain/conversation/features/footer.ts'
import { interrupts } from '../domain/conversation/features/interrupts.ts'
import { verbosityOf } from '../domain/conversation/features/verbosity.ts'
import { vainMessages } from '../domain/conversation/run/derive.ts'
import type { Conversation } from '../domain/conversation/state.ts'
import { lineBlock, type Block } from './blocks.ts'
import { compactionBlock } from './parts/compaction.ts'
import { fileBlocks } from './parts/files.ts'
import { subtaskBlocks } from './parts/subtasks.ts'
import { contextUse, contextUseBlocks, largeOutputBlocks } from './parts/usage.ts'
import { shownMessages } from './told/goes-on.ts'
import { terminalBlocks } from './told/mirror.ts'
import { footerText } from './text/footer.ts'
import { partText } from './text/part.ts'
import { toolText, type ToolPart } from './text/tool.ts'

/** An answer to nothing (`vainMessages`) is nobody's to read. */
export function answerBlocks(state: Conversation): readonly Block[] {
  const vain = vainMessages(state)
  const inUse = contextUse(state)
  return shownMessages(state).flatMap((message) =>
    message.kind === 'assistant' && !vain.has(message.parent)
      ? [...messageBlocks(state, message), ...contextUseBlocks(message.id, inUse.get(message.id))]
      : message.kind === 'user'
        ? terminalBlocks(state, message)
        : [],
  )
}

function messageBlocks(state: Conversation, message: AssistantMessage): readonly Block[] {
  if (message.summary) return isAsked(state) ? [] : [compactionBlock(state, message)]
  const isDone = isOver(state, message)
  // The rest of a text that was closed early comes behind the part that has overtaken it.
  const parts = [
    ...message.parts.flatMap((part) => partBlocks(state, message, part, isDone)),
    ...message.parts.flatMap((part) => restBlocks(state, part, isDone)),
  ]
  const stopped = interrupts
    .of(state)
    .filter(({ step }) => step === message.id)
    .map(({ by }) => interruptBlock(message, by))
  const facts = footer.of(state)[message.id]
  if (!facts) return [...parts, ...stopped]
  return [
    ...parts,
    ...remarkBlocks(state, message),
    { ...lineBlock(blockKey('footer', message.id), footerText(facts)), notify: true, ...diffButton(facts) },
  ]
}

/** Pressed, it is answered by `/diff` (`commands/changes/diff.ts`). */
const diffButton = ({ changed }: TurnFacts): Pick<Block, 'buttons'> =>
  changed ? { buttons: [button('diff', `${changed.first}.${changed.last}`, 'Diff')] } : {}

/** Whoever asks for a summary reads in the answer to the command what comes of it. */
const isAsked = (state: Conversation): boolean => commands.of(state).some(({ meanwhile }) => meanwhile === 'sums-up')

/** What a person would not see: that the answer was cut, or that there is none. */
function remarkBlocks(state: Conversation, message: AssistantMessage): readonly Block[] {
  const isCut = message.finish === 'length'
  if (saysNothing(state, message)) return [lineBlock(blockKey('wordless', message.id), isCut ? ALL_THOUGHT : WORDLESS)]
  if (isCut) return [lineBlock(blockKey('cut', message.id), CUT)]
  return message.finish === 'content-filter' ? [lineBlock(blockKey('cut', message.id), FILTERED)] : []
}

/** Of an answer that broke off, nothing is said as long as its prompt is open: it may be asked again. */
function isOver({ turn }: Conversation, { completed, parent }: AssistantMessage): boolean {
  const isOpen = turn.prompts.some(({ phase }) => 'messageId' in phase && phase.messageId === parent)
  return completed !== undefined || (turn.status.kind === 'idle' && !isOpen)
}

/**
 * As soon as the part is whole, for as long as the run goes on: what ends a message after its last word (a snapshot of the folder) took 20 to
 * 100 ms in a small project. Once the session is idle the part waits until it is known that nothing is asked again.
 */
const isSaid = ({ turn }: Conversation, part: AgentPart, isDone: boolean): boolean =>
  isDone || ('closed' in part && part.closed && turn.status.kind !== 'idle')

/** What was cut off for a newer message: the tool that ran, or the text. */
function interruptBlock(message: AssistantMessage, by: string): Block {
  const tool = message.parts.findLast((part) => part.kind === 'tool')
  return lineBlock(blockKey('interrupt', by), interruptText(tool && toolText({ ...tool, state: 'running' })))
}

/** The run that this answer ended left nothing to read, and did nothing. */
const saysNothing = ({ turn }: Conversation, { parent }: AssistantMessage): boolean =>
  turn.messages.every(
    (message) =>
      message.kind === 'user' ||
      message.parent !== parent ||
      message.parts.every((part) => part.kind === 'reasoning' || (part.kind === 'text' && isBlank(part.text))),
  )

function partBlocks(state: Conversation, message: AssistantMessage, part: AgentPart, isDone: boolean): readonly Block[] {
  if (part.kind === 'tool') return toolBlocks(state, message, part, isDone)
  if (part.kind === 'file') return fileBlocks(state, part)
  const key = blockKey('part', part.id)
  const flushed = flush.of(state)[part.id]
  if (flushed === undefined) return block(state, key, part, isSaid(state, part, isDone))
  return block(state, key, { ...part, text: part.text.slice(0, flushed) }, true)
}

function restBlocks(state: Conversation, part: AgentPart, isDone: boolean): readonly Block[] {
  const flushed = flush.of(state)[part.id]
  if (flushed === undefined || !('text' in part)) return []
  return block(state, blockKey('part', part.id, 'rest'), { ...part, text: part.text.slice(flushed) }, isSaid(state, part, isDone))
}

/** A tool is shown when it starts (P-021), so that a long one is seen working; if it fails, a second line says so. */
function toolBlocks(state: Conversation, message: AssistantMessage, part: ToolPart, isDone: boolean): readonly Block[] {
  const key = blockKey('part', part.id)
  if (part.state === 'pending') return isDone ? [] : block(state, key, { ...part, state: 'running' }, false)
  return [
    ...block(state, key, { ...part, state: 'running' }, true),
    ...subtaskBlocks(state, part, message.parts),
    ...largeOutputBlocks(state, part, message),
    ...fileBlocks(state, part),
    ...(part.state === 'error' ? block(state, blockKey('part', part.id, 'error'), part, true) : []),
  ]
}

function block(state: Conversation, key: string, part: AgentPart, closed: boolean): readonly Block[] {
  const text = partText(part, verbosityOf(state, part))
  // An open text part has no words yet, but holds the place of those to come.
  const isAwaited = !closed && part.kind === 'text'
  return text === undefined && !isAwaited
    ? []
    : [{ key, text: text ?? '', closed, notify: false, ...(part.kind === 'text' && { byAgent: true }) }]
}

/** `tool`: its one-liner, as it stands in the thread. */
function interruptText(tool: string | undefined): string {
  return tool === undefined
    ? '⬦ stopped the answer to read the new message'
    : `⬦ stopped to read the new message: ${tool.replace(/^\S+ /, '')}`
}

const CUT = '⬦ cut: the answer reached the longest that the model may write at once\nSend "go on" for the rest.'
const FILTERED = "⬦ cut: the provider's content filter ended the answer\nSend a message to try again."
const ALL_THOUGHT =
  '⬦ the model thought for so long that nothing was left for an answer\nAsk for less at once, or use another model.'
/** The final answer held no text, and no tool had run. */
const WORDLESS = '⬦ the model ended its answer without a word\nSend a message to try again.'
