/**
 * What the pages hear: the whole picture when they connect, then only differences. The world tells that something changed,
 * never what; so it is read again (at most 25 times a second) and compared with what was last told.
 */
import type { ServerResponse } from 'node:http'
import type { Emulator } from 'discord-emulator'
import { difference } from '../discord/difference.ts'
import type { BotEvent, BotKeeper } from '../machine/bot.ts'
import type { Troubles } from '../machine/troubles.ts'
import type { Watch } from '../proof/watch.ts'
import type { Exit } from '../machine/life.ts'
import type { Hello, Push, Scene } from '../wire.ts'

export interface Feed {
  /** Answers with an event stream that lasts until either side ends it. */
  join(response: ServerResponse): void
  stop(): void
}

export interface FeedSources {
  readonly emulator: Emulator
  readonly bot: BotKeeper
  readonly hello: Hello
  readonly read: () => Scene
  readonly troubles: Pick<Troubles, 'lasting' | 'onChange'>
  readonly watch: Pick<Watch, 'verdict' | 'onChange'>
}

export function createFeed({ emulator, bot, hello, read, troubles, watch }: FeedSources): Feed {
  const pages = new Set<ServerResponse>()
  let told = read()
  let waiting: NodeJS.Timeout | undefined

  function push(message: Push): void {
    for (const page of pages) send(page, message)
  }

  function tellDifference(): void {
    clearTimeout(waiting)
    waiting = undefined
    const now = read()
    const pushes = difference(told, now)
    told = now
    for (const message of pushes) push(message)
  }

  const unsubscribe = [
    emulator.world.onChange(() => {
      waiting ??= setTimeout(tellDifference, LULL_MS)
    }),
    emulator.journal.onEntry((entry) => {
      if (entry.kind !== 'request' || entry.route !== TYPING || entry.status !== 204) return
      const placeId = /\/channels\/(\d+)\/typing/.exec(entry.path)?.[1]
      if (placeId !== undefined) push({ kind: 'typing', placeId, at: Date.now() })
    }),
    bot.onEvent((event) => {
      push({ kind: 'bot', bot: bot.status() })
      const words = wordsFor(event)
      if (words) push(words)
    }),
    troubles.onChange(() => push({ kind: 'lasting', lasting: troubles.lasting() })),
    watch.onChange((verdict) => push({ kind: 'verdict', verdict })),
  ]

  return {
    join(response) {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
      tellDifference()
      send(response, {
        kind: 'whole',
        hello,
        scene: told,
        bot: bot.status(),
        verdict: watch.verdict(),
        lasting: troubles.lasting(),
      })
      pages.add(response)
      response.once('close', () => pages.delete(response))
    },
    stop() {
      for (const end of unsubscribe) end()
      clearTimeout(waiting)
      for (const page of pages) page.end()
    },
  }
}

function send(page: ServerResponse, message: Push): void {
  page.write(`data: ${JSON.stringify(message)}\n\n`)
}

function wordsFor(event: BotEvent): Push | undefined {
  if (event.kind === 'killed') return told('bad', `SIGKILL sent to ${event.pid}`)
  if (event.kind === 'failed')
    return told('bad', 'The bot does not start. Its last words stand in the terminal; "Start again" tries once more.')
  if (event.kind === 'exited' && event.exit.signal !== 'SIGKILL') return told('bad', exitWords(event.exit))
  if (event.kind === 'ready' && event.afterMs !== undefined)
    return told('good', `The bot is back after ${(event.afterMs / 1000).toFixed(1)} s, as ${event.pid}`)
  return undefined
}

const told = (tone: 'good' | 'bad', text: string): Push => ({ kind: 'told', tone, text })

function exitWords({ pid, signal, code }: Exit): string {
  return `The bot (${pid ?? 'no process'}) ended with ${signal ?? `code ${code ?? '?'}`}`
}

const TYPING = '/channels/:channel/typing'
const LULL_MS = 40
