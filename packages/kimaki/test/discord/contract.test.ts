/** The adapter on the emulator keeps the contract of its port. */
import { openWorld } from './world.ts'
import { chatPortContract, type ChatPortFixture } from '../support/contracts/chat-port.ts'

/** View channels, read and send messages, use commands, manage the server. */
const EVERYBODY = (1n << 10n) | (1n << 11n) | (1n << 16n) | (1n << 31n) | (1n << 38n) | (1n << 5n)
const POST = 'POST /channels/:channel/messages'

chatPortContract('the adapter', async (): Promise<ChatPortFixture> => {
  const world = await openWorld()
  const { guild, channelId, emulator, bot } = world
  const ben = emulator.world.user('Ben')
  guild.join(ben)
  // Whoever may not speak is not heard.
  guild.setRolePermissions(guild.id, EVERYBODY)
  const gone = guild.textChannel('gone')
  guild.deleteChannel(gone.id)
  return {
    chat: world.chat().port,
    guildId: guild.id,
    channelId,
    goneChannelId: gone.id,
    personId: ben.id,
    write: (channel, text) => ben.send(channel, text).id,
    invoke: (channel, name) => void ben.command(channel, name),
    leaveGuild: () => guild.leave(ben.id),
    forbidPosts: (channel) => guild.setOverwrites(channel, [{ id: bot.id, type: 'member', deny: 1n << 11n }]),
    loseAnswerOfPost: () => void emulator.faults.add({ route: POST, effect: { kind: 'reset-after' } }),
    hangPost: () => void emulator.faults.add({ route: POST, effect: { kind: 'hang', commit: false } }),
    close: () => world.stop(),
  }
})
