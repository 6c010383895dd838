/**
 * The ids of guilds and channels that a body or a query names, wherever they stand in it: each must be the client's. A field is known by
 * its name, so that a route that Discord gives another field to is covered as well.
 */
import { isFields, isSnowflake } from '../base/shape.ts'

export interface NamedIds {
  readonly guilds: readonly string[]
  readonly channels: readonly string[]
}

/** What such a field may be called: `guild_id`, `webhook_channel_id`, `parent_id`, `channel_ids`, ... */
const GUILD = /(?:^|_)guild_ids?$/
const CHANNEL = /(?:^|_)(?:channel|parent|thread|category)_ids?$/

/** Undefined: something that should be an id is none. */
export function idsInBody(body: unknown): NamedIds | undefined {
  const [guilds, channels]: [string[], string[]] = [[], []]
  const isGood = visit(body, (name, value) => collect(name, value, guilds, channels), 0)
  return isGood ? { guilds, channels } : undefined
}

export function idsInQuery(query: URLSearchParams): NamedIds | undefined {
  const [guilds, channels]: [string[], string[]] = [[], []]
  for (const [name, value] of query) {
    if (!/^[a-z_]{1,50}$/.test(name) || !collect(name, value, guilds, channels)) return undefined
  }
  return { guilds, channels }
}

/** Deeper than anything of Discord's. */
const DEEPEST = 40

function visit(value: unknown, meet: (name: string, value: unknown) => boolean, depth: number): boolean {
  if (depth > DEEPEST) return false
  if (Array.isArray(value)) return value.every((one) => visit(one, meet, depth + 1))
  if (!isFields(value)) return true
  return Object.entries(value).every(([name, one]) => meet(name, one) && visit(one, meet, depth + 1))
}

/** False: it should be an id and is none. Null takes a parent away. */
function collect(name: string, value: unknown, guilds: string[], channels: string[]): boolean {
  const found = GUILD.test(name) ? guilds : CHANNEL.test(name) ? channels : undefined
  if (found === undefined || value === null || value === undefined) return true
  const values: readonly unknown[] = Array.isArray(value) ? value : [value]
  if (!values.every(isSnowflake)) return false
  found.push(...values)
  return true
}
