/** `/fork` copies the session up to a message that one picks, into a thread of its own. */
import type { AnsweredBy } from '../../domain/agent.ts'
import type { CommandAnswer, CommandArgs } from '../../domain/conversation/command.ts'
import { button } from '../../domain/conversation/posts/button.ts'
import type { History, PastMessage } from '../../ports/agent/sessions.ts'
import { oneLine, cut, stripControl } from '../../base/text.ts'
import type { SlashCommand, Work } from '../declaration.ts'
import { standing } from './going-back.ts'
import { goingOn } from './going-on.ts'

const PAGE = 25
const LABEL_MAX = 80

/** Copies the session of the thread as it was before the message `before`, and opens a thread for the copy. */
export const forkBefore: Work = async (outside, task) => {
  const { directory, session = '', args, asker, isRetry } = task
  const { copy } = args
  if (typeof copy === 'string')
    return goingOn(outside, task, {
      session: copy,
      name: String(args['name']),
      answeredBy: JSON.parse(String(args['answeredBy'])) as AnsweredBy,
      copyOf: { threadId: String(args['thread']), session },
    })
  const source = await outside.agent.sessions.read(directory, session)
  if (source instanceof Error) return source
  const name = `Fork: ${source.title}`
  const before = typeof args['before'] === 'string' ? args['before'] : undefined
  const made = await outside.agent.fork({ directory, session, mark: `fork:${asker.id}`, title: name, before, isRetry })
  if (made instanceof Error) return made
  return { work: { ...args, copy: made.session, name, answeredBy: JSON.stringify(made.as) } }
}

export const fork: SlashCommand = {
  name: 'fork',
  description: 'Go back to an earlier message in a thread of its own; this one stays as it is (branch, copy)',
  where: 'session',
  visibility: 'ephemeral',
  options: [],
  run: () => ({ work: { page: 0 } }),
  async work(outside, task) {
    const { page } = task.args
    if (typeof page !== 'number') return forkBefore(outside, task)
    const history = await outside.agent.sessions.history(task.directory, task.session ?? '')
    return history instanceof Error ? history : menu(history, page)
  },
  buttons: {
    'fork-from': (_about, { chosen = [] }, _moment, { id, channelId }) => pickedAnswer(chosen[0], { thread: id, channelId }),
    'fork-page': (about) => ({ work: { page: Number(about) } }),
  },
}

const pickedAnswer = (before: string | undefined, place: CommandArgs): CommandAnswer =>
  before === undefined ? {} : { work: { ...place, before } }

/** The newest message first. */
function menu(history: History, page: number): CommandAnswer {
  const all = standing(history).toReversed()
  const shown = all.slice(page * PAGE, (page + 1) * PAGE)
  if (shown.length === 0) return { reply: '⬦ nothing to go back to: nobody has written in this session yet' }
  const older = (page + 1) * PAGE < all.length ? [button('fork-page', String(page + 1), 'Older')] : []
  const newer = page > 0 ? [button('fork-page', String(page - 1), 'Newer')] : []
  return {
    reply: {
      text: '⬦ pick the message to go back to\nThe copy has all that stands before it: write it anew in the thread that opens.',
      buttons: [...newer, ...older],
      select: { id: button('fork-from', '', '').id, placeholder: 'Message', options: shown.map(optionOf), atLeast: 1, atMost: 1 },
    },
  }
}

function optionOf({ id, words, created }: PastMessage) {
  const label = cut(oneLine(stripControl(words)), LABEL_MAX)
  const at = new Date(created).toISOString().slice(0, 16).replace('T', ' ')
  return { value: id, label: label === '' ? 'without words' : label, description: `${at} UTC` }
}
