/** `/abort` ends the run of a thread. What the agent has not read yet runs next, or is dropped with it; the queue goes on either way. */
import { isLive, isNotSubmitted } from '../domain/conversation/prompt.ts'
import { isIdle } from '../domain/conversation/run/derive.ts'
import { waitingPrompts } from '../domain/conversation/run/interrupt.ts'
import type { Conversation } from '../domain/conversation/state.ts'
import type { SlashCommand } from './declaration.ts'

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
    const reply = replyTo(state, unread)
    const isSomething = !isIdle(state) || (unread === 'drop' && state.turn.prompts.some(isNotSubmitted))
    return { requests: isSomething ? [{ kind: 'stop-run', by: userName, unread }] : [], reply }
  },
}

function replyTo(state: Conversation, unread: 'keep' | 'drop'): string {
  const { session, turn } = state
  const notSubmitted = turn.prompts.filter(isNotSubmitted).length
  if (session.kind !== 'open' && !turn.prompts.some(isLive))
    return '⬦ nothing to stop: this thread has no session yet\nWrite a message to begin one.'
  if (!isIdle(state)) return runningText(turn.status.kind === 'retry', waitingPrompts(state).length + notSubmitted, unread)
  if (unread === 'drop' && notSubmitted > 0) return `⬦ took back ${messages(notSubmitted)} the agent had not read`
  return turn.prompts.some(isLive)
    ? '⬦ nothing runs yet: the message is on its way to the agent\nRun `/abort` again in a moment, or with `unread: drop` to take it back.'
    : '⬦ nothing to stop: the agent is idle'
}

function runningText(isRetrying: boolean, waiting: number, unread: 'keep' | 'drop'): string {
  const stopped = isRetrying ? '⬦ stopped: the provider is not asked again' : '⬦ stopped the run'
  if (waiting === 0) return stopped
  return unread === 'drop'
    ? `${stopped}, and dropped ${messages(waiting)} it had not read`
    : `${stopped}; ${messages(waiting)} it had not read runs next`
}

const messages = (count: number): string => (count === 1 ? 'one message' : `${count} messages`)
