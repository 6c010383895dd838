/** Cron in time zones against an oracle that walks the minutes and asks `Intl` what the wall shows. */
import { array, assert, asyncProperty, constantFrom, integer, oneof, record } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cronTimes } from '../../../src/domain/schedule/cron.ts'
import { wallOf } from '../../../src/domain/schedule/zone.ts'
import { runs } from '../../support/runs.ts'

const MINUTE = 60_000
const DAY = 1440
const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'America/St_Johns',
  'Pacific/Apia',
]

interface Fixed {
  readonly minutes: readonly number[]
  readonly hours: readonly number[] | undefined
}

/** Hours are undefined where every one counts: those run at every real hour. */
const fields = record({
  minutes: array(integer({ min: 0, max: 59 }), { minLength: 1, maxLength: 3 }),
  hours: oneof(constantFrom(undefined), array(integer({ min: 0, max: 23 }), { minLength: 1, maxLength: 3 })),
})

const expressionOf = ({ minutes, hours }: Fixed): string => `${minutes.join()} ${hours?.join() ?? '*'} * * *`

/** Minutes of the wall in which the expression is due, whatever the clock does. */
function wallMinutes({ minutes, hours }: Fixed, from: number, zone: string, days: number): readonly number[] {
  const found: number[] = []
  for (let at = from + MINUTE; at <= from + days * DAY * MINUTE; at += MINUTE) {
    const { hour, minute } = wallOf(at, zone)
    if (minutes.includes(minute) && (hours?.includes(hour) ?? true)) found.push(at)
  }
  return found
}

const isSteady = (from: number, zone: string, days: number): boolean => {
  const offset = (at: number): number => {
    const { day, hour, minute } = wallOf(at, zone)
    return (((day * 24 + hour) * 60 + minute - at / MINUTE) % DAY) + DAY
  }
  const first = offset(from) % DAY
  return Array.from({ length: days * 24 }, (_, hour) => offset(from + hour * 60 * MINUTE) % DAY).every((one) => one === first)
}

const YEAR_MINUTES = 366 * DAY
const START = Date.UTC(2026, 0, 1)

describe('cron in a time zone', () => {
  test('is due in the minutes in which the wall shows so, where no clock is changed', async () => {
    const places = record({ zone: constantFrom(...ZONES), at: integer({ min: 0, max: YEAR_MINUTES }), fixed: fields })
    await assert(
      asyncProperty(places, async ({ zone, at, fixed }) => {
        const from = START + at * MINUTE
        if (!isSteady(from, zone, 2)) return
        const wanted = wallMinutes(fixed, from, zone, 1)
        const found = await cronTimes({ expression: expressionOf(fixed), zone }, from, wanted.length + 1)
        expect(found instanceof Error ? found.message : found.slice(0, wanted.length)).toEqual(wanted)
      }),
      { numRuns: runs(300) },
    )
  })

  test('red control: in another zone the oracle sees the difference', async () => {
    const from = Date.UTC(2026, 0, 5)
    const found = await cronTimes({ expression: '30 9 * * *', zone: 'Europe/Berlin' }, from, 2)
    expect(found).not.toEqual(wallMinutes({ minutes: [30], hours: [9] }, from, 'Asia/Kolkata', 2))
  })

  const iso = async (expression: string, zone: string, from: string, count: number): Promise<unknown> => {
    const found = await cronTimes({ expression, zone }, Date.parse(from), count)
    return found instanceof Error ? found.message : found.map((at) => new Date(at).toISOString().slice(0, 16))
  }

  test.each([
    ['a fixed time that the wall shows twice, once', '30 2 * * *', '2026-10-24T12:00Z', ['2026-10-25T00:30', '2026-10-26T01:30']],
    [
      'a fixed time that the wall skips, at the jump',
      '30 2 * * *',
      '2026-03-28T12:00Z',
      ['2026-03-29T01:00', '2026-03-30T00:30'],
    ],
    [
      'an interval at every real one, where the clock is put back',
      '*/30 * * * *',
      '2026-10-25T00:00Z',
      ['2026-10-25T00:30', '2026-10-25T01:00', '2026-10-25T01:30', '2026-10-25T02:00'],
    ],
    [
      'an interval at every real one, where it is put forward',
      '*/30 * * * *',
      '2026-03-29T00:00Z',
      ['2026-03-29T00:30', '2026-03-29T01:00', '2026-03-29T01:30'],
    ],
  ])('runs %s', async (_, expression, from, wanted) => {
    expect(await iso(expression, 'Europe/Berlin', from, wanted.length)).toEqual(wanted)
  })
})
