/** Lets a gateway wake this machine: listens before the bot connects, and tells the gateway the address once it has. */
import { hashOf, WAKE_ADDRESS_PATH } from 'kimaki-protocol'
import { systemClock } from '../../base/clock.ts'
import { createTransport } from '../../discord/rest/transport.ts'
import type { Log } from '../../ports/host.ts'
import type { Config } from '../config.ts'
import { credentialsOf } from '../credentials.ts'
import { listenForWakes } from './listener.ts'
import { readWakeSettings } from './settings.ts'

export interface Wake {
  /** The bot is connected. */
  connected(): Promise<void>
  close(): Promise<void>
}

const TIMEOUT_MS = 8000

/** Undefined where it is not wanted, or the bot is not a gateway's; an error where it cannot listen. */
export async function openWake(
  { token, apiUrl, environment }: Pick<Config, 'token' | 'apiUrl' | 'environment'>,
  log: Log,
): Promise<Wake | undefined | Error> {
  const settings = readWakeSettings(environment)
  const credentials = credentialsOf(token)
  if (settings === undefined || settings instanceof Error) return settings
  if (credentials === undefined) {
    log.warn('KIMAKI_INTERNET_REACHABLE_URL is for bots of a gateway: Discord itself wakes nobody')
    return undefined
  }
  const connected = Promise.withResolvers<void>()
  const { clientId, secret } = credentials
  const listener = await listenForWakes({
    ...settings,
    clientId,
    secretHash: hashOf(secret),
    now: () => systemClock.now(),
    connected: connected.promise,
  })
  if (listener instanceof Error) return listener
  return {
    close: async () => listener.close(),
    async connected() {
      connected.resolve()
      const trouble = await tell(`${apiUrl.replace(/\/api$/, '')}${WAKE_ADDRESS_PATH}`, token ?? '', settings.url)
      if (trouble !== undefined) log.warn('the gateway was not told where this machine can be woken', { reason: trouble })
    },
  }
}

/** Undefined: it has been told. */
async function tell(address: string, token: string, url: string): Promise<string | undefined> {
  const transport = createTransport()
  try {
    const answer = await transport.exchange(address, {
      method: 'PUT',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ url }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    await answer.text()
    return answer.status < 300 ? undefined : `it answers ${answer.status}`
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  } finally {
    transport.close()
  }
}
