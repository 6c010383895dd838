/**
 * What 200,000 messages of ordinary length cost: people write them into 50 channels, one bot hears them all, the journal remembers
 * everything. Measured in a process of its own, after a garbage collection: growth of the process over the empty emulator. The goal is
 * 200 MB; measured: 160 to 163, of which 145 on the heap (374 to 450 before lists were shared and the journal showed late).
 */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { startEmulator } from '../src/index.ts'
import { listen } from './listen.ts'

export interface MemoryGrowth {
  readonly messages: number
  /** Of the resident set, bytes / 1e6. */
  readonly megabytes: number
  readonly heapMegabytes: number
}

export async function benchMemory(messages: number): Promise<MemoryGrowth> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--expose-gc',
    fileURLToPath(import.meta.url),
    String(messages),
  ])
  return JSON.parse(stdout) as MemoryGrowth
}

async function grow(messages: number): Promise<MemoryGrowth> {
  const emulator = await startEmulator({ rateLimits: false })
  const ada = emulator.world.user('ada')
  const guild = emulator.world.guild({ name: 'Town', owner: ada })
  const channels = Array.from({ length: 50 }, (_, index) => guild.textChannel(`channel-${index}`).id)
  const bot = emulator.world.bot({ name: 'helper' })
  guild.addBot(bot)
  const listener = await listen(emulator, bot.token)
  const before = settled()
  for (let index = 0; index < messages; index += 1) {
    ada.send(channels[index % 50] ?? '', [`Message number ${index}: `, TALK].join(''))
    if (index % 500 === 0) await emptied(listener)
  }
  const after = settled()
  listener.terminate()
  await emulator.stop()
  const megabytes = (key: 'rss' | 'heapUsed') => Math.round((after[key] - before[key]) / 1e6)
  return { messages, megabytes: megabytes('rss'), heapMegabytes: megabytes('heapUsed') }
}

const TALK = 'a line of ordinary talk about the weather, the work and what is for lunch.'

/** The listener has read what was written to it: sockets hold nothing back. */
async function emptied(listener: { ping(): void; once(event: 'pong', heard: () => void): void }): Promise<void> {
  await new Promise<void>((resolve) => {
    listener.once('pong', resolve)
    listener.ping()
  })
}

function settled(): NodeJS.MemoryUsage {
  // What V8 gives back when memory is short: without it the young generation alone counts 130 MB.
  for (let round = 0; round < 2; round += 1) globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' })
  return process.memoryUsage()
}

if (import.meta.main) process.stdout.write(JSON.stringify(await grow(Number(process.argv[2] ?? 200_000))))
