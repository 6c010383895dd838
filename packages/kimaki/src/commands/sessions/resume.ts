/** `/resume` goes on with any session of the project, those of terminals too, in a thread of its own. */
import { cut } from '../../base/text.ts'
import type { SessionSummary } from '../../ports/agent/sessions.ts'
import type { SlashCommand } from '../declaration.ts'
import { goingOn } from './going-on.ts'

const PROPOSED = 25
const TITLE_MAX = 80

export const resume: SlashCommand = {
  name: 'resume',
  description: 'Go on with an earlier session, of a terminal too, in a thread of its own (continue, reopen)',
  where: 'channel-or-thread',
  visibility: 'public',
  options: [{ kind: 'string', name: 'session', description: 'Words of its title', required: true, autocomplete: true }],
  run: ({ channelId }, { options }) => ({ work: { channelId, wanted: String(options['session'] ?? '').trim() } }),
  async work(outside, task) {
    const { directory, args } = task
    const wanted = String(args['wanted'])
    const { sessions } = outside.agent
    const listed = await sessions.list(directory, { search: '', limit: 1000 })
    if (listed instanceof Error) return listed
    // Somebody may have typed a title, and chosen none.
    const alike = await sessions.list(directory, { search: wanted, limit: 2 })
    const only = alike instanceof Error || alike.length !== 1 ? undefined : alike[0]
    const found = listed.find(({ id }) => id === wanted) ?? only
    if (!found) return { reply: NOT_FOUND }
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

const labelOf = ({ title, updated }: SessionSummary): string =>
  `${cut(title === '' ? 'untitled' : title, TITLE_MAX)} (${new Date(updated).toISOString().slice(0, 10)})`

const NOT_FOUND =
  '✗ there is no such session in this project\nPick one of those that are proposed while you type words of its title.'
