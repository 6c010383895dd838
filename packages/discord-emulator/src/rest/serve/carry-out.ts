/** From the token to the answer: authorization, rate limits, the route's handler, and refusals put into Discord's words. */
import type { Realm } from '../../world/realm/realm.ts'
import type { BotRecord } from '../../world/realm/records.ts'
import { DiscordError, formRefusal, refusal } from '../../world/base/discord-error.ts'
import type { RequestBody } from './body.ts'
import type { RateLimited, RateLimiter } from './rate-limiter.ts'
import type { RestAnswer, Route } from '../route.ts'
import type { Match } from './router.ts'
import type { StartLimit } from '../../world/base/start-limit.ts'
import { grantOf } from '../../world/oauth/tokens.ts'
import { isObject } from '../body/form.ts'

export interface Arrived {
  readonly found: Match
  readonly method: string
  readonly url: URL
  readonly body: RequestBody
  /** Whose token came with the request. */
  readonly bot: BotRecord | undefined
  readonly authorization: string | undefined
}

export interface CarriedOut {
  readonly answer: RestAnswer
  readonly headers: Readonly<Record<string, string>>
}

interface Gates {
  readonly limiter: RateLimiter
  readonly startLimit: StartLimit
}

export function createCarryOut(realm: Realm, { limiter, startLimit }: Gates): (arrived: Arrived) => CarriedOut {
  return ({ found, method, url, body, bot, authorization }) => {
    if (found.kind !== 'route') return refused(refusal(found.kind), limiter)
    const { route, params } = found
    const grant = route.scope === undefined ? undefined : grantOf(realm, authorization, route.scope)
    if (bot === undefined && grant === undefined && route.open !== true) return refused(refusal('unauthorized'), limiter)

    const renames = isObject(body.json) && (body.json.name !== undefined || body.json.topic !== undefined)
    const admitted =
      bot === undefined || route.open === true
        ? ({ kind: 'admitted', headers: {} } as const)
        : limiter.admit({
            botId: bot.id,
            route: `${method} ${route.template}`,
            major: params.channel ?? params.guild ?? params.application ?? '',
            renames: renames && route.template === '/channels/:channel' && method === 'PATCH',
          })
    if (admitted.kind === 'refused') {
      limiter.countInvalid()
      return { answer: tooManyRequests(admitted), headers: admitted.headers }
    }
    const { headers } = admitted
    try {
      checkParams(route, params)
      if (body.refused !== undefined) throw body.refused
      const request = {
        realm,
        bot: bot ?? NOBODY,
        authorization,
        grant,
        path: url.pathname,
        params,
        query: url.searchParams,
        body: body.json,
        files: body.files,
        startLimit,
      }
      return { answer: route.handle(request), headers }
    } catch (error) {
      if (!(error instanceof DiscordError)) return { answer: defect(error), headers }
      return { ...refused(error, limiter), headers }
    }
  }
}

/** Open routes do not look at the bot. */
const NOBODY = {
  id: '0',
  applicationId: '0',
  name: '',
  token: '',
  ownerId: '0',
  clientSecret: '',
  redirectUris: [],
  privileged: { messageContent: false, guildMembers: false, presences: false },
}

const ID_PARAMS: ReadonlySet<string> = new Set([
  'channel',
  'guild',
  'message',
  'user',
  'application',
  'role',
  'overwrite',
  'command',
])

/** Ids in the path must be numbers (50035). */
function checkParams(route: Route, params: Readonly<Record<string, string>>): void {
  if (route.open === true) return
  const wrong = Object.entries(params).filter(([name, value]) => ID_PARAMS.has(name) && !/^\d{1,20}$/.test(value))
  if (wrong.length === 0) return
  throw formRefusal(
    wrong.map(([name, value]) => ({
      path: [`${name}_id`],
      code: 'NUMBER_TYPE_COERCE',
      message: `Value "${value}" is not snowflake.`,
    })),
  )
}

function refused({ status, body }: DiscordError, limiter: RateLimiter): CarriedOut {
  if (status === 401 || status === 403) limiter.countInvalid()
  return { answer: { kind: 'json', status, body }, headers: {} }
}

function tooManyRequests({ retryAfterSeconds, scope }: RateLimited): RestAnswer {
  const body = { message: 'You are being rate limited.', retry_after: retryAfterSeconds, global: scope === 'global', code: 0 }
  return { kind: 'json', status: 429, body }
}

/** A defect of the emulator itself: loud, and no reason to take the process of a test down. */
function defect(error: unknown): RestAnswer {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  process.stderr.write(`discord-emulator: a request met a defect: ${text}\n`)
  return { kind: 'json', status: 500, body: { message: `500: defect of the emulator: ${text.split('\n')[0]}`, code: 0 } }
}
