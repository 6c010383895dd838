/** What a REST route is: a template and a function from request to answer. Handlers are synchronous: a request takes effect at once. */
import type { Snowflake } from '../api.ts'
import type { Actor } from '../world/realm/actor.ts'
import { DiscordError, refusal } from '../world/base/discord-error.ts'
import type { Viewer } from '../world/realm/dispatch.ts'
import type { Realm } from '../world/realm/realm.ts'
import type { BotRecord, GrantRecord } from '../world/realm/records.ts'
import type { StartLimit } from '../world/base/start-limit.ts'

export interface UploadedFile {
  /** The form's field name, e.g. `files[0]`. */
  readonly field: string
  readonly name: string
  readonly contentType: string
  readonly data: Uint8Array
}

export interface RestRequest {
  readonly realm: Realm
  readonly bot: BotRecord
  readonly path: string
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly body: unknown
  readonly files: readonly UploadedFile[]
  readonly startLimit: StartLimit
  /** The header as it came. */
  readonly authorization: string | undefined
  /** Of a route with a `scope`: what a person allowed, when their token came instead of a bot's. */
  readonly grant: GrantRecord | undefined
}

export type RestAnswer =
  | { readonly kind: 'json'; readonly status: number; readonly body: unknown }
  | { readonly kind: 'empty'; readonly status: number }
  | { readonly kind: 'redirect'; readonly status: number; readonly location: string }
  | { readonly kind: 'file'; readonly status: number; readonly contentType: string; readonly data: Uint8Array }

export interface Route {
  readonly method: string
  /** e.g. `/channels/:channel/messages`, without the `/api/v10` prefix. */
  readonly template: string
  /** Needs no token and has no bucket. */
  readonly open?: boolean
  /** Answers a person's token, too, when it has this scope (docs: OAuth2 > OAuth2 Scopes). */
  readonly scope?: string
  readonly handle: (request: RestRequest) => RestAnswer
}

export const ok = (body: unknown): RestAnswer => ({ kind: 'json', status: 200, body })
export const created = (body: unknown): RestAnswer => ({ kind: 'json', status: 201, body })
export const noContent = (): RestAnswer => ({ kind: 'empty', status: 204 })

export function param({ params }: RestRequest, name: string): string {
  const value = params[name]
  if (value === undefined) throw new Error(`The route has no parameter :${name}`)
  return value
}

export const actorOf = ({ bot }: RestRequest): Actor => ({ kind: 'bot', id: bot.id })

/** REST hides message content as the gateway does when the intent is off in the portal. */
export const viewerOf = ({ bot }: RestRequest): Viewer => ({
  userId: bot.id,
  content: bot.privileged.messageContent,
  members: bot.privileged.guildMembers,
})

/** An integer of the query string within bounds, or 50035. */
export function queryInteger(
  { query }: RestRequest,
  name: string,
  { min, max, fallback }: Record<'min' | 'max' | 'fallback', number>,
): number {
  const text = query.get(name)
  if (text === null) return fallback
  const value = Number(text)
  if (Number.isInteger(value) && value >= min && value <= max) return value
  throw queryRefusal(name, `Value "${text}" is not an integer from ${min} to ${max}.`)
}

/** A text that is needed. */
export function queryText({ query }: RestRequest, name: string, { min, max }: Record<'min' | 'max', number>): string {
  const text = query.get(name) ?? ''
  if (text.length >= min && text.length <= max) return text
  throw queryRefusal(name, `Must be between ${min} and ${max} in length.`)
}

export function querySnowflake({ query }: RestRequest, name: string): Snowflake | undefined {
  const text = query.get(name)
  if (text === null) return undefined
  if (/^\d{1,20}$/.test(text)) return text
  throw queryRefusal(name, `Value "${text}" is not snowflake.`)
}

export function queryRefusal(name: string, message: string): DiscordError {
  const { status, body } = refusal('formBody')
  return new DiscordError(status, { ...body, errors: { [name]: { _errors: [{ code: 'NUMBER_TYPE_COERCE', message }] } } })
}
