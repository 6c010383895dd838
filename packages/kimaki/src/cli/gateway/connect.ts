/**
 * Connects this machine to a server through a gateway, and waits until a person has let it in.
 *
 *     credentials on disk ─▶ registered ─▶ `install_url` ─▶ a person consents at Discord ─▶ `authorized`
 *                                               └─ nobody does in time, or the gateway refuses ─▶ `error`
 *
 * G1. Credentials, and the number of the attempt, are on disk before anybody hears of them: whoever starts again goes on with the same
 *     address, and hears of a consent that came meanwhile.
 * G2. A consent counts once `done` has resolved. Before that, a start after a crash tells it again.
 * G3. It waits for a new consent, whatever servers the machine is in already: whoever wants none of that does not come here.
 */
import { tokenOf } from 'kimaki-protocol'
import { TryLater, UsageError } from '../../base/errors.ts'
import { sleep } from '../../base/sleep.ts'
import type { Config } from '../config.ts'
import { gatewayPlaces } from '../credentials.ts'
import { saveGateway, type SavedGateway } from '../saved/credentials.ts'
import type { StatusEvent } from '../status.ts'
import { askStatus } from './ask.ts'
import { beginAttempt, machineAt } from './attempt.ts'

export interface ConnectRequest {
  readonly config: Config
  /** Where the person goes on to. */
  readonly callback: string | undefined
  readonly tell: (event: StatusEvent) => void
  /** The error that is returned, as an event. */
  readonly tellEnd: (event: StatusEvent) => void
  /** Beside the address: by this code people know the machine. */
  readonly tellCode: (code: string) => void
  /** What is to be done in the server before the consent counts. */
  readonly done: (token: string, guildId: string) => Promise<void>
  readonly signal: AbortSignal
}

export interface Connected {
  readonly token: string
}

const POLL_MS = 2000

/** Rejects with the reason of the signal. */
export async function connect(request: ConnectRequest): Promise<Connected | UsageError> {
  const { dataDir, environment } = request.config
  const wrong = wrongCallback(request.callback)
  if (wrong) return told(request, wrong)
  const places = gatewayPlaces(dataDir, environment)
  if (places instanceof UsageError) return told(request, places)
  const machine = machineAt(places, dataDir)
  const before = machine.attempt === undefined ? undefined : await askStatus(machine.website, machine, machine.attempt)
  if (before instanceof TryLater) return told(request, before)
  if (before && !(before instanceof Error) && before.state === 'authorized') return finish(request, machine, before.guild_id)
  const begun = await beginAttempt(dataDir, machine)
  if (begun instanceof Error) return told(request, begun)
  const { gateway, registered } = begun
  const address = withCallback(registered.install_url, request.callback)
  request.tell({ type: 'install_url', url: address })
  request.tellCode(registered.code)
  const guildId = await untilLetIn(request, gateway, address)
  return guildId instanceof Error ? told(request, guildId, address) : finish(request, gateway, guildId)
}

async function finish(request: ConnectRequest, machine: SavedGateway, guildId: string): Promise<Connected> {
  const { config, tell, done } = request
  tell({ type: 'authorized', guild_id: guildId })
  await done(tokenOf(machine), guildId)
  return connected(config.dataDir, machine)
}

function connected(dataDir: string, machine: SavedGateway): Connected {
  saveGateway(dataDir, { ...machine, attempt: undefined, isAuthorized: true }, 'is used')
  return { token: tokenOf(machine) }
}

/** What goes wrong at Discord's page is told, and the person may open the address again. */
async function untilLetIn(
  { config, tell, signal }: ConnectRequest,
  machine: SavedGateway & { readonly attempt: string },
  address: string,
): Promise<string | UsageError> {
  const { onboardingMs } = config
  const until = performance.now() + onboardingMs
  let said: string | undefined
  while (performance.now() < until) {
    await sleep(Math.min(POLL_MS, onboardingMs), signal)
    const status = await askStatus(machine.website, machine, machine.attempt)
    if (status instanceof TryLater) continue
    if (status instanceof UsageError) return status
    if (status.state === 'authorized') return status.guild_id
    if (status.state === 'failed' && status.message !== said) {
      said = status.message
      tell({ type: 'error', message: said, install_url: address })
    }
  }
  return new UsageError({
    reason: `Nobody has let this machine into a server within ${Math.round(onboardingMs / 1000)} s. Start kimaki --gateway again: the address stays the same.`,
  })
}

function told({ tellEnd }: ConnectRequest, error: UsageError | TryLater, address?: string): UsageError {
  tellEnd({ type: 'error', message: error.message, ...(address !== undefined && { install_url: address }) })
  return error instanceof UsageError ? error : new UsageError({ reason: error.message })
}

/** As the gateway itself has it: https, or http on this very machine. */
function wrongCallback(callback: string | undefined): UsageError | undefined {
  if (callback === undefined) return undefined
  const url = URL.parse(callback)
  const isHere = url?.protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  if ((url?.protocol === 'https:' || isHere) && url?.username === '' && callback.length <= LONGEST_ADDRESS) return undefined
  return new UsageError({
    reason: `--gateway-callback-url must begin with https://, or with http://localhost; it is "${callback}".`,
  })
}

const LONGEST_ADDRESS = 2000

function withCallback(address: string, callback: string | undefined): string {
  if (callback === undefined) return address
  return `${address}${address.includes('?') ? '&' : '?'}callbackUrl=${encodeURIComponent(callback)}`
}
