/** Answers of Discord's REST routes, as far as they are looked at. What a message or a guild looks like stands in the files beside. */
import { Unreadable } from '../../base/errors.ts'
import { compareSnowflakes } from '../../base/ids.ts'
import { channelFields, channels, listedThread } from './guild.ts'
import { pastMessage } from './message.ts'
import { anything, bits, flag, list, number, optional, orElse, orNone, readable, record, snowflake, text, that } from './shape.ts'

export const withId = record({ id: snowflake })
export const listOfIds = list(withId)

/** Of a channel: where its messages end. */
export const newest = record({ last_message_id: orNone(snowflake) })

/** The channels of a guild, and where the messages of each end. */
export const newestOfChannels = readable(record({ id: snowflake, last_message_id: orNone(snowflake) }))

const inGuild = record({ channels: newestOfChannels, threads: newestOfChannels })

/** The newest message of a guild as it comes with a new session; undefined when it has none, or is in an outage. */
export function newestInGuild(guild: unknown): string | undefined {
  const places = inGuild(guild)
  if (places instanceof Unreadable) return undefined
  const ids = [...places.channels, ...places.threads].flatMap(({ last_message_id: id }) => id ?? [])
  return ids.toSorted(compareSnowflakes).at(-1)
}

/** Active threads of a guild, as channels and as a list. */
export const activeChannels = record({ threads: channels })
export const activeThreads = record({ threads: readable(listedThread) })
/** Of a thread: whether anybody needs it. */
export const threadNow = record({
  last_message_id: orNone(snowflake),
  thread_metadata: orNone(record({ archived: orElse(flag, false) })),
})
/** Of a thread that stands where one was to be opened: whose it is. Without an owner it is nobody's we know. */
export const standingThread = record({ owner_id: orNone(snowflake), name: orElse(text, '') })

/** The application of the bot. */
export const application = record({ id: snowflake, name: orElse(text, ''), flags: orElse(number, 0) })

/** The guilds of the bot, by name. */
export const guildNames = readable(record({ id: snowflake, name: orElse(text, '') }))

/** The channels of a guild, as somebody looks for one by its name or topic. */
export const guildChannels = readable(record({ ...channelFields, topic: orNone(text) }))

/** A channel, and what it allows and denies: as that decides about rights, all of it is needed. */
export const channelWithRights = record({
  ...channelFields,
  permission_overwrites: optional(list(record({ id: snowflake, allow: bits, deny: bits }))),
})

export const archivedThreads = record({ threads: readable(listedThread), has_more: orElse(flag, false) })

/** A page of a channel's past: as long as Discord sent it, though a message without an id is none. */
export const page = list(orNone(pastMessage))

/** Slash commands that Discord has, to be compared with ours. */
export const knownCommands = readable(
  record({
    id: snowflake,
    type: anything,
    name: text,
    description: anything,
    contexts: anything,
    integration_types: anything,
    options: readable(
      record({
        type: anything,
        name: anything,
        description: anything,
        required: anything,
        autocomplete: anything,
        choices: readable(record({ name: anything, value: anything })),
      }),
    ),
  }),
)

export const gatewayAddress = record({ url: that(text, isSocketUrl, 'the address of a socket') })

export function isSocketUrl(address: string): boolean {
  return URL.canParse(address) && ['ws:', 'wss:'].includes(new URL(address).protocol)
}
