/** A way into a server through a gateway, from credentials that are made once to the address that a person opens. */
import { randomBytes, randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { Registered } from 'kimaki-protocol'
import { UsageError, type TryLater } from '../../base/errors.ts'
import { savedGateway, type GatewayPlaces } from '../credentials.ts'
import { saveGateway, type SavedGateway } from '../saved/credentials.ts'
import { register } from './ask.ts'

export interface Attempt {
  readonly gateway: SavedGateway & { readonly attempt: string }
  readonly registered: Registered
}

/** What this machine is to that gateway, made now where it is new there. It is on disk before anybody hears of it. */
export function machineAt({ website, apiUrl }: GatewayPlaces, dataDir: string): SavedGateway {
  const known = savedGateway(dataDir)
  // A secret is said to the gateway it was made for and to no other.
  const machine = known?.website === website ? { ...known, apiUrl } : newMachine(website, apiUrl)
  saveGateway(dataDir, machine)
  return machine
}

/** Begins one, or goes on with the one that is open. Its number is on disk before its address is told. */
export async function beginAttempt(dataDir: string, machine: SavedGateway): Promise<Attempt | UsageError | TryLater> {
  const { website, apiUrl } = machine
  const registered = await register(website, machine, nameOfMachine())
  if (registered instanceof Error) return registered
  if (registered !== 'taken') return known(dataDir, machine, registered)
  // Somebody has seen the id in its address, and registered it after ours was forgotten.
  const other = newMachine(website, apiUrl)
  saveGateway(dataDir, other)
  const again = await register(website, other, nameOfMachine())
  if (again === 'taken') return new UsageError({ reason: `The gateway ${website} takes no new machine.` })
  return again instanceof Error ? again : known(dataDir, other, again)
}

function known(dataDir: string, machine: SavedGateway, registered: Registered): Attempt {
  const gateway = { ...machine, attempt: registered.attempt }
  saveGateway(dataDir, gateway)
  return { gateway, registered }
}

const newMachine = (website: string, apiUrl: string): SavedGateway => ({
  clientId: randomUUID(),
  secret: randomBytes(32).toString('hex'),
  website,
  apiUrl,
  isAuthorized: false,
})

const LONGEST_NAME = 100

/** As the people of a server see it. */
export function nameOfMachine(): string {
  const name = hostname().replaceAll(/\p{C}/gu, '').slice(0, LONGEST_NAME)
  return name === '' ? 'a machine' : name
}
