/** The `World` of the public contract, over a realm. */
import type { World } from '../api.ts'
import { createBot } from './people/bot.ts'
import type { Changes } from './base/changes.ts'
import { createGuild } from './people/guild.ts'
import { createPerson } from './people/person.ts'
import type { Realm } from './realm/realm.ts'
import { showChannel } from './show/show-channel.ts'
import { showMessage } from './show/show-message.ts'
import { threadsOf } from './threads/thread-state.ts'
import { transcriptOf } from './transcript.ts'

export function createWorld(realm: Realm, changes: Changes): World {
  return {
    user: (name) => createPerson(realm, name),
    guild: ({ name, owner }) => createGuild(realm, name, owner),
    bot: (options) => createBot(realm, options),
    messages: (channelId) => realm.messages.all(channelId).map((message) => showMessage(realm, message)),
    channel(channelId) {
      const channel = realm.channels.get(channelId)
      return channel && showChannel(channel)
    },
    threads: (channelId) => threadsOf(realm, channelId).map((thread) => showChannel(thread)),
    transcript: (channelId, viewer) => transcriptOf(realm, channelId, viewer?.id),
    until: changes.until,
    onChange: changes.onChange,
  }
}
