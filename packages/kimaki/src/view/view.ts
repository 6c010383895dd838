/** What the thread should show of the open turn, in order: pure, from the state alone. */
import type { AgentPart, AssistantMessage } from '../domain/conversation/agent.ts'
import type { FailReason, Prompt } from '../domain/conversation/prompt.ts'
import type { Conversation, RejectedAsk } from '../domain/conversation/state.ts'
import { asideBlocks, failedAsideBlocks, originBlocks } from './aside.ts'
import type { Block } from './blocks.ts'
import { footerText } from './footer.ts'
import { compactionBlock, retryBlocks } from './live.ts'
import {
  overfullText,
  askExpiredText,
  askRejectedText,
  failureText,
  gaveUpText,
  interruptedText,
  runawayText,
  silentText,
  steppedAsideText,
  stoppedByText,
  tooLateText,
  withdrawnText,
  wordlessText,
} from './notice.ts'
import { partText } from './part.ts'
import { queueBlocks, turnBlocks } from './queue.ts'
import { shellBlocks, shellEnds } from './shell.ts'
import { toolText } from './tool.ts'

export function view(state: Conversation): readonly Block[] {
  const ends = [...state.prompts.flatMap(endBlock), ...failedAsideBlocks(state)]
  if (state.thread.kind === 'failed' || state.thread.kind === 'gone') return [...ends, ...shellEnds(state)]
  const said = state.messages
    .filter((message) => message.kind === 'assistant')
    .flatMap((message) => messageBlocks(state, message))
  const asks = state.asks.map(askBlock)
  return [
    ...originBlocks(state),
    ...turnBlocks(state),
    ...said,
    ...retryBlocks(state),
    ...asks,
    ...asideBlocks(state),
    ...lateBlocks(state),
    ...ends,
    ...queueBlocks(state),
    ...shellBlocks(state),
  ]
}

function askBlock(ask: RejectedAsk): Block {
  const text = ask.expired ? askExpiredText(ask) : askRejectedText(ask)
  return { key: `ask/${ask.id}`, text, closed: true, notify: true, live: true }
}

function messageBlocks(state: Conversation, message: AssistantMessage): readonly Block[] {
  if (message.summary) return [compactionBlock(state, message)]
  const over = isOver(state, message)
  // The rest of a text that was closed early comes behind what has overtaken it.
  const parts = [
    ...message.parts.flatMap((part) => partBlocks(state, part, over)),
    ...message.parts.flatMap((part) => restBlocks(state, part, over)),
  ]
  const stopped = state.interrupts.filter(({ step }) => step === message.id).map(({ by }) => interruptBlock(message, by))
  const facts = state.footers[message.id]
  if (!facts) return [...parts, ...stopped]
  const words = saysNothing(state, message)
    ? [{ key: `wordless/${message.id}`, text: wordlessText(), closed: true, notify: false }]
    : []
  return [...parts, ...words, { key: `footer/${message.id}`, text: footerText(facts), closed: true, notify: true }]
}

/** Of an answer that broke off, nothing is said as long as its question is open: it may be asked again. */
function isOver({ status, prompts }: Conversation, { completed, parent }: AssistantMessage): boolean {
  const isOpen = prompts.some(({ phase }) => 'messageId' in phase && phase.messageId === parent)
  return completed !== undefined || (status.kind === 'idle' && !isOpen)
}

/**
 * As soon as it is whole, for as long as the run goes on: what ends a message after its last word (a snapshot of the folder) took 20 to
 * 100 ms in a small project. Once the session is idle it waits until it is known that nothing is asked again.
 */
const isSaid = ({ status }: Conversation, part: AgentPart, over: boolean): boolean =>
  over || part.kind === 'file' || ('closed' in part && part.closed && status.kind !== 'idle')

/** What was cut off for a newer message: the tool that ran, or the text. */
function interruptBlock(message: AssistantMessage, by: string): Block {
  const tool = message.parts.findLast((part) => part.kind === 'tool')
  const text = steppedAsideText(tool && toolText({ ...tool, state: 'running' }))
  return { key: `interrupt/${by}`, text, closed: true, notify: false }
}

/** The run that this answer ended left nothing to read, and did nothing. */
const saysNothing = (state: Conversation, { parent }: AssistantMessage): boolean =>
  state.messages.every(
    (message) =>
      message.kind === 'user' ||
      message.parent !== parent ||
      message.parts.every((part) => 'text' in part && part.text.trim() === ''),
  )

function partBlocks(state: Conversation, part: AgentPart, over: boolean): readonly Block[] {
  if (part.kind === 'tool') return toolBlocks(state, part, over)
  const key = `part/${part.id}`
  const sealed = state.sealed[part.id]
  if (part.kind === 'file' || sealed === undefined) return block(state, key, part, isSaid(state, part, over))
  return block(state, key, { ...part, text: part.text.slice(0, sealed) }, true)
}

function restBlocks(state: Conversation, part: AgentPart, over: boolean): readonly Block[] {
  const sealed = state.sealed[part.id]
  if (sealed === undefined || !('text' in part)) return []
  return block(state, `part/${part.id}/rest`, { ...part, text: part.text.slice(sealed) }, isSaid(state, part, over))
}

/** A tool is shown when it starts (P-021), so that a long one is seen working; if it fails, a second line says so. */
function toolBlocks(state: Conversation, part: AgentPart & { readonly kind: 'tool' }, over: boolean): readonly Block[] {
  if (part.state === 'pending') return over ? [] : block(state, `part/${part.id}`, { ...part, state: 'running' }, false)
  const started = block(state, `part/${part.id}`, { ...part, state: 'running' }, true)
  return part.state === 'error' ? [...started, ...block(state, `part/${part.id}/error`, part, true)] : started
}

function block(state: Conversation, key: string, part: AgentPart, closed: boolean): readonly Block[] {
  const text = partText(part, state.verbosity)
  // An open text part has no words yet, but holds the place of those to come.
  const awaited = !closed && part.kind === 'text'
  return text === undefined && !awaited ? [] : [{ key, text: text ?? '', closed, notify: false }]
}

function endBlock(prompt: Prompt): readonly Block[] {
  if (prompt.phase.kind !== 'ended') return []
  const { end } = prompt.phase
  const key = `prompt/${prompt.id}/end`
  if (end.kind === 'withdrawn') return [{ key, text: withdrawnText(), closed: true, notify: false }]
  if (end.kind === 'stopped-by') return [{ key, text: stoppedByText(end.by), closed: true, notify: true }]
  if (end.kind === 'interrupted') return [{ key, text: interruptedText(), closed: true, notify: true }]
  if (end.kind === 'failed') return [{ key, text: reasonText(end.reason), closed: true, notify: true }]
  return []
}

const lateBlocks = ({ late }: Conversation): readonly Block[] =>
  late.map(({ promptId, what }) => ({ key: `late/${promptId}/${what}`, text: tooLateText(what), closed: true, notify: false }))

function reasonText(reason: FailReason): string {
  switch (reason.kind) {
    case 'agent':
      return failureText(reason.failure)
    case 'runaway':
      return runawayText()
    case 'overfull':
      return overfullText()
    case 'silent':
      return silentText(reason.afterMs)
    case 'gave-up':
      return gaveUpText()
    case 'told':
      return reason.text
  }
}
