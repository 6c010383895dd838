/** Ids of Discord as a person types them. */
import { UsageError } from '../base/errors.ts'

const SNOWFLAKE = /^\d{17,20}$/

/** The sentence for an id that cannot be one; undefined when it can. */
export function checkSnowflake(flag: string, id: string): UsageError | undefined {
  if (SNOWFLAKE.test(id)) return undefined
  return new UsageError({
    reason: `${flag} must be a Discord id of 17 to 20 digits; it is "${id}". (Developer mode in Discord's settings lets you copy ids.)`,
  })
}
