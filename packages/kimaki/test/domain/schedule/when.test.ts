/** What people write for a time: read as one instant, or refused with what to write instead. */
import { describe, expect, test } from 'vitest'
import { readWhen, timesAfter } from '../../../src/domain/schedule/when.ts'

const NOW = Date.parse('2026-03-28T12:00:00Z')

async function read(text: string, zone?: string): Promise<string> {
  const schedule = await readWhen({ text, zone, machineZone: 'Asia/Tokyo', now: NOW })
  if (schedule instanceof Error) return schedule.message
  const times = await timesAfter(schedule, NOW, 2)
  return times.map((at) => new Date(at).toISOString().slice(0, 16)).join(' ')
}

describe('a time that people write', () => {
  test.each<readonly [string, string | undefined, string]>([
    ['2026-04-01T09:00:00Z', undefined, '2026-04-01T09:00'],
    ['2026-04-01T09:00+02:00', undefined, '2026-04-01T07:00'],
    ['2026-04-01 09:00', 'Europe/Berlin', '2026-04-01T07:00'],
    ['in 2h', undefined, '2026-03-28T14:00'],
    ['in 30 minutes', undefined, '2026-03-28T12:30'],
    ['tomorrow 9:00', 'Europe/Berlin', '2026-03-29T07:00'],
    ['tomorrow 9:00 UTC', undefined, '2026-03-29T09:00'],
    ['next friday at 5pm', 'America/New_York', '2026-04-03T21:00'],
    ['0 9 * * 1-5', undefined, '2026-03-30T09:00 2026-03-31T09:00'],
    ['@daily', 'Europe/Berlin', '2026-03-28T23:00 2026-03-29T22:00'],
    // Skipped, and there twice.
    ['2026-03-29T02:30', 'Europe/Berlin', '2026-03-29T01:00'],
    ['2026-10-25T02:30', 'Europe/Berlin', '2026-10-25T00:30'],
  ])('%s in %s', async (text, zone, wanted) => {
    expect(await read(text, zone)).toBe(wanted)
  })

  test.each<readonly [string, string | undefined, string]>([
    [
      'tomorrow 9:00',
      undefined,
      'It can be Sun 2026-03-29 09:00 Asia/Tokyo (--time-zone Asia/Tokyo) or Sun 2026-03-29 09:00 UTC',
    ],
    ['2026-04-01T09:00', undefined, 'has no time zone, so nothing is saved'],
    ['every day at 9', 'UTC', 'write it as a cron expression, like "0 9 * * *"'],
    ['every 5 minutes', undefined, 'like "*/5 * * * *"'],
    ['weekly', undefined, 'like "0 9 * * 1"'],
    ['2026-02-31T09:00Z', undefined, 'is no instant'],
    ['2025-01-01T00:00Z', undefined, 'is over'],
    ['0 0 30 2 *', undefined, 'never comes'],
    ['0 99 * * *', undefined, 'is no cron expression'],
    ['soon, perhaps', 'UTC', 'is no time that kimaki can read'],
    ['in 2h', 'Middle/Earth', '--time-zone must be the name of a time zone'],
  ])('%s in %s is refused', async (text, zone, words) => {
    expect(await read(text, zone)).toContain(words)
  })
})
