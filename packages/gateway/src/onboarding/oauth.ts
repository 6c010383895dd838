/**
 * The way through Discord's page and back (Discord docs: OAuth2 > Authorization Code Grant). Owner of `oauth4webapi`.
 *
 * O1. A state is 256 bits, good for 10 minutes and for one use, and only for the browser that got its cookie.
 * O2. The guild is the one in the answer to the code. What the address says of it is only compared.
 */
import type { IncomingMessage } from 'node:http'
import * as oauth from 'oauth4webapi'
import { NoAnswer, reasonOf, StoreAway } from '../base/errors.ts'
import { isSame, secretOf256Bits, sha256 } from '../base/secret.ts'
import { fieldsOf, isSnowflake } from '../base/shape.ts'
import type { Journey } from '../ports/store.ts'
import type { OnboardingSettings } from './settings.ts'

export interface Begun {
  readonly location: string
  readonly cookie: string
}

export interface Returned {
  readonly journey: Journey
  /** What came of it, or a sentence for the person. */
  readonly result: Granted | string
}

export interface Granted {
  readonly accessToken: string
  /** Of a token with the scope `bot`. */
  readonly guildId: string | undefined
}

export interface OAuth {
  begin(journey: Omit<Journey, 'cookieHash'>): Begun | StoreAway
  /** A text: the state is unknown, used, too old or another browser's, in a sentence. */
  finish(request: IncomingMessage, url: URL): Promise<Returned | string | StoreAway>
  /** What Discord says to the person's token. */
  ask(accessToken: string, path: string): Promise<unknown>
}

const SCOPES = { install: 'identify bot applications.commands', manage: 'identify guilds' }
const COOKIE = 'kimaki_journey'

const ASTRAY =
  'This page was opened in another browser than the one it began in, twice, or after more than ten minutes. Open the install address again.'
const SILENT = 'Discord did not confirm the authorisation. Open the install address again.'
const FOREIGN = 'The address named another server than Discord did, so nothing was connected. Open the install address again.'

export function createOAuth(settings: OnboardingSettings): OAuth {
  const { store, publicUrl, applicationId, clientSecret, apiUrl, authorizeUrl, permissions, log } = settings
  const server = { issuer: publicUrl, authorization_endpoint: authorizeUrl, token_endpoint: `${apiUrl}/oauth2/token` }
  const client = { client_id: applicationId }
  const redirectUri = `${publicUrl}/api/oauth/callback`
  const isSecure = publicUrl.startsWith('https:')
  const insecure = { [oauth.allowInsecureRequests]: !apiUrl.startsWith('https:') }

  const trade = async (url: URL, state: string): Promise<Granted | string> => {
    if (url.searchParams.get('error') === 'access_denied')
      return 'You cancelled at Discord. Open the install address again to connect.'
    try {
      const answer = oauth.validateAuthResponse(server, client, url, state)
      const secret = oauth.ClientSecretPost(clientSecret)
      const response = await oauth.authorizationCodeGrantRequest(
        server,
        client,
        secret,
        answer,
        redirectUri,
        oauth.nopkce,
        insecure,
      )
      const token = await oauth.processAuthorizationCodeResponse(server, client, response)
      const { id } = fieldsOf(token.guild)
      const named = url.searchParams.get('guild_id')
      if (named !== null && named !== id) return FOREIGN
      return { accessToken: token.access_token, guildId: isSnowflake(id) ? id : undefined }
    } catch (error) {
      log.warn('a code of Discord could not be traded in', { reason: reasonOf(error) })
      return SILENT
    }
  }
  return {
    begin(journey) {
      const [state, cookie] = [secretOf256Bits(), secretOf256Bits()]
      const begun = store.clients.begin(sha256(state), { ...journey, cookieHash: sha256(cookie) })
      if (begun instanceof StoreAway) return begun
      const query = new URLSearchParams({
        client_id: applicationId,
        response_type: 'code',
        redirect_uri: redirectUri,
        scope: SCOPES[journey.kind],
        prompt: 'consent',
        state,
        ...(journey.kind === 'install' ? { permissions } : {}),
      })
      const attributes = `Path=/; Max-Age=600; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`
      return { location: `${authorizeUrl}?${query}`, cookie: `${COOKIE}=${cookie}; ${attributes}` }
    },
    async finish(request, url) {
      const state = url.searchParams.get('state') ?? ''
      const journey = store.clients.takeJourney(sha256(state))
      if (journey instanceof StoreAway) return journey
      const cookie = cookieOf(request, COOKIE)
      if (journey === undefined || cookie === undefined || !isSame(sha256(cookie), journey.cookieHash)) return ASTRAY
      return { journey, result: await trade(url, state) }
    },
    async ask(accessToken, path) {
      try {
        const headers = { authorization: `Bearer ${accessToken}` }
        const response = await fetch(`${apiUrl}/v10${path}`, { headers, redirect: 'error', signal: AbortSignal.timeout(15_000) })
        return response.ok ? await response.json() : new NoAnswer({ reason: `${path}: ${response.status}` })
      } catch (error) {
        return new NoAnswer({ reason: reasonOf(error) })
      }
    },
  }
}

export function cookieOf(request: IncomingMessage, name: string): string | undefined {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim())
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1)
}
