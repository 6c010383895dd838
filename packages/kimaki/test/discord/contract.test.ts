/** The adapter on the emulator keeps the contract of its port. */
import { openWorld } from './world.ts'
import { chatPortContract, type ChatPortFixture } from '../support/contracts/chat-port.ts'

const POST = 'POST /channels/:channel/messages'

chatPortContract('the adapter', async (): Promise<ChatPortFixture> => {
  const world = await openWorld()
  const { guild, channelId, emulator, bot } = world
  const ben = emulator.world.user('Ben')
  guild.join(ben)
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
    refusePosts: (channel) => guild.setOverwrites(channel, [{ id: bot.id, type: 'member', deny: 1n << 11n }]),
    loseAnswerOfPost: () => void emulator.faults.add({ route: POST, effect: { kind: 'reset-after' } }),
    hangPost: () => void emulator.faults.add({ route: POST, effect: { kind: 'hang', commit: false } }),
    close: () => world.stop(),
  }
})
