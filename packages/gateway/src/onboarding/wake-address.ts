/** A machine says where it can be woken, or that it cannot any more (`kimaki-protocol`, `wake.ts`). */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Malformed, readWakeAddress } from 'kimaki-protocol'
import { refuse, send } from '../base/answer.ts'
import { StoreAway } from '../base/errors.ts'
import type { ClientStore } from '../ports/store.ts'
import { authenticate } from '../rest/authenticate.ts'
import { readBody } from '../rest/body.ts'

export type WakeAddressRoute = (request: IncomingMessage, response: ServerResponse) => Promise<void>

const LARGEST = 1024

export const createWakeAddress =
  (clients: ClientStore): WakeAddressRoute =>
  async (request, response) => {
    const client = authenticate(clients, (request.headers.authorization ?? '').replace(/^Bearer /, ''))
    if (client instanceof StoreAway) return refuse(response, 'unavailable')
    if (client === 'unauthorized') return refuse(response, 'unauthorized')
    const body = request.method === 'DELETE' ? undefined : await readBody(request, LARGEST)
    const wanted = typeof body === 'object' ? readWakeAddress(body.json) : body
    if (wanted instanceof Malformed || typeof wanted === 'string') return refuse(response, 'malformed')
    const kept = clients.setWake(client.id, wanted?.url)
    return kept instanceof StoreAway ? refuse(response, 'unavailable') : send(response, 204, '', {})
  }
