/** The page on which people with Manage Server see the machines of their servers and disconnect them, behind Discord's log-in. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { StoreAway } from '../base/errors.ts'
import { isSame, secretOf256Bits, sha256 } from '../base/secret.ts'
import { listOf, textOf } from '../base/shape.ts'
import { redirect, sendPage } from '../base/answer.ts'
import { cookieOf, type OAuth, type Returned } from './oauth.ts'
import { machinesPage, sentence, type Named } from './pages.ts'
import type { OnboardingSettings } from './settings.ts'

export interface ManageRoutes {
  show(request: IncomingMessage, response: ServerResponse): void
  finish(response: ServerResponse, returned: Returned): Promise<void>
  revoke(request: IncomingMessage, response: ServerResponse): Promise<void>
}

interface Visit {
  readonly guilds: readonly Named[]
  readonly csrf: string
  readonly until: number
}

const COOKIE = 'kimaki_manage'
const VISIT_MS = 1_800_000
const MOST_VISITS = 1000
const LARGEST_FORM = 4096
const [ADMINISTRATOR, MANAGE_GUILD] = [1n << 3n, 1n << 5n]

export function createManage(settings: OnboardingSettings, oauth: OAuth): ManageRoutes {
  const { store, now, publicUrl, deliver, lost, log } = settings
  /** By hash of their cookie; they end with the process. */
  const visits = new Map<string, Visit>()
  const visitOf = (request: IncomingMessage): Visit | undefined => {
    const visit = visits.get(sha256(cookieOf(request, COOKIE) ?? ''))
    return visit !== undefined && visit.until > now() ? visit : undefined
  }
  const away = (response: ServerResponse) =>
    sendPage(response, 503, sentence('Not now', 'The gateway cannot read its database at the moment. Try again in a minute.'))
  return {
    show(request, response) {
      const visit = visitOf(request)
      if (visit === undefined) {
        const begun = oauth.begin({ kind: 'manage', attemptId: '', callback: '' })
        return begun instanceof StoreAway ? away(response) : redirect(response, begun.location, { 'set-cookie': begun.cookie })
      }
      const authorizations = store.clients.authorizationsOf(visit.guilds.map(({ id }) => id))
      if (authorizations instanceof StoreAway) return away(response)
      sendPage(response, 200, machinesPage(visit.guilds, authorizations, visit.csrf))
    },
    async finish(response, { result }) {
      if (typeof result === 'string') return sendPage(response, 400, sentence('Not logged in', result))
      const guilds = managed(await oauth.ask(result.accessToken, '/users/@me/guilds'))
      const cookie = secretOf256Bits()
      const [oldest] = visits.keys()
      if (visits.size >= MOST_VISITS && oldest !== undefined) visits.delete(oldest)
      visits.set(sha256(cookie), { guilds, csrf: secretOf256Bits(), until: now() + VISIT_MS })
      const secure = publicUrl.startsWith('https:') ? '; Secure' : ''
      const attributes = `Path=/manage; Max-Age=${VISIT_MS / 1000}; HttpOnly; SameSite=Lax${secure}`
      redirect(response, '/manage', { 'set-cookie': `${COOKIE}=${cookie}; ${attributes}` })
    },
    async revoke(request, response) {
      const form = await readForm(request)
      const visit = visitOf(request)
      const [clientId, guildId] = [form.get('client') ?? '', form.get('guild') ?? '']
      const isAllowed =
        visit !== undefined && isSame(form.get('csrf') ?? '', visit.csrf) && visit.guilds.some(({ id }) => id === guildId)
      if (!isAllowed)
        return sendPage(response, 403, sentence('Not allowed', 'Open the page of your machines again, and try once more.'))
      const deliveries = store.clients.revoke(clientId, guildId)
      if (deliveries instanceof StoreAway) return away(response)
      log.info('a machine was disconnected', { client: clientId, guild: guildId })
      deliver(deliveries)
      lost(clientId)
      redirect(response, '/manage')
    },
  }
}

/** Servers of which the person is the owner, an administrator, or has Manage Server. */
function managed(guilds: unknown): readonly Named[] {
  return listOf(guilds).flatMap(({ id, name, owner, permissions }) => {
    const bits = /^\d{1,30}$/.test(textOf(permissions)) ? BigInt(textOf(permissions)) : 0n
    const isTheirs = owner === true || (bits & (ADMINISTRATOR | MANAGE_GUILD)) !== 0n
    return isTheirs ? [{ id: textOf(id), name: textOf(name) }] : []
  })
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let text = ''
  for await (const chunk of request as AsyncIterable<Buffer>) if (text.length < LARGEST_FORM) text += chunk.toString()
  return new URLSearchParams(text)
}
