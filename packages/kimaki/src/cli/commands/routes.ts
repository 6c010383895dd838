/** What a running bot does for commands on the same machine: the routes of every verb and of the agents' tools, bound to the bot of this process. */
import type { ControlRoutes } from '../../app/control/server.ts'
import { agentVerb } from '../agent/verbs.ts'
import type { BotHandle } from '../command.ts'
import { AGENT_ROUTES } from '../control/agent-routes.ts'
import { CLI_COMMANDS } from './index.ts'

export function controlRoutes(bot: BotHandle): ControlRoutes {
  const ofVerbs = CLI_COMMANDS.flatMap((command) => Object.entries(command.routes))
  const forAgents = { ...AGENT_ROUTES, 'POST /agent/verb': agentVerb(Object.fromEntries(ofVerbs)) }
  const routes = [...ofVerbs, ...Object.entries(forAgents)]
  return Object.fromEntries(routes.map(([route, handle]) => [route, async (body: unknown) => handle(body, bot)]))
}
