/**
 * Why a thread is silent: the way of a message, link by link; the first one that holds it up is named.
 *
 *     gateway ─▶ access ─▶ queue ─▶ gates ─▶ agent ─▶ model ─▶ ask ─▶ posting
 *
 * A gate that only waits for the agent is passed over: the agent is why.
 */
import type { Right } from '../../rights.ts'
import { asks, isWaiting as isOpenAsk } from '../features/asks/asks.ts'
import { context } from '../features/context.ts'
import { FEATURES } from '../features/index.ts'
import { isWaiting as isQueued, queue } from '../features/queue.ts'
import { silence } from '../features/silence.ts'
import { bots } from '../features/talk/bots.ts'
import { isWaitingForRoom, room } from '../features/told/room.ts'
import { askedTogether } from '../gates.ts'
import { isLive, isNotSubmitted, isSubmitted } from '../prompt.ts'
import { coveredPrompts, finalAnswer, isIdle, isToolRunning } from '../run/derive.ts'
import type { Conversation } from '../state.ts'
import type { Standing, Task } from './standing.ts'

export type Link = 'gateway' | 'access' | 'queue' | 'gates' | 'agent' | 'model' | 'ask' | 'posting'

export type Finding =
  | { readonly kind: 'no-bot' | 'bot-hangs'; readonly waiting: number }
  | { readonly kind: 'line-down'; readonly reason: string; readonly forMs: number }
  | { readonly kind: 'record-down'; readonly reason: string }
  | { readonly kind: 'reading-past' }
  | { readonly kind: 'unseen'; readonly messages: readonly string[] }
  | { readonly kind: 'hidden'; readonly missing: readonly Right[] }
  | { readonly kind: 'no-conversation' }
  | { readonly kind: 'bots-held' }
  | { readonly kind: 'for-others'; readonly count: number }
  | { readonly kind: 'untaken'; readonly count: number; readonly error: string | undefined }
  | { readonly kind: 'queue-held'; readonly count: number; readonly reason: string }
  | { readonly kind: 'no-room'; readonly atMost: number }
  | { readonly kind: 'held'; readonly reason: string }
  | { readonly kind: 'agent-silent'; readonly forMs: number; readonly endsAtMs: number }
  /** `task`: an effect, or `read-session`. */
  | { readonly kind: 'agent-down'; readonly task: string; readonly reason: string; readonly forMs: number }
  | { readonly kind: 'agent-slow'; readonly task: string; readonly forMs: number }
  | { readonly kind: 'agent-unread' }
  | { readonly kind: 'refused-for-now'; readonly message: string; readonly next: number }
  | { readonly kind: 'stalling'; readonly forMs: number; readonly endsAtMs: number }
  | { readonly kind: 'asks'; readonly count: number; readonly what: 'permission' | 'question' }
  | { readonly kind: 'thread-gone' }
  | { readonly kind: 'thread-unopened'; readonly reason: string | undefined }
  | { readonly kind: 'posts-held'; readonly count: number; readonly code: number; readonly missing: readonly Right[] }
  | { readonly kind: 'posts-unanswered'; readonly count: number; readonly reason: string; readonly forMs: number }
  | { readonly kind: 'posts-wait'; readonly count: number }
  /** Nothing holds anything up. */
  | { readonly kind: 'works'; readonly tool: string | undefined; readonly queued: number }
  | { readonly kind: 'idle' }

const LINKS: Readonly<Record<Finding['kind'], Link | undefined>> = {
  'no-bot': 'gateway',
  'bot-hangs': 'gateway',
  'line-down': 'gateway',
  'record-down': 'gateway',
  'reading-past': 'gateway',
  unseen: 'gateway',
  hidden: 'access',
  'no-conversation': 'access',
  'bots-held': 'access',
  'for-others': 'access',
  untaken: 'queue',
  'queue-held': 'queue',
  'no-room': 'gates',
  held: 'gates',
  'agent-silent': 'agent',
  'agent-down': 'agent',
  'agent-slow': 'agent',
  'agent-unread': 'agent',
  'refused-for-now': 'model',
  stalling: 'model',
  asks: 'ask',
  'thread-gone': 'posting',
  'thread-unopened': 'posting',
  'posts-held': 'posting',
  'posts-unanswered': 'posting',
  'posts-wait': 'posting',
  works: undefined,
  idle: undefined,
}

/** The link that is broken; undefined: none is. */
export const linkOf = ({ kind }: Finding): Link | undefined => LINKS[kind]

/** `state` undefined: nothing is on record of such a conversation. */
export function why(state: Conversation | undefined, standing: Standing): Finding {
  const early = atGateway(standing) ?? atAccess(state, standing)
  if (early || !state) return early ?? { kind: 'no-conversation' }
  for (const look of WALK) {
    const finding = look(state, standing)
    if (finding) return finding
  }
  return whereItStands(state)
}

function atGateway({ bot, lineDown, recordDown, isReadingPast, unseen = [], untaken }: Standing): Finding | undefined {
  if (bot !== 'runs') return { kind: bot === 'gone' ? 'no-bot' : 'bot-hangs', waiting: untaken?.count ?? 0 }
  if (recordDown !== undefined) return { kind: 'record-down', reason: recordDown }
  if (lineDown) return { kind: 'line-down', reason: lineDown.reason, forMs: lineDown.forMs }
  if (isReadingPast) return { kind: 'reading-past' }
  return unseen.length > 0 ? { kind: 'unseen', messages: unseen } : undefined
}

