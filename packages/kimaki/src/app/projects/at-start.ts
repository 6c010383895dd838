/** What is done about the linked projects once the bot is ready. Nothing waits for it. */
import { isAbortError } from '../../base/errors.ts'
import type { AgentPort } from '../../ports/agent.ts'
import type { ChatPort, ChatReady } from '../../ports/chat.ts'
import type { Log } from '../../ports/host.ts'
import type { StorePort } from '../../ports/store.ts'
import type { Projects } from '../intake/projects.ts'
import { warnOfProjectChannels } from '../project-channel.ts'
import { warnOfRoleNames } from './role-names.ts'

/** Servers that are started before anybody asks for them: those of the projects used last. */
const WARM_SERVERS = 3

interface WarmDeps {
  readonly store: Pick<StorePort, 'recentProjects'>
  readonly agent: Pick<AgentPort, 'warm'>
  readonly log: Log
}

export async function warmRecent({ store, agent, log }: WarmDeps): Promise<void> {
  const failed = (error: unknown): void => log.warn('no OpenCode server is started ahead', { error: String(error) })
  await store.recentProjects().then((recent) => agent.warm(recent.slice(0, WARM_SERVERS)), failed)
}

interface CheckDeps {
  readonly chat: ChatPort
  readonly log: Log
  readonly projects: Projects
}

/** The log says what the bot lacks in its channels, and which roles only look like ours. */
export async function checkChannels({ chat, log, projects }: CheckDeps, { botUserId }: ChatReady): Promise<void> {
  const guildIds = new Set(projects.all().map(({ guildId }) => guildId))
  const checked = warnOfRoleNames(chat, log, guildIds, botUserId).then(() => warnOfProjectChannels(chat, log, projects.all()))
  await checked.catch((error: unknown) => {
    if (!isAbortError(error)) log.warn('the linked channels were not checked', { error: String(error) })
  })
}
