/** How things stand with the linked projects: names as Discord has them, and what does not work. */
import type { GuildChannel, GuildName } from '../../ports/channels.ts'
import type { ChatPort } from '../../ports/chat.ts'
import type { ProjectFolders } from '../../ports/projects.ts'
import type { Project } from '../../ports/store.ts'
import { mapConcurrently } from '../../base/concurrent.ts'
import { folderName } from '../../domain/project.ts'

/** `unchecked`: Discord was not asked, or did not answer. */
export type ProjectState = 'ok' | 'no folder' | 'no channel' | 'not in the server' | 'unchecked'

export interface SurveyedProject extends Project {
  /** The last part of the path. */
  readonly folderName: string
  /** Null: not known. */
  readonly channelName: string | null
  readonly guildName: string | null
  readonly state: ProjectState
}

type Chat = Pick<ChatPort, 'channels'>

/** `chat` undefined: Discord cannot be asked. */
export async function survey(
  projects: readonly Project[],
  folders: Pick<ProjectFolders, 'existing'>,
  chat: Chat | undefined,
): Promise<readonly SurveyedProject[]> {
  const there = new Set(await folders.existing(projects.map(({ directory }) => directory)))
  const guilds = chat && projects.length > 0 ? await chat.channels.servers() : new Error('not asked')
  const channels = guilds instanceof Error ? new Map<string, readonly GuildChannel[]>() : await channelsOf(chat, guilds, projects)
  return projects.map((project) => {
    const named = { ...project, folderName: folderName(project.directory) }
    const isThere = there.has(project.directory)
    if (guilds instanceof Error)
      return { ...named, channelName: null, guildName: null, state: isThere ? 'unchecked' : 'no folder' }
    return { ...named, ...stateOf(project, isThere, guilds, channels) }
  })
}

async function channelsOf(
  chat: Chat | undefined,
  guilds: readonly GuildName[],
  projects: readonly Project[],
): Promise<ReadonlyMap<string, readonly GuildChannel[]>> {
  const wanted = guilds.filter(({ id }) => projects.some(({ guildId }) => guildId === id))
  const lists = await mapConcurrently(wanted, 4, async ({ id }) => ({ id, list: await chat?.channels.list(id) }))
  return new Map(lists.flatMap(({ id, list }) => (list === undefined || list instanceof Error ? [] : [[id, list] as const])))
}

function stateOf(
  { guildId, channelId }: Project,
  isThere: boolean,
  guilds: readonly GuildName[],
  channels: ReadonlyMap<string, readonly GuildChannel[]>,
): Pick<SurveyedProject, 'channelName' | 'guildName' | 'state'> {
  const guild = guilds.find(({ id }) => id === guildId)
  const list = channels.get(guildId)
  const channel = list?.find(({ id }) => id === channelId)
  const names = { channelName: channel?.name ?? null, guildName: guild?.name ?? null }
  if (!isThere) return { ...names, state: 'no folder' }
  if (!guild) return { ...names, state: 'not in the server' }
  if (!list) return { ...names, state: 'unchecked' }
  return { ...names, state: channel ? 'ok' : 'no channel' }
}
