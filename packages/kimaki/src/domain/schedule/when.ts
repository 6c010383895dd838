/**
 * What people write for a time: an instant, a cron expression, or a phrase. What could mean two times is refused with both readings, and
 * what comes again and again with the cron expression to write.
 */
import { UsageError } from '../../base/errors.ts'
import { cronTimes, looksLikeCron } from './cron.ts'
import { instantOf, timeText, zoneNamed } from './zone.ts'

export type Schedule =
  /** Unix ms. `zone`: in which it is shown. */
  | { readonly kind: 'at'; readonly at: number; readonly zone: string }
  | { readonly kind: 'cron'; readonly expression: string; readonly zone: string }

export interface Asked {
  readonly text: string
  /** As a person named it; undefined: none is chosen. */
  readonly zone: string | undefined
  /** Of the machine: one of the two readings of a time without a zone. */
  readonly machineZone: string
  readonly now: number
}

const FARTHEST_MS = 10 * 366 * 86_400_000

export async function readWhen({ text: written, zone: named, machineZone, now }: Asked): Promise<Schedule | UsageError> {
  const text = written.trim().replaceAll(/\s+/g, ' ')
  const zone = named === undefined ? undefined : zoneNamed(named)
  if (named !== undefined && zone === undefined)
    return new UsageError({ reason: `--time-zone must be the name of a time zone, like Europe/Berlin or UTC; it is "${named}".` })
  if (looksLikeCron(text)) return readCron(text, zone ?? 'UTC', now)
  const again = recurrence(text)
  if (again !== undefined) return again
  const readings = /^\d{4}-\d\d-\d\d/.test(text) ? isoIn(text) : await phraseIn(text, now)
  if (readings instanceof Error) return readings
  if (readings === undefined) return new UsageError({ reason: `"${text}" is no time that kimaki can read. ${FORMS}` })
  if (!readings.needsZone || zone !== undefined) return future(readings.in(zone ?? 'UTC'), zone ?? 'UTC', now)
  const both = [...new Set([machineZone, 'UTC'])]
  const lines = both.map((one) => `${timeText(readings.in(one), one)} (--time-zone ${one})`)
  return new UsageError({ reason: `"${text}" has no time zone, so nothing is saved. It can be ${lines.join(' or ')}.` })
}

const FORMS =
  'Write an instant (2026-03-01T09:00:00Z), a cron expression ("0 9 * * 1-5"), or a phrase ("tomorrow 9:00", "in 2h").'

/** When the schedule is due first after this instant; undefined: never again. */
export async function nextAfter(schedule: Schedule, after: number): Promise<number | undefined> {
  const [next] = await timesAfter(schedule, after, 1)
  return next
}

export async function timesAfter(schedule: Schedule, after: number, count: number): Promise<readonly number[]> {
  if (schedule.kind === 'at') return schedule.at > after ? [schedule.at] : []
  const times = await cronTimes(schedule, after, count)
  return times instanceof Error ? [] : times
}

async function readCron(expression: string, zone: string, now: number): Promise<Schedule | UsageError> {
  const times = await cronTimes({ expression, zone }, now)
  if (times instanceof Error) return times
  if (times.length === 0) return new UsageError({ reason: `"${expression}" never comes: there is no such day.` })
  return { kind: 'cron', expression, zone }
}

function future(at: number, zone: string, now: number): Schedule | UsageError {
  if (!Number.isFinite(at)) return new UsageError({ reason: 'There is no such time.' })
  if (at <= now) return new UsageError({ reason: `${timeText(at, zone)} is over: give a time in the future.` })
  if (at - now > FARTHEST_MS) return new UsageError({ reason: `${timeText(at, zone)} is more than ten years away.` })
  return { kind: 'at', at, zone }
}

