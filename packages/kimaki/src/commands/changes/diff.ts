/** `/diff` shows what has changed in the files of the project: in words, and as a page to read. The button below an answer shows what that changed. */
import { changedByAgent, type Changes } from '../../domain/changes.ts'
import type { CommandAnswer } from '../../domain/conversation/command.ts'
import type { AgentError } from '../../ports/agent-error.ts'
import { diffSummary, PAGE_NOTE } from '../../view/diff/summary.ts'
import { plain } from '../../view/text/notice.ts'
import type { CommandTask, Outside, SlashCommand } from '../declaration.ts'
import { standing } from '../sessions/going-back.ts'

/** No name of a branch has a blank in it. */
const LAST_TURN = 'last turn'
const BASE = 'last commit'

export const diff: SlashCommand = {
  name: 'diff',
  description: 'Show what has changed in the files, as a page to read (changes, review, patch)',
  where: 'channel-or-thread',
  visibility: 'public',
  decidesUnread: true,
  options: [
    {
      kind: 'string',
      name: 'against',
      description: 'The last turn, a commit or a branch (default: all that is not committed)',
      required: false,
      autocomplete: true,
    },
  ],
  run: (_state, { options }) => ({ work: { against: String(options['against'] ?? '').trim() } }),
  work: (outside, task) => (task.asker.keeps ? turnAsFiles(outside, task) : inWords(outside, task)),
  proposes: {
    async against({ diffs }, { directory, typed }) {
      const words = typed.trim().toLowerCase()
      const commits = await diffs.revisions(directory, REVISIONS)
      return [
        { name: 'what is not committed yet; in a worktree all of its branch', value: BASE },
        { name: 'what the last turn of the agent changed', value: LAST_TURN },
        ...commits.map(({ id, subject }) => ({ name: `${id} ${subject}`, value: id })),
      ].filter(({ name }) => name.toLowerCase().includes(words))
    },
  },
  buttons: {
    // `about`: the first and the last message of the turn.
    diff: (about) => ({ keeps: true, work: { against: LAST_TURN, about } }),
  },
}

const REVISIONS = 100

async function inWords(outside: Outside, task: CommandTask): Promise<CommandAnswer | AgentError> {
  const found = await changesFor(outside, task)
  if (found instanceof Error) return found
  if (typeof found === 'string') return { reply: found }
  const said = diffSummary(found)
  if (found.files.length === 0) return { reply: said }
  const attached = await publish(outside, task, found)
  return typeof attached === 'string' ? { reply: `${said}\n${attached}` } : { reply: `${said}\n${PAGE_NOTE}`, attached }
}

/** The message that was pressed gets the page; only the person who pressed reads why it does not. */
async function turnAsFiles(outside: Outside, task: CommandTask): Promise<CommandAnswer | AgentError> {
  const found = await changesFor(outside, task)
  if (found instanceof Error) return found
  if (typeof found === 'string') return { reply: found }
  if (found.files.length === 0) return { reply: '⬦ OpenCode does not know any more what this answer changed' }
  const attached = await publish(outside, task, found)
  return typeof attached === 'string' ? { reply: attached } : { attached }
}

/** The page, or why there is none. */
async function publish(
  { diffs }: Outside,
  { asker, directory, state }: CommandTask,
  changes: Changes,
): Promise<string | NonNullable<CommandAnswer['attached']>> {
  const { id: requestId, guildId } = asker
  const attached = await diffs.publish({ requestId, guildId, conversationId: state.id, directory, changes })
  return attached instanceof Error ? `✗ no page: ${plain(attached.message, REASON_MAX)}` : attached
}

/** A text is what the person reads instead. */
async function changesFor(outside: Outside, task: CommandTask): Promise<Changes | string | AgentError> {
  const against = String(task.args['against'] ?? '')
  if (against === LAST_TURN) return changesOfTurn(outside, task)
  const isBase = against === '' || against === BASE
  const read = await outside.diffs.read(task.directory, isBase ? { kind: 'base' } : { kind: 'revision', revision: against })
  return read instanceof Error ? `✗ no diff: ${plain(String(read.reason), REASON_MAX)}` : read
}

const REASON_MAX = 200

async function changesOfTurn({ agent }: Outside, task: CommandTask): Promise<Changes | string | AgentError> {
  const { directory, session, args } = task
  if (session === undefined)
    return '✗ no diff: there is no session here yet\nWithout a choice `/diff` shows all that is not committed.'
  const history = await agent.sessions.history(directory, session)
  if (history instanceof Error) return history
  const [first, last] = String(args['about'] ?? '').split('.')
  const asked = standing(history).map(({ id }) => id)
  const begin = first ? asked.indexOf(first) : asked.length - 1
  const end = first ? asked.indexOf(last ?? first) : asked.length - 1
  const files = []
  for (const id of begin < 0 ? [] : asked.slice(begin, end + 1)) {
    const changed = await agent.sessions.changed(directory, session, id)
    if (changed instanceof Error) return changed
    files.push(...changed.map(changedByAgent))
  }
  return { what: first ? 'what this answer changed' : 'what the last turn changed', files }
}
