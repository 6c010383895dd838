/** Who we are and where, over REST: a RESUME says neither, only READY does. */
import type { ChatFatal, ChatReady } from '../../ports/chat.ts'
import type { Persist } from './retry-forever.ts'
import type { Rest } from '../rest/rest.ts'

interface WithId {
  readonly id: string
}

/** The list of guilds is told to whoever started the bot and decides nothing: without an answer it stays empty. */
export async function fetchIdentity(persist: Persist, rest: Rest): Promise<ChatReady | ChatFatal | undefined> {
  const [user, application, guilds] = await Promise.all([
    persist<WithId>('/users/@me', hasId),
    persist<WithId>('/applications/@me', hasId),
    rest.read<readonly WithId[]>('/users/@me/guilds'),
  ])
  if (!user || 'kind' in user) return user
  if (!application || 'kind' in application) return application
  const guildIds = guilds.ok ? guilds.value.map((guild) => guild.id) : []
  return { kind: 'ready', botUserId: user.id, applicationId: application.id, guildIds }
}

const hasId = ({ id }: Partial<WithId>): boolean => typeof id === 'string'