const EVERY: readonly (readonly [RegExp, string])[] = [
  [/\b(?:hourly|every hour|each hour)\b/i, '0 * * * *'],
  [/\b(?:every|each) (?:minute)\b/i, '* * * * *'],
  [/\b(?:weekdays?|workdays?)\b/i, '0 9 * * 1-5'],
  [/\b(?:weekly|every week|each week|mondays|every monday)\b/i, '0 9 * * 1'],
  [/\b(?:monthly|every month|each month)\b/i, '0 9 1 * *'],
  [/\b(?:yearly|annually|every year|each year)\b/i, '0 9 1 1 *'],
  [/\b(?:daily|nightly|every|each|always|repeatedly|(?:tues|wednes|thurs|fri|satur|sun)days)\b/i, '0 9 * * *'],
]

function recurrence(text: string): UsageError | undefined {
  const minutes = /\bevery (\d+) ?min/i.exec(text)?.[1]
  const found = EVERY.find(([words]) => words.test(text))?.[1]
  const cron = minutes === undefined ? found : `*/${minutes} * * * *`
  if (cron === undefined) return undefined
  return new UsageError({ reason: `"${text}" comes again and again: write it as a cron expression, like "${cron}".` })
}

interface Readings {
  readonly needsZone: boolean
  /** The instant, if the words are meant in this zone. */
  in(zone: string): number
}

const ISO = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?)? ?(Z|[+-]\d\d:\d\d)?$/

function isoIn(text: string): Readings | UsageError {
  const [, year, month, day, hour = '9', minute = '0', second = '0', offset] = ISO.exec(text) ?? []
  const wall = { year, month, day, hour, minute, second }
  const [y, mo, d, h, mi, s] = Object.values(wall).map(Number) as [number, number, number, number, number, number]
  const date = new Date(Date.UTC(y, mo - 1, d, h, mi, s))
  const isThere =
    date.getUTCMonth() === mo - 1 && date.getUTCDate() === d && date.getUTCHours() === h && date.getUTCMinutes() === mi
  if (year === undefined || !isThere)
    return new UsageError({ reason: `"${text}" is no instant: write it as 2026-03-01T09:00:00Z.` })
  const local = { year: y, month: mo, day: d, hour: h, minute: mi, second: s }
  if (offset === undefined) return { needsZone: true, in: (zone) => instantOf(local, zone) }
  const [, sign, hours, minutes] = /^([+-])(\d\d):(\d\d)$/.exec(offset) ?? []
  const aheadMs = sign === undefined ? 0 : (Number(hours) * 60 + Number(minutes)) * 60_000 * (sign === '-' ? -1 : 1)
  return { needsZone: false, in: () => date.getTime() - aheadMs }
}

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const SPAN = /^in (\d+(?:\.\d+)?) ?(s|m|h|d)(?:ec(?:ond)?s?|in(?:ute)?s?|(?:ou)?rs?|ays?)?$/

/** The library is loaded for words that are no plain span. */
async function phraseIn(text: string, now: number): Promise<Readings | undefined> {
  const [, amount, unit = ''] = SPAN.exec(text) ?? []
  if (amount !== undefined) return { needsZone: false, in: () => now + Number(amount) * (UNITS[unit] ?? 0) }
  const { parse } = await import('chrono-node')
  const readIn = (zone: string): { readonly instant: number; readonly isFixed: boolean } | undefined => {
    const aheadMin = aheadOf(now, zone)
    const [found, ...more] = parse(text, { instant: new Date(now), timezone: aheadMin }, { forwardDate: true })
    if (!found || more.length > 0 || found.end || found.text.length < text.length) return undefined
    const { start } = found
    const of = (name: 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second'): number => start.get(name) ?? 0
    const wall = {
      year: of('year'),
      month: of('month'),
      day: of('day'),
      hour: start.isCertain('hour') ? of('hour') : 9,
      minute: start.isCertain('hour') ? of('minute') : 0,
      second: start.isCertain('second') ? of('second') : 0,
    }
    const isFixed = start.isCertain('timezoneOffset')
    return { instant: isFixed ? start.date().getTime() : instantOf(wall, zone), isFixed }
  }
  const read = readIn('UTC')
  return read && { needsZone: !read.isFixed, in: (zone) => readIn(zone)?.instant ?? Number.NaN }
}

/** Minutes. */
function aheadOf(now: number, zone: string): number {
  const shown = new Date(now).toLocaleString('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
  const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(shown) ?? []
  return sign === undefined ? 0 : (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1)
}
