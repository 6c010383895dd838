/** `kimaki project link` and `kimaki project list`: through the running bot, or in the database when none runs. */
import { mkdirSync, realpathSync, statSync } from 'node:fs'
import { loadProjects } from '../../app/intake/projects.ts'
import { listenForControl } from '../../app/control/server.ts'
import type { Project } from '../../ports/store.ts'
import { UsageError } from '../../base/errors.ts'
import type { Config } from '../config.ts'
import { callControl } from '../control/call.ts'
import { controlToken } from '../control/token.ts'

const SNOWFLAKE = /^\d{17,20}$/

export interface LinkOptions {
  readonly channel: string
  readonly guild: string
}

export async function linkProject(config: Config, folder: string, { channel, guild }: LinkOptions): Promise<Project | Error> {
  for (const [flag, id] of [
    ['--channel', channel],
    ['--guild', guild],
  ] as const) {
    if (!SNOWFLAKE.test(id))
      return new UsageError({
        reason: `${flag} must be a Discord id of 17 to 20 digits; it is "${id}". (Developer mode in Discord's settings lets you copy ids.)`,
      })
  }
  const directory = realFolder(folder)
  if (directory instanceof Error) return directory
  const project: Project = { channelId: channel, guildId: guild, directory }
  return withBotOrDatabase<Project>(config, ['POST', '/projects', project], async (projects) => {
    await projects.link(project, await newestIn(config, channel))
    return project
  })
}

export async function listProjects(config: Config): Promise<readonly Project[] | Error> {
  return withBotOrDatabase<readonly Project[]>(config, ['GET', '/projects', undefined], async (projects) => projects.all())
}

/** Where "now" is in the channel, as Discord tells it: this machine's clock may be off. Undefined without a token or an answer. */
async function newestIn({ token, apiUrl }: Config, channelId: string): Promise<string | undefined> {
  if (token === undefined) return undefined
  const { createChat } = await import('../../discord/chat.ts')
  const quiet = (): void => undefined
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet }
  const chat = createChat({ token, apiUrl, log, identifies: { read: async () => [], write: async () => undefined } })
  const newest = await chat.newestIn(channelId)
  await chat.stop()
  return newest.ok ? newest.value : undefined
}

function realFolder(folder: string): string | UsageError {
  try {
    const directory = realpathSync(folder)
    return statSync(directory).isDirectory() ? directory : new UsageError({ reason: `${folder} is not a folder.` })
  } catch {
    return new UsageError({ reason: `${folder} does not exist. Create the folder first, or check the path.` })
  }
}

type Call = readonly ['GET' | 'POST', string, unknown]

/** Only one process may have the database open: whoever holds the lock port. */
async function withBotOrDatabase<T>(
  config: Config,
  call: Call,
  direct: (projects: Awaited<ReturnType<typeof loadProjects>>) => Promise<T>,
): Promise<T | Error> {
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 })
  const token = controlToken(config.dataDir)
  const lock = await listenForControl(config.lockPort, token, {})
  if (!lock) return askBot<T>(config.lockPort, token, call)
  const { createStore } = await import('../../store/store.ts')
  const store = createStore(config.database)
  try {
    return store instanceof Error ? store : await direct(await loadProjects(store))
  } finally {
    if (!(store instanceof Error)) await store.close()
    await lock.close()
  }
}

async function askBot<T>(port: number, token: string, [method, path, body]: Call): Promise<T | Error> {
  const answer = await callControl({ port, token, method, path, body, timeoutMs: 5000 })
  switch (answer.kind) {
    case 'answer':
      return answer.status === 200 ? (answer.body as T) : new Error(errorIn(answer.body) ?? `the bot answered ${answer.status}`)
    case 'foreign':
      return new Error(
        `port ${port} is taken by another program. Set KIMAKI_LOCK_PORT to a free port for the bot and for this command.`,
      )
    case 'silent':
      return new Error(`port ${port} is taken, but the program there does not answer (${answer.reason}).`)
  }
}

const errorIn = (body: unknown): string | undefined => (body as { readonly error?: string } | undefined)?.error
