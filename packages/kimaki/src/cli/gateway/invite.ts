/** The address by which a machine that is known to a gateway is let into another server. */
import { UsageError } from '../../base/errors.ts'
import type { Config } from '../config.ts'
import { credentialsOf, gatewayPlaces, savedGateway } from '../credentials.ts'
import { saveGateway } from '../saved/credentials.ts'
import { register } from './ask.ts'
import { nameOfMachine } from './attempt.ts'

type Machine = Pick<Config, 'token' | 'dataDir' | 'environment'>

/** Nothing waits for whoever opens it: a bot that runs hears of the new server by itself. */
export const inviteThroughGateway = async (machine: Machine): Promise<string | Error> => {
  const registered = await registerAgain(machine)
  return registered instanceof Error ? registered : registered.install_url
}

/** The machine is in no server any more: the next start with `--gateway` waits for this address. */
export async function inviteAnew(machine: Machine): Promise<string | Error> {
  const registered = await registerAgain(machine)
  if (registered instanceof Error) return registered
  const known = savedGateway(machine.dataDir)
  if (known?.clientId === credentialsOf(machine.token)?.clientId && known)
    saveGateway(machine.dataDir, { ...known, attempt: registered.attempt, isAuthorized: false })
  return registered.install_url
}

async function registerAgain({ token, dataDir, environment }: Machine) {
  const credentials = credentialsOf(token)
  const places = gatewayPlaces(dataDir, environment)
  if (places instanceof UsageError) return places
  if (!credentials) return new UsageError({ reason: 'The token is not one of a machine at a gateway.' })
  const registered = await register(places.website, credentials, nameOfMachine())
  return registered === 'taken' ? new UsageError({ reason: 'The gateway knows this machine by another secret.' }) : registered
}
