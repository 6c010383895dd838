/** Once the bot is ready, the gateway hears which channels are this machine's: projects may be older than their gateway. Nothing waits for it. */
import { UsageError } from '../../base/errors.ts'
import type { ChannelOwners } from '../../ports/channel-owners.ts'
import type { Log } from '../../ports/host.ts'
import type { Projects } from '../intake/projects.ts'

/** One after the other: a gateway takes so many requests a second of a machine. */
export async function claimLinked(owners: ChannelOwners, projects: Pick<Projects, 'all'>, log: Log): Promise<void> {
  for (const { channelId, directory } of projects.all()) {
    const refused = await owners.claim(channelId)
    if (refused instanceof UsageError)
      log.error(`a linked channel is not this machine's, so its commands and buttons do not come here. ${refused.message}`, {
        channel: channelId,
        directory,
      })
    else if (refused) log.warn('the gateway was not told which channels are of this machine', { reason: refused.message })
  }
}