function atAccess(state: Conversation | undefined, { isHidden, missing = [], untaken }: Standing): Finding | undefined {
  const isBlind = missing.includes('View Channel') || missing.includes('Read Message History')
  if (isHidden === true || isBlind) return { kind: 'hidden', missing }
  if (!state) return untaken ? undefinedOrUntaken(untaken) : { kind: 'no-conversation' }
  if (!isQuietThread(state)) return undefined
  const { held } = bots.of(state)
  if (held) return { kind: 'bots-held' }
  const count = context.of(state).length
  return count > 0 ? { kind: 'for-others', count } : undefined
}

const undefinedOrUntaken = (untaken: NonNullable<Standing['untaken']>): Finding =>
  untaken.count > 0 ? { kind: 'untaken', ...untaken } : { kind: 'no-conversation' }

/** Nothing is under way, and nothing waits. */
const isQuietThread = (state: Conversation): boolean =>
  isIdle(state) && !state.turn.prompts.some(isLive) && state.posts.outbox.length === 0 && !queue.of(state).some(isQueued)

type Look = (state: Conversation, standing: Standing) => Finding | undefined

const WALK: readonly Look[] = [atQueue, atGates, atAgent, atModel, atAsk, atPosting]

const { heldBy } = askedTogether(FEATURES)

function atQueue(state: Conversation, { untaken }: Standing): Finding | undefined {
  if (untaken && untaken.count > 0) return { kind: 'untaken', ...untaken }
  const count = queue.of(state).filter(isQueued).length
  const isFree = isIdle(state) && !state.turn.prompts.some(isLive) && state.posts.outbox.length === 0
  if (count === 0 || !isFree || isAsking(state)) return undefined
  const reason = heldBy('release-queue', state)
  return reason === undefined ? undefined : { kind: 'queue-held', count, reason }
}

function atGates(state: Conversation, standing: Standing): Finding | undefined {
  if (!state.turn.prompts.some(isNotSubmitted)) return undefined
  if (isWaitingForRoom(state)) return { kind: 'no-room', atMost: room.of(state)?.atMost ?? 0 }
  const isAgents = atAgent(state, standing) !== undefined || !state.turn.isSynced
  const reason = isAgents ? undefined : heldBy('submit', state)
  return reason === undefined ? undefined : { kind: 'held', reason }
}

/** What Discord or nobody has to do with. */
const NOT_AGENTS: readonly string[] = [
  'open-thread',
  'reply',
  'command-work',
  'begin-conversation',
  'audit',
  'shell',
  'post',
  'edit',
]

function atAgent(state: Conversation, { tasks = [] }: Standing): Finding | undefined {
  const silent = silence.of(state)
  if (silent?.state === 'silent') return { kind: 'agent-silent', forMs: silent.forMs, endsAtMs: silent.endsAtMs }
  const ofAgent = tasks.filter(({ kind }) => !NOT_AGENTS.includes(kind))
  const down = ofAgent.find(hasTrouble)
  if (down) return { kind: 'agent-down', task: down.kind, reason: down.trouble, forMs: down.forMs }
  const [slow] = ofAgent
  if (slow) return { kind: 'agent-slow', task: slow.kind, forMs: slow.forMs }
  return state.turn.isSynced ? undefined : { kind: 'agent-unread' }
}

const hasTrouble = (task: Task): task is Task & { readonly trouble: string } => task.trouble !== undefined

function atModel(state: Conversation, { modelStallMs }: Standing): Finding | undefined {
  const { status, stallChecks } = state.turn
  if (status.kind === 'retry') return { kind: 'refused-for-now', message: status.message, next: status.next }
  if (status.kind !== 'busy' || stallChecks === 0 || isAsking(state) || isToolRunning(state)) return undefined
  return { kind: 'stalling', forMs: (stallChecks * modelStallMs) / 4, endsAtMs: modelStallMs }
}

const isAsking = (state: Conversation): boolean => asks.of(state).asks.some(isOpenAsk)

function atAsk(state: Conversation): Finding | undefined {
  const open = asks.of(state).asks.filter(isOpenAsk)
  const [first] = open
  return first && { kind: 'asks', count: open.length, what: first.kind }
}

function atPosting({ thread, posts: { outbox } }: Conversation, { tasks = [] }: Standing): Finding | undefined {
  if (thread.kind === 'gone') return { kind: 'thread-gone' }
  if (thread.kind === 'opening')
    return { kind: 'thread-unopened', reason: tasks.find(({ kind }) => kind === 'open-thread')?.trouble }
  const count = outbox.length
  const held = outbox.find(({ heldBy: hold }) => hold !== undefined)?.heldBy
  if (held) return { kind: 'posts-held', count, ...held }
  const unanswered = tasks.filter(({ kind }) => kind === 'post' || kind === 'edit').find(hasTrouble)
  if (unanswered)
    return { kind: 'posts-unanswered', count: Math.max(count, 1), reason: unanswered.trouble, forMs: unanswered.forMs }
  return count > 0 ? { kind: 'posts-wait', count } : undefined
}

function whereItStands(state: Conversation): Finding {
  const isOver = isIdle(state) && (finalAnswer(state) !== undefined || !state.turn.prompts.some(isLive))
  const isOurs = coveredPrompts(state).length > 0 || state.turn.prompts.some(isSubmitted)
  if (isOver || (isIdle(state) && !isOurs && !state.turn.prompts.some(isLive))) return { kind: 'idle' }
  const tool = state.turn.messages
    .flatMap((message) => (message.kind === 'assistant' ? message.parts : []))
    .findLast((part) => part.kind === 'tool' && part.state === 'running')
  return {
    kind: 'works',
    tool: tool?.kind === 'tool' ? tool.tool : undefined,
    queued: queue.of(state).filter(isQueued).length,
  }
}
