/** Connects through a gateway where a program reads what happens: events on stdout, and words for people on stderr. */
import { isAbortError } from '../../base/errors.ts'
import type { Config } from '../config.ts'
import { withToken } from '../credentials.ts'
import { welcomeServer } from '../projects/add.ts'
import { emitStatus, EXIT_OK, logError } from '../status.ts'
import { connect } from './connect.ts'

const SIGNALS = ['SIGINT', 'SIGTERM'] as const

/** The configuration to run with; a code to exit with where it was told to stop meanwhile. */
export async function connectOffTerminal(config: Config, callback: string | undefined): Promise<Config | number | Error> {
  const stopping = new AbortController()
  const stop = (): void => stopping.abort()
  for (const signal of SIGNALS) process.on(signal, stop)
  try {
    const connected = await connect({
      config,
      callback,
      tell: emitStatus,
      tellEnd: emitStatus,
      tellCode: (code) => logError(`open the address to let this machine into a server; there it is known by the code ${code}.`),
      done: async (token, guildId) => welcome(withToken(config, token), guildId),
      signal: stopping.signal,
    })
    return connected instanceof Error ? connected : withToken(config, connected.token)
  } catch (error) {
    if (!isAbortError(error)) throw error
    return EXIT_OK
  } finally {
    for (const signal of SIGNALS) process.off(signal, stop)
  }
}

/** Nobody is there to choose a folder: so that there is a channel to write in, the server gets its first one. */
async function welcome(config: Config, guildId: string): Promise<void> {
  if (config.environment['KIMAKI_NO_DEFAULT_CHANNEL'] === '1') return
  const made = await welcomeServer(config, guildId)
  if (made instanceof Error) logError(`there is no channel to try things in: ${made.message}`)
}
