/** *Fork from here* in the menu of a message: the session as it was before that message goes on in a thread of its own. */
import { sessionMessageId } from '../../domain/conversation/run/submit.ts'
import type { SlashCommand } from '../declaration.ts'
import { forkBefore } from './fork.ts'
import { named, standing } from './going-back.ts'

export const forkFromHere: SlashCommand = {
  kind: 'message',
  name: 'Fork from here',
  description: 'Go back to before a message in a thread of its own; this one stays as it is',
  where: 'session',
  visibility: 'public',
  options: [],
  run: ({ id, channelId }, { target }) =>
    target ? { work: { thread: id, channelId, message: target.id } } : { reply: '✗ not forked: no message was named' },
  async work(outside, task) {
    const { directory, session = '', args, state } = task
    if (typeof args['copy'] === 'string') return forkBefore(outside, task)
    const before = sessionMessageId(state.install, session, String(args['message']))
    const history = await outside.agent.sessions.history(directory, session)
    if (history instanceof Error) return history
    const found = history.messages.find(({ id }) => id === before)
    if (!found) return { reply: NOT_WRITTEN }
    if (!standing(history).includes(found))
      return { reply: `✗ not forked: ${named(found.words)} is undone\nRun \`/redo\` first.` }
    return forkBefore(outside, { ...task, args: { ...args, before } })
  },
}

const NOT_WRITTEN =
  '✗ not forked: the session of this thread has no such message\nPick one that somebody wrote to the agent here, or run `/fork`.'
