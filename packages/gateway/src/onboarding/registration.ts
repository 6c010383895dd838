/** A machine registers and asks how far it is (`kimaki-protocol`, `onboarding.ts`). */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Malformed, PROTOCOL, readRegistration, type OnboardingStatus } from 'kimaki-protocol'
import { StoreAway } from '../base/errors.ts'
import { Windows } from '../base/windows.ts'
import { authenticate } from '../rest/authenticate.ts'
import { readBody } from '../rest/body.ts'
import { refuse, sendJson } from '../base/answer.ts'
import type { OnboardingSettings } from './settings.ts'

/** Of one address in an hour: a machine needs one. */
const REGISTRATIONS = { times: 20, ms: 3_600_000 }
const LARGEST = 4096

export interface RegistrationRoutes {
  /** `address`: whose request it is. */
  register(request: IncomingMessage, response: ServerResponse, address: string): Promise<void>
  status(request: IncomingMessage, response: ServerResponse, attemptId: string): void
}

export function createRegistration({ store, publicUrl, now }: OnboardingSettings): RegistrationRoutes {
  const registrations = new Windows(REGISTRATIONS, now)
  return {
    async register(request, response, address) {
      const wait = registrations.take(address)
      if (wait > 0) return refuse(response, 'tooMany', wait)
      const body = await readBody(request, LARGEST)
      const wanted = typeof body === 'string' ? body : readRegistration(body.json)
      if (wanted instanceof Malformed || typeof wanted === 'string') return refuse(response, 'malformed')
      const { client_id: id, secret_sha256: secretHash, machine, restart = false } = wanted
      const attempt = store.clients.register({ id, secretHash, machine, restart })
      if (attempt instanceof StoreAway) return refuse(response, 'unavailable')
      if (attempt === 'taken') return refuse(response, 'taken')
      const installUrl = `${publicUrl}/discord-install?clientId=${id}`
      sendJson(response, 200, { protocol: PROTOCOL, attempt: attempt.id, code: attempt.code, install_url: installUrl })
    },
    status(request, response, attemptId) {
      const client = authenticate(store.clients, (request.headers.authorization ?? '').replace(/^Bearer /, ''))
      if (client instanceof StoreAway) return refuse(response, 'unavailable')
      if (client === 'unauthorized') return refuse(response, 'unauthorized')
      const attempt = store.clients.attempt(attemptId)
      if (attempt instanceof StoreAway) return refuse(response, 'unavailable')
      if (attempt?.clientId !== client.id) return refuse(response, 'notFound')
      const { guildId, message } = attempt
      const status: OnboardingStatus =
        guildId !== undefined
          ? { protocol: PROTOCOL, state: 'authorized', guild_id: guildId }
          : message !== undefined
            ? { protocol: PROTOCOL, state: 'failed', message }
            : { protocol: PROTOCOL, state: 'waiting' }
      sendJson(response, 200, status)
    },
  }
}
