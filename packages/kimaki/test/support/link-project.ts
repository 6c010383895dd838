/** Links a channel with a folder as `kimaki project link` does, without a process of its own: that costs a second of CPU time. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { callControl } from '../../src/cli/control/call.ts'
import type { ServerRecord } from '../../src/ports/agent.ts'
import type { Project } from '../../src/ports/store.ts'
import { createStore } from '../../src/store/store.ts'

/** Into the database, while no bot has it open; `newest` is what stands in the channel already, and `server` serves the folder. */
export async function linkInStore(dataDir: string, project: Project, newest: string, server?: ServerRecord): Promise<void> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const store = createStore(join(dataDir, 'discord-sessions.db'))
  if (store instanceof Error) throw store
  await store.linkProject(project, newest)
  if (server) await store.servers.write(server, [project.directory])
  await store.close()
}

/** Through the bot that runs on the folder. */
export async function linkThroughBot(dataDir: string, project: Project): Promise<void> {
  const { status, body } = await callBot(dataDir, 'POST', '/projects', { ...project, trust: { isTrusted: true, programs: [] } })
  if (status !== 200) throw new Error(`the bot did not link ${project.directory}: ${JSON.stringify(body)}`)
}

/** One call of the control API. */
export async function callBot(
  dataDir: string,
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
): Promise<{ readonly status: number; readonly body: unknown }> {
  const answer = await callControl({ dataDir, method, path, body, timeoutMs: 60_000 })
  if (answer.kind !== 'answer') throw new Error(`the bot on ${dataDir} does not answer: ${JSON.stringify(answer)}`)
  return answer
}
