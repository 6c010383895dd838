/** Calls the bot as whoever this is: a person with all its routes, an agent with the token of its project. */
import type { Config } from '../config.ts'
import { callControl, type ControlAnswer, type ControlCall } from './call.ts'
import { agentToken } from './agent-token.ts'

export async function callBot(
  { dataDir, isAgent }: Pick<Config, 'dataDir' | 'isAgent'>,
  call: Omit<ControlCall, 'dataDir'>,
): Promise<ControlAnswer> {
  if (!isAgent) return callControl({ dataDir, ...call })
  const token = agentToken(dataDir, process.cwd())
  if (token instanceof Error) return { kind: 'answer', status: 503, body: { error: token.message } }
  const body = { ...token, route: `${call.method} ${call.path}`, body: call.body }
  return callControl({ dataDir, method: 'POST', path: '/agent/verb', body, timeoutMs: call.timeoutMs })
}
