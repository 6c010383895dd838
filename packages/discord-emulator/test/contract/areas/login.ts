import { expect } from 'vitest'
import type { Check } from '../check.ts'

export const login: readonly Check[] = [
  {
    says: 'a client that logs in knows itself, its guilds, channels, roles and active threads',
    async run({ client, emulator, ada, guild, channelId, again }) {
      expect(client.self()).toBe('helper')
      expect(client.cached()).toMatchObject({ guilds: ['Workshop'], channels: ['general'], threads: [] })
      ada.startThread(channelId, 'plans')
      guild.archiveThread(ada.startThread(channelId, 'old').id)
      guild.role({ name: 'crew' })
      const other = emulator.world.guild({ name: 'Library', owner: ada })
      other.textChannel('desk')
      const later = await again()
      expect(later.client.cached()).toEqual({
        guilds: ['Workshop'],
        channels: ['general'],
        threads: ['plans'],
        roles: ['@everyone', 'crew', 'helper'],
      })
    },
  },
  {
    says: 'its caches follow what changes',
    async run({ client, guild, ada, until, emulator, bot }) {
      const desk = guild.textChannel('desk')
      await until('the new channel is cached', () => client.cached().channels.includes('desk'))
      ada.startThread(desk.id, 'talk')
      guild.rename(desk.id, 'table')
      const crew = guild.role({ name: 'crew' })
      await until('the new name is cached', () => client.cached().channels.includes('table'))
      await until('the thread is cached', () => client.cached().threads.includes('talk'))
      await until('the role is cached', () => client.cached().roles.includes('crew'))
      guild.deleteRole(crew.id)
      guild.deleteChannel(desk.id)
      await until(
        'what went is gone',
        () => !client.cached().channels.includes('table') && !client.cached().roles.includes('crew'),
      )
      const library = emulator.world.guild({ name: 'Library', owner: ada })
      library.addBot(bot)
      await until('the guild it was added to is cached', () => client.cached().guilds.join() === 'Library,Workshop')
    },
  },
  {
    says: 'the members of a guild are asked for over the gateway',
    async run({ client, guild }) {
      expect([...(await client.guildMembers(guild.id))].sort()).toEqual(['ada', 'ben', 'helper'])
    },
  },
  {
    says: 'a wrong token is refused',
    async run({ stranger }) {
      await expect(stranger()).rejects.toBeInstanceOf(Error)
    },
  },
]
