/** `/abort` ends the run of a thread. What the agent has not read yet runs next, or is dropped with it; the queue goes on either way. */
import { isWaiting, queue } from '../domain/conversation/features/queue.ts'
import { isLive, isNotSubmitted, type Prompt } from '../domain/conversation/prompt.ts'
import { coveredPrompts, finalAnswer, isIdle } from '../domain/conversation/run/derive.ts'
import { waitingPrompts } from '../domain/conversation/run/interrupt.ts'
import type { Conversation } from '../domain/conversation/state.ts'
import type { SlashCommand } from './declaration.ts'

type Unread = 'keep' | 'drop'

export const abort: SlashCommand = {
  name: 'abort',
  description: 'Stop the agent in this thread (cancel, terminate, kill the run)',
  where: 'thread',
  visibility: 'public',
  options: [
    {
      kind: 'string',
      name: 'unread',
      description: 'Messages the agent has not read yet: run them next (default), or drop them too',
      required: false,
      choices: [
        { name: 'keep: run them next', value: 'keep' },
        { name: 'drop: take them back', value: 'drop' },
      ],
    },
  ],
  run(state, { options, userName }) {
    const unread = options['unread'] === 'drop' ? 'drop' : 'keep'
    const isSomething = !isIdle(state) || (unread === 'drop' && state.turn.prompts.some(isNotSubmitted))
    return { requests: isSomething ? [{ kind: 'stop-run', by: userName, unread }] : [], reply: replyTo(state, unread) }
  },
}

function replyTo(state: Conversation, unread: Unread): string {
  if (!isIdle(state)) return [stoppedText(state), ...afterStop(state, unread)].join('\n')
  const answered = finalAnswer(state) ? coveredPrompts(state) : []
  const live = state.turn.prompts.filter((prompt) => isLive(prompt) && !answered.some(({ id }) => id === prompt.id))
  if (live.length === 0) return state.session.kind === 'open' ? IDLE : NO_SESSION
  return unread === 'drop' ? droppedText(live) : onTheWayText(live)
}

const IDLE = '⬦ nothing to stop: the agent is idle'
const NO_SESSION = '⬦ nothing to stop: this thread has no session yet\nWrite a message to begin one.'

/** Nothing runs yet, but will. */
function onTheWayText(live: readonly Prompt[]): string {
  const isOne = live.length === 1
  const it = isOne ? 'it' : 'them'
  const first = `⬦ nothing runs yet: ${messages(live.length)} ${isOne ? 'is on its way' : 'are on their way'} to the agent`
  const later = `To stop ${it}, run \`/abort\` again in a moment.`
  return live.some(isNotSubmitted)
    ? `${first}\n${later} To take ${it} back, run it with \`unread: drop\` now.`
    : `${first}\n${later}`
}

function droppedText(live: readonly Prompt[]): string {
  const unsent = live.filter(isNotSubmitted).length
  const isWithAgent = unsent < live.length
  if (unsent === 0)
    return '⬦ nothing to take back: what was written is with the agent already\nTo stop it, run `/abort` again in a moment.'
  const first = `⬦ took back ${messages(unsent)} the agent had not read`
  return isWithAgent
    ? `${first}\nWhat was written before is with the agent already: to stop it, run \`/abort\` again in a moment.`
    : first
}

function stoppedText(state: Conversation): string {
  const { status, prompts } = state.turn
  const waiting = waitingPrompts(state)
  const isOurs = coveredPrompts(state).some((prompt) => !waiting.includes(prompt))
  if (isOurs) return status.kind === 'retry' ? '⬦ stopped: the provider is not asked again' : '⬦ stopped the run'
  const isStopping = prompts.some(({ phase }) => phase.kind === 'ended' && phase.end.kind === 'stopped-by')
  return isStopping ? '⬦ the run is being stopped already' : '⬦ stopped a run that was begun outside this thread'
}

/** What became of the messages the agent had not read, and what runs next: at most one line. */
function afterStop(state: Conversation, unread: Unread): readonly string[] {
  const waiting = waitingPrompts(state)
  const { prompts } = state.turn
  const unreadOnes = prompts.filter((prompt) => isNotSubmitted(prompt) || waiting.some(({ id }) => id === prompt.id)).length
  const onTheWay = prompts.filter(({ phase }) => phase.kind === 'sending' || phase.kind === 'resend').length
  const dropped = unread === 'drop' ? unreadOnes : 0
  const kept = onTheWay + unreadOnes - dropped
  const queued = queue.of(state).filter(isWaiting).length
  const next = [
    kept > 0 ? `${messages(kept)} ${unread === 'drop' ? 'already on the way' : 'the agent had not read'}` : '',
    queued > 0 ? `${messages(queued)} from the queue` : '',
  ].filter((what) => what !== '')
  const line = [
    dropped > 0 ? `Took back ${messages(dropped)} the agent had not read.` : '',
    next.length > 0 ? `Next: ${next.join(', then ')}.` : '',
  ].filter((what) => what !== '')
  return line.length > 0 ? [line.join(' ')] : []
}

const messages = (count: number): string => (count === 1 ? 'one message' : `${count} messages`)
