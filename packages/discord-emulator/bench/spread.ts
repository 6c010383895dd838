/**
 * How many messages go over 50 channels at once, through @discordjs/rest in a process of its own with its limiter off
 * (`globalRequestsPerSecond: Infinity`; the emulator's is off, too, so that no bucket is ever empty). One bot listens. The goal is
 * 4,000 a second; measured: 5,300 to 9,900 on two cores, depending on what else runs.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { REST } from '@discordjs/rest'
import { startEmulator } from '../src/index.ts'
import type { CreateRate } from './creates.ts'
import { listen } from './listen.ts'

const CHANNELS = 50

export async function benchSpread(n: number): Promise<CreateRate> {
  const emulator = await startEmulator({ rateLimits: false })
  const owner = emulator.world.user('ada')
  const guild = emulator.world.guild({ name: 'Town', owner })
  const channels = Array.from({ length: CHANNELS }, (_, index) => guild.textChannel(`channel-${index}`).id)
  const bot = emulator.world.bot({ name: 'helper' })
  guild.addBot(bot)
  const listener = await listen(emulator, bot.token)
  const args = [fileURLToPath(import.meta.url), emulator.apiUrl, bot.token, String(n), ...channels]
  const client = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let told = ''
  client.stdout.on('data', (chunk: Buffer) => void (told += chunk.toString()))
  await once(client, 'close')
  listener.terminate()
  await emulator.stop()
  return { n, perSecond: Math.round(Number(told)) }
}

/** Each channel's messages one after the other, all channels at once. */
async function post(api: string, token: string, n: number, channels: readonly string[]): Promise<number> {
  const rest = new REST({ version: '10', api, globalRequestsPerSecond: Number.POSITIVE_INFINITY }).setToken(token)
  const times = async (count: number) => {
    const each = async (id: string) => {
      for (let index = 0; index < count; index += 1)
        await rest.post(`/channels/${id}/messages`, { body: { content: `Message ${index}` } })
    }
    await Promise.all(channels.map(each))
  }
  await times(Math.ceil(n / channels.length / 10))
  const started = performance.now()
  await times(Math.ceil(n / channels.length))
  return n / ((performance.now() - started) / 1000)
}

if (import.meta.main) {
  const [, , api = '', token = '', n = '0', ...channels] = process.argv
  process.stdout.write(String(await post(api, token, Number(n), channels)))
}
