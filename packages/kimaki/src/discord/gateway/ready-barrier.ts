/**
 * When is a gateway session usable? After READY the guilds come one by one as GUILD_CREATE; a guild in an outage may not come at all,
 * so this waits 5 s at most. RESUMED is usable at once.
 */
import type { GatewayDispatchPayload } from 'discord-api-types/v10'
import { lookUp } from '../inbound/dispatches.ts'

export interface Arrival {
  see(dispatch: GatewayDispatchPayload): void
  /** Resolves once the guilds of the newest session are there. */
  complete(): Promise<void>
  stop(): void
}

const PATIENCE_MS = 5000

export function createArrival(): Arrival {
  let awaited = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  let waiting = Promise.withResolvers<void>()

  function done(): void {
    clearTimeout(timer)
    awaited = new Set()
    waiting.resolve()
  }

  function came(guildId = ''): void {
    awaited.delete(guildId)
    if (awaited.size === 0) done()
  }

  return {
    see(dispatch) {
      lookUp(
        {
          READY({ guilds }) {
            waiting.resolve()
            waiting = Promise.withResolvers<void>()
            awaited = new Set(guilds.map((guild) => guild.id))
            clearTimeout(timer)
            timer = setTimeout(done, PATIENCE_MS)
            came()
          },
          GUILD_CREATE: ({ id }) => came(id),
          GUILD_DELETE: ({ id }) => came(id),
          RESUMED: done,
        },
        dispatch,
      )
    },
    complete: () => waiting.promise,
    stop: done,
  }
}
