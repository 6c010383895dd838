/** Links a channel with a folder as `kimaki project link` does, without a process of its own: that costs a second of CPU time. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
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
export async function linkThroughBot(dataDir: string, port: string, project: Project): Promise<void> {
  const response = await callBot({ dataDir, port }, 'POST', '/projects', project)
  if (!response.ok) throw new Error(`the bot did not link ${project.directory}: ${await response.text()}`)
}

interface Place {
  readonly dataDir: string
  /** The lock port. */
  readonly port: string
}

/** One call of the control API. */
export async function callBot({ dataDir, port }: Place, method: 'GET' | 'POST', path: string, body?: unknown): Promise<Response> {
  const file = join(dataDir, 'control-token')
  const token = existsSync(file) ? readFileSync(file, 'utf8').trim() : ''
  return fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}` },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
}
