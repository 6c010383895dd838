/** The composition root: adapters made from a configuration and given to the bot. */
import { createBot, type Bot } from '../app/bot.ts'
import { loadProjects, type Projects } from '../app/projects.ts'
import type { StoreError } from '../base/errors.ts'
import { createChat } from '../discord/chat.ts'
import { createGit } from '../git/git.ts'
import { systemClock } from '../host/clock.ts'
import { createFiles } from '../host/files.ts'
import { createAgent } from '../opencode/agent.ts'
import type { AgentPort } from '../ports/agent.ts'
import type { ChatFatal, ChatPort } from '../ports/chat.ts'
import type { Log } from '../ports/host.ts'
import type { StorePort } from '../ports/store.ts'
import { createStore } from '../store/store.ts'
import type { Config } from './config.ts'

/** Adapters can be wrapped before they are used: how tests take a safeguard away or end the process at a named point. */
export interface Decorations {
  readonly store?: (store: StorePort) => StorePort
  readonly chat?: (chat: ChatPort) => ChatPort
  readonly agent?: (agent: AgentPort) => AgentPort
}

export interface Composed {
  readonly bot: Bot
  readonly projects: Projects
  readonly newestIn: ChatPort['newestIn']
}

export interface Surroundings {
  readonly token: string
  readonly log: Log
  readonly onFatal: (fatal: ChatFatal) => void
  readonly decorate?: Decorations | undefined
}

const same = <T>(value: T): T => value

export async function compose(
  config: Config,
  { token, log, onFatal, decorate = {} }: Surroundings,
): Promise<Composed | StoreError> {
  const opened = createStore(config.database)
  if (opened instanceof Error) return opened
  const store = (decorate.store ?? same)(opened)
  const memory = {
    read: () => opened.server(),
    write: async (record: Parameters<StorePort['writeServer']>[0]) => opened.writeServer(record),
  }
  const chat = (decorate.chat ?? same)(createChat({ token, apiUrl: config.apiUrl, log, identifies: opened.identifies }))
  const agent = (decorate.agent ?? same)(createAgent({ log, memory, environment: config.environment, dataDir: config.dataDir }))
  const projects = await loadProjects(store)
  const files = createFiles(config.dataDir, log)
  const bot = createBot({
    store,
    chat,
    agent,
    git: createGit(),
    files,
    clock: systemClock,
    log,
    projects,
    verbosity: config.verbosity,
    onFatal,
  })
  return { bot, projects, newestIn: chat.newestIn }
}
