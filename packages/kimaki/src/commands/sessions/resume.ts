/** `/resume` goes on with any session of the project, those of terminals too, in a thread of its own. */
import { SessionGone } from '../../base/errors.ts'
import { cut } from '../../base/text.ts'
import type { AgentError } from '../../ports/agent-error.ts'
import type { SessionsPort, SessionSummary } from '../../ports/agent/sessions.ts'
import type { SlashCommand } from '../declaration.ts'
import { goingOn } from './going-on.ts'

const PROPOSED = 25
const TITLE_MAX = 80

export const resume: SlashCommand = {
  name: 'resume',
  description: 'Go on with an earlier session, of a terminal too, in a thread of its own (continue, reopen)',
  where: 'channel-or-thread',
  visibility: 'public',
  options: [
    { kind: 'string', name: 'session', description: 'Words of its title, or its id', required: true, autocomplete: true },
  ],
  run: ({ channelId }, { options }) => ({ work: { channelId, wanted: String(options['session'] ?? '').trim() } }),
  async work(outside, task) {
    const found = await sessionNamed(outside.agent.sessions, task.directory, String(task.args['wanted']))
    if (found instanceof SessionGone) return { reply: NOT_FOUND }
    if (found instanceof Error) return found
    const { id: session, title } = found
    return goingOn(outside, task, { session, name: `Resume: ${title}`, answeredBy: { agent: undefined, model: undefined } })
  },
  proposes: {
    async session({ agent: { sessions } }, { directory, typed }) {
      const found = await sessions.search(directory, { search: typed.trim(), limit: PROPOSED })
      return found instanceof Error ? found : found.map((summary) => ({ name: labelOf(summary), value: summary.id }))
    },
  },
}

const ID = /^ses_\w+$/

/** What is proposed is an id. Words are taken where one title alone has them: somebody may have typed a title, and chosen none. */
async function sessionNamed(sessions: SessionsPort, directory: string, wanted: string): Promise<SessionSummary | AgentError> {
  if (ID.test(wanted)) return sessions.find(directory, wanted)
  const alike = await sessions.list(directory, { search: wanted, limit: 2 })
  if (alike instanceof Error) return alike
  const [first] = alike
  return first && alike.length === 1 ? first : new SessionGone({ session: wanted })
}

const labelOf = ({ title, updated }: SessionSummary): string =>
  `${cut(title === '' ? 'untitled' : title, TITLE_MAX)} (${new Date(updated).toISOString().slice(0, 10)})`

const NOT_FOUND =
  '✗ there is no such session in this project\nPick one of those that are proposed while you type words of its title.'
