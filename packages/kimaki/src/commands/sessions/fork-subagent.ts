/** `/fork-subagent` copies the session of a subagent into a thread of its own. */
import { cut, oneLine, stripControl } from '../../base/text.ts'
import { button } from '../../domain/conversation/posts/button.ts'
import type { SessionSummary } from '../../ports/agent/sessions.ts'
import type { SlashCommand } from '../declaration.ts'
import { forkBefore } from './fork.ts'

const LISTED = 25
const LABEL_MAX = 80

export const forkSubagent: SlashCommand = {
  name: 'fork-subagent',
  description: 'Go on with what a subagent did, in a thread of its own (task, child session, copy)',
  where: 'session',
  visibility: 'ephemeral',
  options: [],
  run: () => ({ work: { isMenu: true } }),
  async work(outside, task) {
    const { child } = task.args
    if (typeof child === 'string') return forkBefore(outside, { ...task, session: child })
    const children = await outside.agent.sessions.children(task.directory, task.session ?? '')
    if (children instanceof Error) return children
    const newest = children.toSorted((one, other) => other.updated - one.updated).slice(0, LISTED)
    if (newest.length === 0) return { reply: '⬦ nothing to copy: no subagent has worked in this thread yet' }
    return {
      reply: {
        text: '⬦ pick what a subagent did, to go on with it in a thread of its own',
        buttons: [],
        select: {
          id: button('fork-child', '', '').id,
          placeholder: 'Subagent',
          options: newest.map(optionOf),
          atLeast: 1,
          atMost: 1,
        },
      },
    }
  },
  buttons: {
    'fork-child': (_about, { chosen: [child] = [] }, _moment, { id, channelId }) =>
      child === undefined ? {} : { work: { thread: id, channelId, child } },
  },
}

function optionOf({ id, title, updated }: SessionSummary) {
  const label = cut(oneLine(stripControl(title)), LABEL_MAX)
  const at = new Date(updated).toISOString().slice(0, 16).replace('T', ' ')
  return { value: id, label: label === '' ? 'untitled' : label, description: `${at} UTC` }
}
