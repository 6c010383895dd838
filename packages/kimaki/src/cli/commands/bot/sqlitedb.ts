/**
 * `kimaki sqlitedb`: the database for programs that speak libSQL's protocol. The bot serves it where one runs; else this process does, until
 * Ctrl-C. Writing is for a time without a bot: this process then holds its lock, and goes when a bot starts.
 */
import { UsageError } from '../../../base/errors.ts'
import { jsonForTerminal } from '../../../base/text.ts'
import { composedOf, defineCliCommand } from '../../command.ts'
import type { Config } from '../../config.ts'
import type { Control } from '../../control/lock.ts'
import type { SqlAddress } from '../../sqlitedb/server.ts'
import { EXIT_OK, logError } from '../../status.ts'

type Show = (address: SqlAddress) => void

export const sqlitedb = defineCliCommand({
  usage: 'sqlitedb',
  description: 'serve the database on this machine, with the protocol of libSQL (Hrana 2); read-only',
  examples: ['kimaki sqlitedb', 'kimaki sqlitedb --json', 'kimaki sqlitedb --writable'],
  options: {
    writable: { flag: '--writable', description: 'writing is allowed; only while no bot runs, and until one starts' },
    json: { flag: '--json', description: 'as JSON: {url, token}' },
  },
  async run({ config, options, print }) {
    const show: Show = (address) => {
      if (options.json) return print(jsonForTerminal(address))
      print(`address: ${address.url}`)
      print(`token:   ${address.token}`)
    }
    if (options.writable) return serveWritable(config, show)
    const { askBotOr } = await import('../../control/ask-bot.ts')
    const served = await askBotOr<SqlAddress | undefined>(config, { method: 'POST', path: '/sqlitedb' }, () => undefined)
    if (served instanceof Error) return served
    if (!served) return serveHere(config, 'read', show)
    show(served)
    return EXIT_OK
  },
  routes: {
    'POST /sqlitedb': async (_body, bot) => {
      const composed = composedOf(bot)
      if (composed instanceof Error) return composed
      const { kept, config } = composed
      const { serveDatabase } = await import('../../sqlitedb/server.ts')
      const server = await kept.once('sqlitedb', async () => serveDatabase(config.database, 'read'))
      return server instanceof Error ? server : server.address
    },
  },
})

async function serveWritable(config: Config, show: Show): Promise<number | Error> {
  const { takeControl } = await import('../../control/lock.ts')
  const { prepareDataDir } = await import('../../data-folder.ts')
  const unsafe = prepareDataDir(config.dataDir)
  if (unsafe) return unsafe
  const ended = new AbortController()
  // As a bot answers a second start: the bot that asks it to go takes the lock when it is gone.
  const lock = await takeControl(
    { dataDir: config.dataDir, port: config.lockPort },
    {
      'GET /status': async () => ({ pid: process.pid, servers: [] }),
      'POST /stop': async () => {
        ended.abort()
        return { pid: process.pid }
      },
    },
  )
  if (lock instanceof Error) return lock
  return lock ? serveHere(config, 'write', show, { lock, ended: ended.signal }) : new UsageError({ reason: RUNS(config.dataDir) })
}

const RUNS = (dataDir: string): string =>
  `a kimaki runs on ${dataDir}, and with --writable two programs would write. Stop it first, or leave out --writable.`

async function serveHere(
  { database }: Config,
  mode: 'read' | 'write',
  show: Show,
  { lock, ended }: { readonly lock?: Control; readonly ended?: AbortSignal } = {},
): Promise<number | Error> {
  const { existsSync } = await import('node:fs')
  const { serveDatabase } = await import('../../sqlitedb/server.ts')
  try {
    if (!existsSync(database))
      return new UsageError({ reason: `There is no ${database}: kimaki has not run on this data folder.` })
    const server = await serveDatabase(database, mode)
    if (server instanceof Error) return server
    show(server.address)
    logError(
      `no bot runs here, so this process serves the database, ${mode === 'read' ? 'read-only' : 'writable'}, until Ctrl-C.`,
    )
    await told(ended)
    await server.close()
    return EXIT_OK
  } finally {
    await lock?.close()
  }
}

/** Ctrl-C, or a bot that starts. */
const told = async (ended: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve) => {
    ended?.addEventListener('abort', () => resolve())
    process.once('SIGINT', () => resolve()).once('SIGTERM', () => resolve())
  })
