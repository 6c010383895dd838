/** What a command does in Discord and in the database while no bot runs. */
import { loadProjects } from '../../app/intake/projects.ts'
import type { Setup } from '../../app/projects/setup.ts'
import { systemClock } from '../../base/clock.ts'
import { UsageError } from '../../base/errors.ts'
import { createFolders } from '../../host/folders.ts'
import type { ChannelOwners } from '../../ports/channel-owners.ts'
import type { ChatPort } from '../../ports/chat.ts'
import type { StorePort } from '../../ports/store.ts'
import type { Config } from '../config.ts'
import { isForGateway } from '../credentials.ts'
import { createGatewayOwners } from '../owners/gateway-owners.ts'
import { createProjectFolders } from '../folders/project-folders.ts'

type Asking = Pick<ChatPort, 'application' | 'channels' | 'newestIn' | 'inspect' | 'post' | 'openThread' | 'layout'>

/** Connects to nothing: only REST is used. */
export async function withDiscord<T>(
  { apiUrl, token }: Pick<Config, 'apiUrl' | 'token'>,
  work: (chat: Asking) => Promise<T | Error>,
): Promise<T | Error> {
  if (token === undefined) return noToken()
  const quiet = (): void => undefined
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet }
  // 700 kB, and for nothing where no token is known: `project list` takes 100 ms without it.
  const { createChat } = await import('../../discord/chat.ts')
  const chat = createChat({ token, apiUrl, log, identifies: { read: async () => [], write: async () => undefined } })
  try {
    return await work(chat)
  } finally {
    await chat.stop()
  }
}

export async function withSetup<T>(
  config: Config,
  store: StorePort,
  work: (setup: Setup, chat: Asking) => Promise<T | Error>,
): Promise<T | Error> {
  const { onlyOnce, Setup } = await import('../../app/projects/setup.ts')
  const projects = await loadProjects(store)
  return withDiscord(config, async (chat) =>
    work(
      new Setup({
        chat,
        store,
        projects,
        folders: createProjectFolders(config, createFolders()),
        agent: undefined,
        accept: async (acceptance) => store.commit({ accept: [acceptance] }),
        now: () => systemClock.now(),
        patiently: onlyOnce,
        onLinked: () => undefined,
        owners: ownersOf(config),
      }),
      chat,
    ),
  )
}

/** Undefined: the bot is this machine's alone. */
export const ownersOf = ({ token, apiUrl }: Pick<Config, 'apiUrl' | 'token'>): ChannelOwners | undefined =>
  token !== undefined && isForGateway(token) ? createGatewayOwners({ token, apiUrl }) : undefined

const noToken = (): UsageError =>
  new UsageError({
    reason: 'Discord cannot be asked: no bot runs here, and KIMAKI_BOT_TOKEN is not set. Set it, or start kimaki.',
  })
