/** Waits until what was said to an agent has its end. A call is held for a while; whoever asked asks again. */
import { queue, isWaiting } from '../../../domain/conversation/features/queue.ts'
import { launch, type Launch } from '../../../domain/conversation/features/launch.ts'
import { isLive, type Prompt } from '../../../domain/conversation/prompt.ts'
import type { Conversation } from '../../../domain/conversation/state.ts'
import type { AgentPort } from '../../../ports/agent.ts'
import type { StorePort } from '../../../ports/store.ts'
import { endText } from '../../../view/ends.ts'
import type { StateWaits } from '../state-waits.ts'

export interface WaitDeps {
  readonly store: Pick<StorePort, 'load' | 'newestPrompt' | 'messageRecord' | 'conversationOfRequest'>
  readonly waits: Pick<StateWaits, 'until'>
  readonly agent: Pick<AgentPort, 'sessions'>
  readonly now: () => number
}

export type Ended =
  | { readonly state: 'pending' }
  /** Nothing was said to the agent there yet. */
  | { readonly state: 'ended'; readonly ok: true; readonly text: ''; readonly threadId: string }
  /** `text`: the answer, or the line that says why there is none. */
  | { readonly state: 'ended'; readonly ok: boolean; readonly text: string; readonly threadId: string | undefined }

/** How long a call is held. */
const HELD_MS = 20_000

/** The end of the newest message of a thread, once nothing there is under way any more. */
export async function waitForThread(deps: WaitDeps, threadId: string, heldMs = HELD_MS): Promise<Ended> {
  const read = async (): Promise<Found> => newestIn(deps.store, threadId)
  const found = await untilRead(deps, { id: threadId, read, isOver }, heldMs)
  return found === undefined ? { state: 'pending' } : endedOf(deps, threadId, found.prompt)
}

/** The end of one request of a program, which may begin a thread of its own. `key`: as it was accepted. */
export async function waitForRequest(deps: WaitDeps, key: string, heldMs = HELD_MS): Promise<Ended> {
  const until = deps.now() + heldMs
  const begun = await begunBy(deps, key, heldMs)
  if (begun === undefined) return { state: 'pending' }
  if (begun.kind === 'failed') return { state: 'ended', ok: false, text: begun.text, threadId: undefined }
  const { threadId } = begun
  const read = async (): Promise<Found> => {
    const { prompt } = await deps.store.messageRecord(key, threadId)
    return prompt && !isLive(prompt) ? { prompt } : undefined
  }
  const isThisOver = ({ turn }: Conversation): boolean => !turn.prompts.some((prompt) => prompt.id === key && isLive(prompt))
  const left = Math.max(until - deps.now(), 0)
  const found = await untilRead(deps, { id: threadId, read, isOver: isThisOver }, left)
  if (found === undefined) return { state: 'pending' }
  // A later message carries the answer to both.
  if (found.prompt?.phase.kind === 'ended' && found.prompt.phase.end.kind === 'merged')
    return waitForThread(deps, threadId, Math.max(until - deps.now(), 0))
  return endedOf(deps, threadId, found.prompt)
}

/** Undefined: not yet. */
type Found = { readonly prompt: Prompt | undefined } | undefined

const isOver = ({ turn }: Conversation): boolean => !turn.prompts.some(isLive)

async function newestIn(store: WaitDeps['store'], threadId: string): Promise<Found> {
  const { state, inbox } = await store.load(threadId)
  const isUntaken = inbox.some(({ request }) => request.kind === 'message' || request.kind === 'goes-on')
  if (isUntaken || (state && queue.of(state).some(isWaiting))) return undefined
  const prompt = await store.newestPrompt(threadId)
  return prompt && isLive(prompt) ? undefined : { prompt }
}

interface Looked<T> {
  readonly id: string
  /** What is on record. */
  readonly read: () => Promise<T | undefined>
  /** The record may have it now. */
  readonly isOver: (state: Conversation) => boolean
}

async function untilRead<T extends object>({ waits, now }: WaitDeps, looked: Looked<T>, heldMs: number): Promise<T | undefined> {
  const until = now() + heldMs
  const look = (state: Conversation): 'look' | undefined => (looked.isOver(state) ? 'look' : undefined)
  for (;;) {
    const found = await waits.until<T | 'look'>(looked.id, look, looked.read, Math.max(until - now(), 0))
    if (found !== 'look') return found
  }
}

type Begun = Extract<Launch['phase'], { kind: 'begun' | 'failed' }>

async function begunBy(deps: WaitDeps, key: string, heldMs: number): Promise<Begun | undefined> {
  const accepted = await deps.store.conversationOfRequest(key)
  if (accepted === undefined) return undefined
  if (/^\d+$/.test(accepted)) return { kind: 'begun', threadId: accepted }
  const phaseIn = (state: Conversation): Launch['phase'] | undefined => launch.of(state).find(({ id }) => id === key)?.phase
  const isUnderWay = (phase: Launch['phase'] | undefined): boolean => phase?.kind === 'accepted' || phase?.kind === 'opening'
  const read = async (): Promise<Begun | undefined> => {
    const threadId = await deps.store.conversationOfRequest(`begun:${key}`)
    if (threadId !== undefined) return { kind: 'begun', threadId }
    const { state, inbox } = await deps.store.load(accepted)
    const phase = state && phaseIn(state)
    if (phase?.kind === 'failed') return phase
    // Its turn was closed, and no thread was begun.
    return state && inbox.length === 0 && !phase ? { kind: 'failed', text: NOT_BEGUN } : undefined
  }
  // A turn that is closed forgets what was begun in it: the record has it.
  return untilRead(deps, { id: accepted, read, isOver: (state) => !isUnderWay(phaseIn(state)) }, heldMs)
}

const NOT_BEGUN = '✗ the thread could not be opened: the project channel says why'

/** Answers are looked for among so many of the newest messages. */
const NEWEST = 50

async function endedOf({ store, agent }: WaitDeps, threadId: string, prompt: Prompt | undefined): Promise<Ended> {
  const ended = { state: 'ended', threadId } as const
  if (prompt?.phase.kind !== 'ended') return { ...ended, ok: true, text: '' }
  const { end } = prompt.phase
  if (end.kind !== 'answered' && end.kind !== 'merged')
    return { ...ended, ok: false, text: endText(prompt) ?? `⬦ ended without an answer (${end.kind})` }
  const { state } = await store.load(threadId)
  if (state?.session.kind !== 'open') return { ...ended, ok: true, text: '' }
  const read = await agent.sessions.transcript(state.directory, state.session.id, NEWEST)
  if (read instanceof Error) return { ...ended, ok: true, text: '' }
  const answers = read.messages.filter((message) => message.kind === 'assistant')
  const by = end.kind === 'answered' ? answers.find(({ id }) => id === end.by) : undefined
  return { ...ended, ok: true, text: wordsOf(by ?? answers.at(-1)) }
}

function wordsOf(message: { readonly parts: readonly { readonly kind: string; readonly text?: string }[] } | undefined): string {
  const texts = message?.parts.flatMap(({ kind, text = '' }) => (kind === 'text' && text.trim() !== '' ? [text.trim()] : []))
  return texts?.join('\n\n') ?? ''
}
