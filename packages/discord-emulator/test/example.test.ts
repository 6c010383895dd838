import { startEmulator } from 'discord-emulator'
import { Client, GatewayIntentBits as Intent } from 'discord.js'
import { expect, test } from 'vitest'

test('my bot answers ping with pong', async () => {
  const emulator = await startEmulator()
  const { world } = emulator
  const ada = world.user('Ada')
  const guild = world.guild({ name: 'Workshop', owner: ada })
  const channel = guild.textChannel('general')
  const account = world.bot({ name: 'helper' })
  guild.addBot(account)
  const bot = await myBot(emulator.apiUrl, account.token)
  ada.send(channel.id, 'ping')
  await world.until('an answer', () => world.messages(channel.id).find(({ author }) => author.bot))
  expect(world.transcript(channel.id)).toBe('# general\nAda: ping\nhelper: pong')
  await bot.destroy()
  await emulator.stop()
})

async function myBot(api: string, token: string): Promise<Client> {
  const intents = [Intent.Guilds, Intent.GuildMessages, Intent.MessageContent]
  const bot = new Client({ intents, rest: { api } })
  bot.on('messageCreate', ({ content, channel }) => {
    if (content === 'ping' && channel.isSendable()) void channel.send('pong')
  })
  const ready = new Promise((resolve) => {
    bot.once('clientReady', resolve)
  })
  await bot.login(token)
  await ready
  return bot
}
