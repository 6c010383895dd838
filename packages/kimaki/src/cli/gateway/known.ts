/** The machine as a gateway knows it already: a start with it asks nobody anything. */
import { tokenOf } from 'kimaki-protocol'
import { UsageError } from '../../base/errors.ts'
import type { Config } from '../config.ts'
import { gatewayPlaces, savedGateway, withToken } from '../credentials.ts'
import { saveGateway } from '../saved/credentials.ts'

/** The configuration to run with; undefined where nobody has let this machine in at the gateway in question. */
export function asKnownMachine(config: Config): Config | undefined {
  const { dataDir, environment } = config
  const places = gatewayPlaces(dataDir, environment)
  const machine = savedGateway(dataDir)
  if (places instanceof UsageError || machine?.website !== places.website || !machine.isAuthorized) return undefined
  const isSo = config.token === tokenOf(machine) && machine.apiUrl === places.apiUrl && machine.attempt === undefined
  // An attempt that nobody waits for any more must not answer a later one.
  if (!isSo) saveGateway(dataDir, { ...machine, apiUrl: places.apiUrl, attempt: undefined }, 'is used')
  return withToken(config, tokenOf(machine))
}
