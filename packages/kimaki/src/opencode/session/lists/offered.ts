/** What OpenCode offers in a project: the agents people speak to, and its commands, skills and MCP prompts. */
import type { Offered, OfferedAgent, OfferedCommand } from '../../../domain/offered.ts'
import { isForPeople, type KnownAgent } from '../../../domain/models/choices.ts'
import type * as api from '../../wire/api.ts'
import { FIRST_TOUCH_MS, type CallError, type Http } from '../../wire/http.ts'
import { readList } from '../../wire/read.ts'
import { agentsIn } from './agents.ts'

export async function readOffered(http: Http, directory: string): Promise<Offered | CallError> {
  const agents = await http.call({ method: 'GET', path: '/agent', directory, deadlineMs: FIRST_TOUCH_MS })
  if (agents instanceof Error) return agents
  const commands = await http.call({ method: 'GET', path: '/command', directory, deadlineMs: FIRST_TOUCH_MS })
  if (commands instanceof Error) return commands
  return { agents: spokenTo(agentsIn(agents.json)), commands: commandsIn(commands.json) }
}

const spokenTo = (agents: readonly KnownAgent[]): readonly OfferedAgent[] =>
  agents.filter(isForPeople).map(({ name, description }) => ({ name, description }))

function commandsIn(json: unknown): readonly OfferedCommand[] {
  return readList<api.Command>(json).flatMap((command) => {
    const name = command.text('name')
    if (name === undefined) return []
    const source = command.choice('source', SOURCES) ?? 'command'
    return [{ name, description: command.text('description') ?? '', source }]
  })
}

const SOURCES = ['command', 'mcp', 'skill'] as const
