/**
 * Holds every exchange of a run against Discord's own description (`discord-api-spec/zod`): bodies of requests that were carried out,
 * statuses and bodies of answers, refusals included.
 *
 *     const check = conformance()
 *     const emulator = await startEmulator({ onExchange: check.onExchange })
 *     // …
 *     expect(check.report()).toEqual({ violations: [], unchecked: [], withoutSchema: [] })
 *
 * Needs `discord-api-spec` and `zod` beside it (development dependencies). Exceptions are stated in `conformance/exceptions.ts`.
 */
import type { Exchange } from './api.ts'
import { WITHOUT_SCHEMA } from './conformance/exceptions.ts'
import { problems } from './conformance/problems.ts'
import { relaxErrorCodes, relaxPermissionBits, relaxTimestamps } from './conformance/relax.ts'
import { RATE_LIMITED, REFUSED, SCHEMAS } from './conformance/table.ts'

export interface ConformanceReport {
  /** What broke the description, each kind once: route, side, field, reason. */
  readonly violations: readonly string[]
  /** Routes that were hit and need no schema, with the reason. */
  readonly unchecked: readonly { readonly route: string; readonly reason: string }[]
  /** Routes that were hit and that nobody wrote a schema down for, and paths the emulator does not know. */
  readonly withoutSchema: readonly string[]
}

export interface Conformance {
  /** For `EmulatorOptions.onExchange`. Only remembers: the checking is left to `report`. */
  readonly onExchange: (exchange: Exchange) => void
  readonly report: () => ConformanceReport
}

/** Throws, naming every kind of violation and every route nobody wrote a schema down for. */
export function assertConforms({ report }: Conformance): void {
  const { violations, withoutSchema } = report()
  if (violations.length + withoutSchema.length === 0) return
  throw new Error(
    `Against Discord's API description:\n${[...violations, ...withoutSchema.map((route) => `${route}: no schema`)].join('\n')}`,
  )
}

export function conformance(): Conformance {
  const exchanges: Exchange[] = []
  return {
    onExchange: (exchange) => void exchanges.push(exchange),
    report() {
      const hit = [...new Set(exchanges.map(routeOf))].sort()
      return {
        violations: [...new Set(exchanges.flatMap(violationsOf))],
        unchecked: hit.flatMap((route) =>
          WITHOUT_SCHEMA[route] === undefined ? [] : [{ route, reason: WITHOUT_SCHEMA[route] }],
        ),
        withoutSchema: hit.filter((route) => SCHEMAS[route] === undefined && WITHOUT_SCHEMA[route] === undefined),
      }
    },
  }
}

function routeOf({ method, route, path }: Exchange): string {
  return route === undefined ? `${method} ${path.split('?')[0] ?? ''} (not a route of the emulator)` : `${method} ${route}`
}

/** A faulty answer is not Discord's; a request that was refused need not have been right. */
function violationsOf(exchange: Exchange): readonly string[] {
  const schema = SCHEMAS[routeOf(exchange)]
  if (schema === undefined || exchange.status === 0 || exchange.fault === 'status') return []
  const { status, requestBody, responseBody } = exchange
  const at = routeOf(exchange)
  if (status === 429) return problems(RATE_LIMITED, responseBody, `${at} answer 429`)
  if (status >= 400) return problems(REFUSED, relaxErrorCodes(responseBody), `${at} answer ${status}`)
  const expected = [schema.status].flat()
  const wrongStatus = expected.includes(status) ? [] : [`${at} answer: status ${status} instead of ${expected.join(' or ')}`]
  const wrongRequest =
    requestBody === undefined ? [] : problems(schema.request, relaxTimestamps(relaxPermissionBits(requestBody)), `${at} request`)
  return [
    ...wrongStatus,
    ...wrongRequest,
    ...problems(status === 204 ? undefined : schema.response, relaxTimestamps(responseBody), `${at} answer ${status}`),
  ]
}
