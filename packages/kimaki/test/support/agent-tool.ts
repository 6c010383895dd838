/** A call of one of the plugin's tools, by the code of the plugin, in the name of a thread's session: for an OpenCode that has no plugins. */
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { botOf } from '../../../opencode-plugin/src/bot.ts'
import { callTool } from '../../../opencode-plugin/src/call-tool.ts'
import { linksIn } from '../../src/opencode/plugin/environment.ts'
import type { Harness, Project } from './harness.ts'

interface AgentCall {
  readonly threadId: string
  readonly callId: string
  readonly tool: string
  readonly args: unknown
}

/** Looked for again after a bot that has died, by the same id. */
const AGAIN_MS = 20

/** What the model would read. */
export async function callAsAgent(
  { dataDir }: Harness,
  { directory }: Project,
  { threadId, callId, tool, args }: AgentCall,
): Promise<string> {
  const context = { sessionID: sessionOf(dataDir, threadId), callID: callId, abort: new AbortController().signal }
  return callTool(botOf(linksIn(dataDir), directory), { tool, args }, context, AGAIN_MS)
}

/** The newest of the thread. */
function sessionOf(dataDir: string, threadId: string): string {
  const db = new DatabaseSync(join(dataDir, 'discord-sessions.db'), { readOnly: true })
  const row = db.prepare('SELECT session FROM binding WHERE conversation = ? ORDER BY rowid DESC LIMIT 1').get(threadId)
  db.close()
  return String(row?.['session'])
}
