/** `/undo` takes back the newest message, its answer, and what was done to files because of it. */
import { isLive } from '../../domain/conversation/prompt.ts'
import { changedInPatches } from '../../domain/changes.ts'
import { coveredPrompts, finalAnswer, isIdle } from '../../domain/conversation/run/derive.ts'
import { waitingPrompts } from '../../domain/conversation/run/interrupt.ts'
import type { Conversation } from '../../domain/conversation/state.ts'
import type { SlashCommand } from '../declaration.ts'
import { diffText, goBack, named, pageOf, patchesOf, standing } from './going-back.ts'

export const undo: SlashCommand = {
  name: 'undo',
  description: 'Take back the last message, its answer and its changes to files (revert, rollback)',
  where: 'session',
  visibility: 'public',
  options: [],
  run(state, { userName }) {
    const isStopped = !isIdle(state)
    if (!isStopped && isOnItsWay(state)) return { reply: ON_ITS_WAY }
    return {
      requests: isStopped ? [{ kind: 'stop-run', by: userName, unread: 'keep' }] : [],
      work: { isStopped, kept: waitingPrompts(state).map(({ phase }) => phase.messageId) },
      meanwhile: 'prompts-wait',
    }
  },
  async work(outside, task) {
    const { agent } = outside
    const { directory, session = '', args } = task
    const { from } = args
    const kept = Array.isArray(args['kept']) ? args['kept'] : []
    if (typeof from !== 'string') {
      // Resolves when the run is over.
      const stopped = args['isStopped'] === true ? await agent.abort(directory, session) : undefined
      if (stopped instanceof Error) return stopped
      const history = await agent.sessions.history(directory, session)
      if (history instanceof Error) return history
      // What the agent has not read yet is kept: it is answered after this.
      const last = standing(history).findLast(({ id }) => !kept.includes(id))
      return last ? { work: { from: last.id, words: last.words.slice(0, 200) } } : { reply: '⬦ nothing to undo' }
    }
    const diff = await goBack({ agent }, directory, session, from)
    if (diff instanceof Error) return diff
    const files = changedInPatches(diff)
    return {
      reply: `✓ undone: ${named(String(args['words']))}\n${diffText(patchesOf(files))}\nTo have it back: \`/redo\`, before the next message.`,
      ...(await pageOf(outside, task, 'what /undo took back', files)),
    }
  },
}

/** It runs in a moment, and would be sent again if it were stopped before anything shows of it. */
function isOnItsWay(state: Conversation): boolean {
  const answered = finalAnswer(state) ? coveredPrompts(state).map(({ id }) => id) : []
  return state.turn.prompts.some((prompt) => isLive(prompt) && !answered.includes(prompt.id))
}

const ON_ITS_WAY = '✗ not undone: a message is on its way to the agent\nRun `/undo` again in a moment.'
