/** Which request goes where. Bodies of requests that lead nowhere are not read. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { StoreAway, reasonOf } from '../base/errors.ts'
import type { Log } from '../base/log.ts'
import type { Metrics } from '../base/metrics.ts'
import type { InstallRoutes } from '../onboarding/install.ts'
import type { ManageRoutes } from '../onboarding/manage.ts'
import type { OAuth } from '../onboarding/oauth.ts'
import { sentence } from '../onboarding/pages.ts'
import type { RegistrationRoutes } from '../onboarding/registration.ts'
import type { WakeAddressRoute } from '../onboarding/wake-address.ts'
import type { OwnershipRoute } from '../rest/ownership.ts'
import type { Proxy } from '../rest/proxy.ts'
import { refuse, send, sendJson, sendPage } from '../base/answer.ts'

export interface RoutesOptions {
  readonly proxy: Proxy
  readonly ownership: OwnershipRoute
  readonly wakeAddress: WakeAddressRoute
  readonly registration: RegistrationRoutes
  readonly install: InstallRoutes
  readonly manage: ManageRoutes
  readonly oauth: OAuth
  readonly metrics: Metrics
  readonly log: Log
  /** What is wrong, if anything. */
  readonly health: () => readonly string[]
  /** Metrics are for whoever knows it; undefined: for nobody. */
  readonly metricsToken: string | undefined
  /** Behind a proxy of the operator's, the header that it sets says whose request it is. */
  readonly isBehindProxy: boolean
}

type Serve = (request: IncomingMessage, response: ServerResponse) => void

const API = '/api/v10'
const OWNER = /^(?:GET|PUT|DELETE) \/api\/channels\/(\d{1,20})\/owner$/

export function createRoutes(options: RoutesOptions): Serve {
  const { log } = options
  return (request, response) => {
    void serve(options, request, response).catch((error: unknown) => {
      // The client went away while its body was read, or a defect: either way this request alone ends.
      if (!request.destroyed || response.writable) log.error('a request could not be answered', { reason: reasonOf(error) })
      if (response.headersSent) response.destroy()
      else refuse(response, 'unavailable')
    })
  }
}

async function serve(options: RoutesOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const raw = request.url ?? '/'
  if (raw.startsWith(`${API}/`)) return options.proxy(request, response, raw.slice(API.length))
  const url = URL.parse(raw, 'http://gateway')
  if (url === null) return refuse(response, 'notFound')
  const channelId = OWNER.exec(`${request.method} ${url.pathname}`)?.[1]
  if (channelId !== undefined) return options.ownership(request, response, channelId)
  const { registration, install, manage, oauth } = options
  switch (`${request.method} ${url.pathname}`) {
    case 'POST /api/clients':
      return registration.register(request, response, addressOf(options, request))
    case 'GET /api/onboarding/status':
      return registration.status(request, response, url.searchParams.get('attempt') ?? '')
    case 'PUT /api/wake':
    case 'DELETE /api/wake':
      return options.wakeAddress(request, response)
    case 'GET /discord-install':
      return install.begin(response, url.searchParams)
    case 'GET /api/oauth/callback':
      return comeBack(oauth, { install, manage }, { request, response, url })
    case 'GET /manage':
      return manage.show(request, response)
    case 'POST /manage/revoke':
      return manage.revoke(request, response)
    case 'GET /healthz': {
      const problems = options.health()
      return sendJson(response, problems.length === 0 ? 200 : 503, { ok: problems.length === 0, problems })
    }
    case 'GET /metrics': {
      const { metricsToken, metrics } = options
      const isTheirs = metricsToken !== undefined && request.headers.authorization === `Bearer ${metricsToken}`
      if (!isTheirs) return refuse(response, 'notFound')
      return send(response, 200, metrics.text(), { 'content-type': 'text/plain; version=0.0.4' })
    }
    default:
      return refuse(response, 'notFound')
  }
}

interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly url: URL
}

async function comeBack(
  oauth: OAuth,
  { install, manage }: Pick<RoutesOptions, 'install' | 'manage'>,
  { request, response, url }: Exchange,
): Promise<void> {
  const returned = await oauth.finish(request, url)
  if (returned instanceof StoreAway) {
    return sendPage(
      response,
      503,
      sentence('Not now', 'The gateway cannot read its database at the moment. Try again in a minute.'),
    )
  }
  if (typeof returned === 'string') return sendPage(response, 400, sentence('Not connected', returned))
  return returned.journey.kind === 'install' ? install.finish(response, returned) : manage.finish(response, returned)
}

function addressOf({ isBehindProxy }: RoutesOptions, request: IncomingMessage): string {
  const forwarded = String(request.headers['x-forwarded-for'] ?? '')
  // The last one is what the operator's own proxy saw; those before it are what the client says.
  const last = forwarded.split(',').at(-1)?.trim() ?? ''
  return isBehindProxy && last !== '' ? last : (request.socket.remoteAddress ?? '')
}
