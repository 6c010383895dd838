/** How long a permission waits for a person, where the operator has set a limit. It counts from when the ask was first heard of, which is on record. */
import { setAlarm, type SetAlarm } from '../../effect.ts'
import type { Moment } from '../../feature.ts'

/** What the agent reads when nobody has answered in time. */
export const LIMIT_WORDS =
  'Nobody has answered in time, so this was not allowed. Do not try it another way: go on with what needs no permission, or end with what you would need.'

interface Waiting {
  readonly id: string
  readonly kind: 'permission' | 'question'
  readonly openedAt?: number
}

type Limited = Pick<Moment, 'at' | 'settings'>

export function afterLimit(ask: Waiting, moment: Limited): { readonly kind: 'timed-out'; readonly afterMs: number } | undefined {
  const left = leftOf(ask, moment)
  return left !== undefined && left <= 0 ? { kind: 'timed-out', afterMs: moment.settings.permissionTimeoutMs ?? 0 } : undefined
}

export const limitAlarms = (waiting: readonly Waiting[], moment: Limited): readonly SetAlarm[] =>
  waiting.flatMap((ask) => {
    const left = leftOf(ask, moment)
    return left === undefined ? [] : [setAlarm('asks', `limit/${ask.id}`, Math.min(Math.max(left, 0), LONGEST_TIMER_MS))]
  })

/** Milliseconds; undefined: it waits without a limit. At most the limit, should the clock have been set back. */
function leftOf({ kind, openedAt }: Waiting, { at, settings: { permissionTimeoutMs: limit } }: Limited): number | undefined {
  if (kind === 'question' || limit === undefined) return undefined
  return Math.min((openedAt ?? at) + limit - at, limit)
}

/** A day; Node's timers hold 24 of them. The alarm is set again when it comes too early. */
const LONGEST_TIMER_MS = 86_400_000
