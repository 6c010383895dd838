/** What is wrong with a channel as the place of a project, for whoever links it or runs the bot. */
import type { ChannelReport } from '../../domain/channel.ts'
import type { Right } from '../../domain/rights.ts'

const COPY_ID = 'Right-click the text channel in Discord and choose Copy Channel ID'

const WRONG_KINDS: Readonly<Partial<Record<ChannelReport['kind'], string>>> = {
  thread: 'is a thread',
  category: 'is a category',
  voice: 'is a voice channel',
  forum: 'is a forum, where every thread begins with a post: forums cannot be projects yet',
  direct: 'is a direct message',
  other: 'is no text channel',
}

/** Why this channel cannot be the place of a project; `guildId`: the server it is said to belong to. Undefined when it can. */
export function refusalOf(channel: ChannelReport, guildId: string | undefined): string | undefined {
  const { kind, parentId } = channel
  const wrong = WRONG_KINDS[kind]
  if (wrong !== undefined) {
    const parent = kind === 'thread' && parentId !== undefined ? ` (that thread is in channel ${parentId})` : ''
    return `${named(channel)} ${wrong}. A project needs a text channel. ${COPY_ID}${parent}.`
  }
  if (guildId === undefined || guildId === channel.guildId) return undefined
  return `${named(channel)} belongs to server ${channel.guildId ?? 'none'}, not to server ${guildId}. Leave out --guild, or correct it.`
}

export const swappedText = (channel: ChannelReport, asChannel: string): string =>
  `--channel and --guild are swapped: ${asChannel} is no channel, and ${named(channel)} is one. Give them the other way round.`

export const unknownChannelText = (channelId: string): string =>
  `Discord knows no channel ${channelId}: the id is wrong (that of a server, say), or the channel was deleted. ${COPY_ID}.`

export const hiddenChannelText = (channelId: string): string =>
  `The bot may not see channel ${channelId}. Invite the bot to the server of the channel, and give it View Channel there.`

export function missingRightsText(channel: Pick<ChannelReport, 'id' | 'name'>, missing: readonly Right[]): string {
  return `The bot lacks ${missing.join(', ')} in ${named(channel)}. Allow this to the bot's role in the channel's settings, under Permissions.`
}

/** Discord does not let the bot make or delete a channel; `code` is Discord's. */
export function channelRefusedText({ code, reason }: { readonly code?: unknown; readonly reason?: unknown }): string {
  if (code === 50_013 || code === 50_001)
    return 'The bot may not manage channels here. Give its role Manage Channels in the settings of the server, then try again.'
  if (code === 30_013) return 'The server has as many channels as Discord allows. Delete one, then try again.'
  if (code === 50_035 || code === 50_024)
    return 'Discord refused it: the category Kimaki may be full (50 channels), or the server needs this channel. Tidy up, then try again.'
  return `Discord did not do it: ${String(reason)}. Try again later.`
}

export const lookalikeText = (name: string, meant: 'kimaki' | 'no-kimaki'): string =>
  `The role "${name}" looks like "${meant}", but is not: it ${meant === 'kimaki' ? 'lets nobody in' : 'keeps nobody out'}. Type its name anew, in plain letters, or rename it.`

const named = ({ id, name }: Pick<ChannelReport, 'id' | 'name'>): string =>
  name === '' ? `channel ${id}` : `channel ${id} (#${name})`
