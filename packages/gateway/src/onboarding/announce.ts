/** Nobody is connected silently: the guild is told which machine was connected, by whom, and where to end it. Told again until it was. */
import { NoAnswer, StoreAway } from '../base/errors.ts'
import { fieldsOf, isSnowflake, listOf } from '../base/shape.ts'
import type { Announcement } from '../ports/store.ts'
import type { UpstreamRest } from '../upstream/rest.ts'
import type { OnboardingSettings } from './settings.ts'

const TEXT_CHANNEL = 0
/** Channels that are tried, the system channel first. */
const TRIES = 5

export function createAnnounce(
  { store, publicUrl, log }: Pick<OnboardingSettings, 'store' | 'publicUrl' | 'log'>,
  upstream: UpstreamRest,
): () => Promise<void> {
  const tell = async (announcement: Announcement): Promise<void> => {
    const { guildId, clientId } = announcement
    const guild = store.guilds.guild(guildId)
    if (guild === undefined || guild instanceof StoreAway) return
    const text = listOf(guild.channels).filter(({ type }) => type === TEXT_CHANNEL)
    const ordered = [guild.system_channel_id, ...text.map(({ id }) => id)].filter(isSnowflake)
    for (const channelId of [...new Set(ordered)].slice(0, TRIES)) {
      const body = JSON.stringify({ content: sentenceOf(announcement, publicUrl), allowed_mentions: { parse: [] } })
      const answer = await upstream.ask({ method: 'POST', path: `/channels/${channelId}/messages`, body })
      if (answer instanceof NoAnswer) return
      if (answer.status === 200) return void store.clients.announced(clientId, guildId)
    }
    log.warn('a server could not be told of a machine; it will be tried again', { guild: guildId, client: clientId })
  }
  let running: Promise<void> = Promise.resolve()
  const all = async (): Promise<void> => {
    const open = store.clients.unannounced()
    if (open instanceof StoreAway) return
    for (const announcement of open) await tell(announcement)
  }
  return () => {
    running = running.then(all)
    return running
  }
}

/** Names are people's own: no Markdown of theirs is shown as such. */
function sentenceOf({ machine, code, userId }: Announcement, publicUrl: string): string {
  const plain = fieldsOf({ machine }).machine as string
  const name = plain.replaceAll(/[\\*_~`|>#[\]()<@:-]/g, String.raw`\$&`)
  return `⬦ <@${userId}> connected the machine **${name}** to this server (its terminal shows ${code}). If you do not know it: whoever may manage the server can disconnect it at <${publicUrl}/manage>.`
}
