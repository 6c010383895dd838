/** `/new-session` begins a conversation in a thread of its own. */
import { launchFor } from '../../domain/conversation/command.ts'
import { agentsOf } from '../../domain/models/choices.ts'
import { plain } from '../../view/text/notice.ts'
import type { SlashCommand } from '../declaration.ts'

const PROPOSED = 25
/** Discord docs: Application Command Option Choice. */
const VALUE_MAX = 100

export const newSession: SlashCommand = {
  name: 'new-session',
  description: 'Begin a new session in a thread of its own (start, task, chat)',
  where: 'channel-or-thread',
  visibility: 'public',
  options: [
    { kind: 'string', name: 'prompt', description: 'What the agent is to do', required: true },
    {
      kind: 'string',
      name: 'files',
      description: 'Files it should look at, with commas between',
      required: false,
      autocomplete: true,
    },
    { kind: 'string', name: 'agent', description: 'Which agent answers', required: false, autocomplete: true },
  ],
  run: ({ channelId }, { options, ...asker }) => {
    const prompt = String(options['prompt'] ?? '').trim()
    if (prompt === '') return { reply: '✗ not begun: the prompt is empty' }
    const words = withFiles(prompt, String(options['files'] ?? ''))
    const agent = String(options['agent'] ?? '').trim()
    return agent === '' ? { requests: [launchFor(asker, words, channelId)] } : { work: { words, agent, channelId } }
  },
  /** OpenCode takes a message for an agent that it does not know, and says nothing. */
  async work({ agent }, { directory, args, asker }) {
    const wanted = String(args['agent'])
    const choices = await agent.catalog.choices(directory)
    if (choices instanceof Error) return choices
    if (!agentsOf(choices).some(({ name }) => name === wanted))
      return {
        reply: `✗ not begun: this project has no agent ${plain(wanted, 60)}\nPick one of those that are proposed while you type.`,
      }
    return { requests: [launchFor(asker, String(args['words']), String(args['channelId']), { agent: wanted })] }
  },
  proposes: {
    async files({ agent }, { directory, typed }) {
      const [last = '', ...before] = typed.split(',').toReversed()
      const kept = before.toReversed().map((path) => path.trim())
      const found = await agent.sessions.findFiles(directory, last.trim(), PROPOSED)
      if (found instanceof Error) return found
      const values = found.map((path) => [...kept, path].join(', ')).filter((value) => value.length <= VALUE_MAX)
      return values.map((value) => ({ name: value, value }))
    },
    async agent({ agent }, { directory, typed }) {
      const choices = await agent.catalog.choices(directory)
      if (choices instanceof Error) return choices
      return agentsOf(choices)
        .filter(({ name }) => name.includes(typed.trim()) && name.length <= VALUE_MAX)
        .map(({ name, description }) => ({ name: description === '' ? name : `${name}: ${description}`, value: name }))
    },
  },
}

function withFiles(prompt: string, files: string): string {
  const paths = files
    .split(',')
    .map((path) => path.trim())
    .filter((path) => path !== '')
  return paths.length === 0 ? prompt : `${prompt}\n\n${paths.map((path) => `@${path}`).join('\n')}`
}
