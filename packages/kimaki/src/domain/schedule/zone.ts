/** Time zones: what a clock on the wall shows at an instant, and the instants at which it shows something. Pure; `Intl` has the rules. */

/** A time as a clock on the wall shows it; `month` from 1. */
export interface Wall {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
}

const FORMATS = new Map<string, Intl.DateTimeFormat>()

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = FORMATS.get(zone)
  if (known) return known
  const numeric = 'numeric'
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: numeric,
    month: numeric,
    day: numeric,
    hour: numeric,
    minute: numeric,
    second: numeric,
    weekday: 'short',
  })
  FORMATS.set(zone, format)
  return format
}

/** By the name that the zone has everywhere; undefined: there is none of this name. */
export function zoneNamed(name: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name.trim() }).resolvedOptions().timeZone
  } catch {
    return undefined
  }
}

/** Unix ms. */
export function wallOf(instant: number, zone: string): Wall & { readonly weekday: string } {
  const parts = Object.fromEntries(
    formatOf(zone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, value]),
  )
  const number = (name: string): number => Number(parts[name])
  return {
    year: number('year'),
    month: number('month'),
    day: number('day'),
    hour: number('hour'),
    minute: number('minute'),
    second: number('second'),
    weekday: parts['weekday'] ?? '',
  }
}

const asUtc = ({ year, month, day, hour, minute, second }: Wall): number => Date.UTC(year, month - 1, day, hour, minute, second)

/** How far the zone is ahead of UTC at this instant, ms. */
const offsetAt = (instant: number, zone: string): number => asUtc(wallOf(instant, zone)) - Math.floor(instant / 1000) * 1000

const DAY_MS = 86_400_000

/**
 * When the wall shows this time: where it does twice, the first time. A time that the wall skips is the instant of the jump, as a
 * clock that was put forward has passed it then.
 */
export function instantOf(wall: Wall, zone: string): number {
  const local = asUtc(wall)
  const [before, after] = [offsetAt(local - DAY_MS, zone), offsetAt(local + DAY_MS, zone)]
  const fitting = [local - before, local - after].filter((instant) => instant + offsetAt(instant, zone) === local)
  return fitting.length > 0
    ? Math.min(...fitting)
    : jumpBetween(local - Math.max(before, after), local - Math.min(before, after), zone)
}

/** The first instant after `from` at which the offset is that of `to`. */
function jumpBetween(from: number, to: number, zone: string): number {
  const goal = offsetAt(to, zone)
  let [low, high] = [from, to]
  while (high - low > 1000) {
    const middle = Math.floor((low + high) / 2000) * 1000
    if (offsetAt(middle, zone) === goal) high = middle
    else low = middle
  }
  return high
}

const two = (number: number): string => String(number).padStart(2, '0')

/** For people: an absolute time with its zone. */
export function timeText(instant: number, zone: string): string {
  const { weekday, year, month, day, hour, minute } = wallOf(instant, zone)
  return `${weekday} ${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)} ${zone}`
}
