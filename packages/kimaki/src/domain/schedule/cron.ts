/**
 * Cron expressions in a time zone. Fixed hours run once where the clock is put back and at the jump where it is put forward; what runs
 * every so many minutes runs at every real one. The library is loaded with the first expression.
 */
import { UsageError } from '../../base/errors.ts'

interface Times {
  nextRuns(n: number, after: Date): readonly Date[]
}

async function read(expression: string, zone: string): Promise<Times | UsageError> {
  const { Cron } = await import('croner')
  try {
    return new Cron(expression, { timezone: zone, paused: true, mode: '5-part' })
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^CronPattern: /, '') : String(error)
    return new UsageError({ reason: `"${expression}" is no cron expression of five fields: ${reason}` })
  }
}

/** The next instants after this one (Unix ms), at most `count`. */
export async function cronTimes(
  { expression, zone }: { readonly expression: string; readonly zone: string },
  after: number,
  count = 1,
): Promise<readonly number[] | UsageError> {
  const times = await read(expression, zone)
  return times instanceof Error ? times : times.nextRuns(count, new Date(after)).map((date) => date.getTime())
}

/** Five fields, or a name like `@daily`. */
export const looksLikeCron = (text: string): boolean =>
  /^@[a-z]+$/i.test(text) || (/^\S+(?:\s+\S+){4,5}$/.test(text) && /^[\d*]/.test(text) && /^[\dA-Za-z*/,?#\-\sLW]+$/.test(text))
