/** The MCP servers of a project, as OpenCode has them in memory: connected and disconnected until it reads its configuration again. */
import type { McpServer } from '../../../ports/agent.ts'
import type * as api from '../../wire/api.ts'
import { FIRST_TOUCH_MS, type CallError, type Http } from '../../wire/http.ts'
import { read } from '../../wire/read.ts'

/** A program may have to start, and a distant server to answer. */
const CONNECT_MS = 60_000

export async function mcpServers(http: Http, directory: string): Promise<readonly McpServer[] | CallError> {
  const answer = await http.call({ method: 'GET', path: '/mcp', directory, deadlineMs: FIRST_TOUCH_MS })
  if (answer instanceof Error) return answer
  return read<api.McpStatuses>(answer.json)
    .entries()
    .map(([name, server]) => ({
      name,
      status: server.choice('status', STATUSES) ?? 'failed',
      reason: server.text('error'),
    }))
}

const STATUSES = ['connected', 'disabled', 'failed', 'needs_auth', 'needs_client_registration'] as const

export async function connectMcp(
  http: Http,
  directory: string,
  { name, isOn }: { readonly name: string; readonly isOn: boolean },
): Promise<undefined | CallError> {
  const path = `/mcp/${encodeURIComponent(name)}/${isOn ? 'connect' : 'disconnect'}` as const
  const answer = await http.call({ method: 'POST', path, directory, deadlineMs: CONNECT_MS })
  return answer instanceof Error ? answer : undefined
}
