/** Bots under the real wrapper, in the tests of a file: each is ended after the test that started it, whatever the test did to it. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach } from 'vitest'
import type { BotProcess, Exit } from '../support/bot-process.ts'
import type { Harness } from '../support/harness.ts'

export interface WrappedBots {
  /** One more, ready. */
  wrapped(environment?: Readonly<Record<string, string>>): Promise<BotProcess>
  /** Also ended after the test. */
  adopt(bot: BotProcess): void
  ended(bot: BotProcess): Promise<Exit>
  /** The bot that holds the lock, as it has put itself on record. */
  botPid(): number
}

const WRAPPED = { kind: 'composition', file: new URL('../support/wrapped-bot.ts', import.meta.url) } as const

export function useWrappedBots(harness: Harness): WrappedBots {
  const started: BotProcess[] = []
  const ended = async (bot: BotProcess): Promise<Exit> => (bot.running ? bot.stop() : bot.exited)
  afterEach(async () => {
    for (const bot of started.splice(0)) await ended(bot)
  })
  return {
    async wrapped(environment) {
      const bot = await harness.bot(WRAPPED, { ...environment, KIMAKI_NO_WRAPPER: '' })
      started.push(bot)
      return bot
    },
    adopt: (bot) => void started.push(bot),
    ended,
    botPid() {
      const file = join(harness.dataDir, 'bot-process.json')
      return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { readonly pid: number }).pid : -1
    },
  }
}

/** How often a bot under this wrapper was ready. */
export const readies = (bot: BotProcess): number => bot.stdout().split('"type":"ready"').length - 1
