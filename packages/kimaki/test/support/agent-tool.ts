/** A call of one of the plugin's tools, as the plugin makes it, in the name of a thread's session: for an OpenCode that has no plugins. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { linkFile } from '../../src/cli/control/agent-links.ts'
import { callControl } from '../../src/cli/control/call.ts'
import type { Harness, Project } from './harness.ts'
import { until } from './until.ts'

interface AgentCall {
  readonly threadId: string
  readonly callId: string
  readonly tool: string
  readonly args: unknown
}

/** What the model would read. The next bot is asked the same, by the same id. */
export async function callAsAgent({ dataDir }: Harness, { directory }: Project, asked: AgentCall): Promise<string> {
  const { threadId, callId: call, tool, args } = asked
  const session = sessionOf(dataDir, threadId)
  return until(`what ${tool} gives`, async () => {
    const { token } = JSON.parse(readFileSync(linkFile(dataDir, directory), 'utf8')) as { readonly token: string }
    const body = { directory, token, session, call, tool, args }
    const answer = await callControl({ dataDir, method: 'POST', path: '/agent/tool', body, timeoutMs: 60_000 })
    return answer.kind === 'answer' && answer.status === 200 ? (answer.body as { readonly output?: string }).output : undefined
  })
}

/** The newest of the thread. */
function sessionOf(dataDir: string, threadId: string): string {
  const db = new DatabaseSync(join(dataDir, 'discord-sessions.db'), { readOnly: true })
  const row = db.prepare('SELECT session FROM binding WHERE conversation = ? ORDER BY rowid DESC LIMIT 1').get(threadId)
  db.close()
  return String(row?.['session'])
}
