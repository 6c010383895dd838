/** A client's request to Discord's REST API: who asks, is it allowed, is there room, then on to Discord and back. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { RefusalName } from 'kimaki-protocol'
import { NoAnswer, StoreAway } from '../base/errors.ts'
import type { Log } from '../base/log.ts'
import type { Metrics } from '../base/metrics.ts'
import type { Client } from '../ports/store.ts'
import { refuse, send, sendJson } from '../base/answer.ts'
import { authenticate } from './authenticate.ts'
import { readBody, type ReadBody } from './body.ts'
import { keepCommands } from './commands.ts'
import { matchRoute, type Match } from './match.ts'
import type { OwnAnswers } from './own-answers.ts'
import { permit, type PermitOptions } from './permit.ts'

export interface ProxyOptions extends PermitOptions {
  readonly own: OwnAnswers
  readonly log: Log
  readonly metrics: Metrics
}

/** `path`: below `/api/v10`, with its query. */
export type Proxy = (request: IncomingMessage, response: ServerResponse, path: string) => Promise<void>

interface Request {
  readonly client: Client
  readonly match: Match
  readonly query: URLSearchParams
  readonly body: ReadBody
  readonly reason: string | undefined
}

/** What of Discord's answer goes on: its limits, and what its body is. */
const HEADERS = ['content-type', 'retry-after', 'via']

export function createProxy(options: ProxyOptions): Proxy {
  const { store, metrics, log } = options
  const refused = (
    response: ServerResponse,
    name: RefusalName,
    facts: Readonly<Record<string, string | undefined>>,
    waitMs?: number,
  ) => {
    metrics.add('gateway_requests_total', name)
    if (name !== 'tooMany') log.info('a request was refused', { ...facts, why: name })
    refuse(response, name, waitMs)
  }
  return async (request, response, path) => {
    const client = authenticate(store.clients, request.headers.authorization ?? '')
    if (client instanceof StoreAway) return refused(response, 'unavailable', {})
    if (client === 'unauthorized') return refused(response, 'unauthorized', {})
    const [pathname = '', search = ''] = path.split('?', 2)
    const match = matchRoute(request.method ?? '', pathname)
    if (match === undefined) return refused(response, 'route', { client: client.id })
    const facts = { client: client.id, route: match.route }
    const wait = options.limits.take(client.id, bucketOf(match))
    if (wait > 0) return refused(response, 'tooMany', facts, wait)
    const body = await readBody(request)
    if (body === 'tooLarge' || body === 'body') return refused(response, body, facts)
    const query = new URLSearchParams(search)
    const verdict = await permit(options, client.id, { match, query, body: body.json })
    if (verdict !== 'yes') return refused(response, verdict, facts)
    const reason = request.headers['x-audit-log-reason']
    const asked = { client, match, query, body, reason: typeof reason === 'string' ? reason : undefined }
    const trouble = await carryOut(options, asked, response)
    if (trouble !== undefined) return refused(response, trouble, facts)
    metrics.add('gateway_requests_total', 'passed')
  }
}

/** Discord's limits are for a route and the channel, guild or webhook it is about (docs: Rate Limits). */
const bucketOf = ({ route, params }: Match): string =>
  `${route} ${params.channel_id ?? params.guild_id ?? params.webhook_id ?? ''}`

async function carryOut(
  { own, store, upstream, limits }: ProxyOptions,
  { client, match, query, body, reason }: Request,
  response: ServerResponse,
): Promise<RefusalName | undefined> {
  const allowed = 'allowed' in match.rule ? match.rule.allowed : undefined
  if (allowed === 'own') {
    const answer = await own.answer(match.route, client.id)
    if (answer instanceof NoAnswer) return 'noAnswer'
    if (answer instanceof StoreAway) return 'unavailable'
    sendJson(response, 200, answer)
    return undefined
  }
  const search = query.size === 0 ? '' : `?${query}`
  const [method = ''] = match.route.split(' ')
  const sent = body.onward === undefined ? {} : { body: body.onward }
  const answer = await upstream.ask({ method, path: match.path + search, reason, ...sent })
  if (answer instanceof NoAnswer) return 'noAnswer'
  limits.answered(client.id, bucketOf(match), answer)
  // The gateway's own token was refused: that is nothing the client could mend, and it would throw its token away.
  if (answer.status === 401 && allowed !== 'interaction') return 'noAnswer'
  if (answer.status < 300) keepCommands(store.owners, client.id, match, answer.body)
  const names = [...answer.headers.keys()].filter((name) => HEADERS.includes(name) || name.startsWith('x-ratelimit-'))
  send(response, answer.status, answer.body, Object.fromEntries(names.map((name) => [name, answer.headers.get(name) ?? ''])))
  return undefined
}
