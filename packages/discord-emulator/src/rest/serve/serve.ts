/**
 * The life of a request: match the route, read the body, meet a fault, ask for the token, ask the rate limiter, carry it out, answer,
 * journal. Everything from the token to the answer happens in one synchronous step: the effect, its events on the gateway and the
 * bytes of the answer leave in this order, and no other request comes between.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import type { EmulatorOptions, RestFault } from '../../api.ts'
import { botOfToken } from '../../world/people/bot.ts'
import type { Realm } from '../../world/realm/realm.ts'
import type { BotRecord } from '../../world/realm/records.ts'
import { readBody, type RequestBody } from './body.ts'
import { createCarryOut, type CarriedOut } from './carry-out.ts'
import type { FaultBook } from '../faults.ts'
import type { RateLimiter } from './rate-limiter.ts'
import type { RestAnswer, Route } from '../route.ts'
import { createRouter, type Match } from './router.ts'
import type { StartLimit } from '../../world/base/start-limit.ts'

export interface ServeOptions {
  readonly routes: readonly Route[]
  readonly limiter: RateLimiter
  readonly faults: FaultBook
  readonly startLimit: StartLimit
  readonly onExchange: EmulatorOptions['onExchange']
  /** Aborted when the emulator stops: what still waits then is not carried out. */
  readonly stopping: AbortSignal
}

export type Serve = (request: IncomingMessage, response: ServerResponse) => Promise<void>

export function createServe(realm: Realm, options: ServeOptions): Serve {
  const match = createRouter(options.routes)
  const carryOut = createCarryOut(realm, options)
  return async (incoming, response) => {
    const startedAt = performance.timeOrigin + performance.now()
    const url = URL.parse(incoming.url ?? '/', realm.settings.origin)
    if (url === null) return void response.writeHead(400).end()
    const method = incoming.method ?? 'GET'
    const found = match(method, url.pathname)
    const body = await readBody(incoming).catch(() => undefined)
    if (body === undefined) return

    const fault = options.faults.meet(routeName(method, found))
    if (fault?.effect.kind === 'latency') {
      fault.onHit?.()
      // A client that gives up meanwhile does not take its request back: it has arrived.
      await pause(fault.effect.ms, undefined, { signal: options.stopping }).catch(() => undefined)
      if (options.stopping.aborted) return
    }
    const bot = botOf(realm, incoming.headers.authorization)
    const perform = () => carryOut({ found, method, url, body, bot, authorization: incoming.headers.authorization })
    const done = withFault(fault, perform, response)
    const outcome: Outcome = { method, url, found, body, startedAt, fault, botId: bot?.id }
    finish(realm, outcome, done, options.onExchange)
  }
}

function botOf(realm: Realm, authorization: string | undefined): BotRecord | undefined {
  return authorization?.startsWith('Bot ') === true ? botOfToken(realm, authorization.slice(4)) : undefined
}

function routeName(method: string, found: Match): string {
  return found.kind === 'route' ? `${method} ${found.route.template}` : `${method} (unknown)`
}

/** Performs or withholds, answers or does not. Undefined: nothing was carried out. */
function withFault(fault: RestFault | undefined, perform: () => CarriedOut, response: ServerResponse): CarriedOut | undefined {
  const effect = fault?.effect ?? { kind: 'none' }
  switch (effect.kind) {
    case 'status': {
      const body = effect.body ?? { message: `${effect.status}: emulated fault`, code: 0 }
      const done: CarriedOut = { answer: { kind: 'json', status: effect.status, body }, headers: effect.headers ?? {} }
      write(response, done)
      fault?.onHit?.()
      return done
    }
    case 'reset-before':
      fault?.onHit?.()
      response.socket?.resetAndDestroy()
      return undefined
    case 'reset-after': {
      const done = perform()
      fault?.onHit?.()
      response.socket?.resetAndDestroy()
      return done
    }
    case 'hang': {
      const done = effect.commit ? perform() : undefined
      fault?.onHit?.()
      return done
    }
    case 'truncate': {
      const done = perform()
      writeHalf(response, done)
      fault?.onHit?.()
      return done
    }
    case 'slow': {
      const done = perform()
      void writeSlowly(response, done, effect.ms)
      fault?.onHit?.()
      return done
    }
    case 'latency':
    case 'none':
    default: {
      const done = perform()
      write(response, done)
      return done
    }
  }
}

function write(response: ServerResponse, { answer, headers }: CarriedOut): void {
  if (response.destroyed) return
  if (answer.kind === 'empty') {
    response.writeHead(answer.status, headers).end()
    return
  }
  if (answer.kind === 'redirect') {
    response.writeHead(answer.status, { ...headers, Location: answer.location }).end()
    return
  }
  const bytes = bytesOf(answer)
  response.writeHead(answer.status, headersOf(answer, headers)).end(bytes)
}

function bytesOf(answer: RestAnswer): Uint8Array {
  if (answer.kind === 'empty' || answer.kind === 'redirect') return new Uint8Array()
  return answer.kind === 'json' ? Buffer.from(JSON.stringify(answer.body)) : answer.data
}

function headersOf(answer: RestAnswer, headers: Readonly<Record<string, string>>): Record<string, string> {
  if (answer.kind === 'empty' || answer.kind === 'redirect') return headers
  const contentType = answer.kind === 'json' ? 'application/json' : answer.contentType
  return { ...headers, 'Content-Type': contentType, 'Content-Length': String(bytesOf(answer).byteLength) }
}

/** The head promises more than arrives. */
function writeHalf(response: ServerResponse, { answer, headers }: CarriedOut): void {
  if (response.destroyed) return
  const bytes = bytesOf(answer)
  response.writeHead(answer.status, headersOf(answer, headers))
  response.write(bytes.subarray(0, Math.floor(bytes.byteLength / 2)), () => response.socket?.resetAndDestroy())
}

const PIECES = 8

async function writeSlowly(response: ServerResponse, { answer, headers }: CarriedOut, ms: number): Promise<void> {
  if (response.destroyed) return
  const bytes = bytesOf(answer)
  response.writeHead(answer.status, headersOf(answer, headers))
  for (let piece = 0; piece < PIECES && !response.destroyed; piece += 1) {
    const at = (index: number) => Math.floor((bytes.byteLength * index) / PIECES)
    response.write(bytes.subarray(at(piece), at(piece + 1)))
    await pause(ms / PIECES)
  }
  if (!response.destroyed) response.end()
}

interface Outcome {
  readonly method: string
  readonly url: URL
  readonly found: Match
  readonly body: RequestBody
  readonly startedAt: number
  readonly fault: RestFault | undefined
  readonly botId: string | undefined
}

function finish(realm: Realm, outcome: Outcome, done: CarriedOut | undefined, onExchange: EmulatorOptions['onExchange']): void {
  const { method, url, found, body, startedAt, botId } = outcome
  const route = found.kind === 'route' ? found.route.template : undefined
  const status = done?.answer.status ?? 0
  const responseBody = done?.answer.kind === 'json' ? done.answer.body : undefined
  const code = status >= 400 ? (responseBody as { readonly code?: number } | undefined)?.code : undefined
  const fault = outcome.fault?.effect.kind
  const path = `${url.pathname}${url.search}`
  realm.journal.append({
    kind: 'request',
    method,
    route: route ?? '(unknown)',
    path,
    botId,
    status,
    code,
    startedAt,
    fault,
  })
  onExchange?.({ method, route, path, status, requestBody: body.json, responseBody, fault })
}
