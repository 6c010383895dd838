/** Codes become tokens, once (docs: OAuth2 > Authorization Code Grant > Access Token Exchange; RFC 6749, 5.1 and 5.2). */
import type { Realm } from '../realm/realm.ts'
import type { GrantRecord } from '../realm/records.ts'

export const TOKEN_LIFETIME_S = 604_800

export interface Exchanged {
  readonly token: string
  readonly refreshToken: string
  readonly grant: GrantRecord
}

/** Undefined for a code that is unknown, used, too old, another application's or bound to another address. */
export function exchange(realm: Realm, botId: string, code: string, redirectUri: string): Exchanged | undefined {
  const grant = realm.grants.codes.get(code)
  realm.grants.codes.delete(code)
  const now = realm.settings.now()
  if (grant === undefined || grant.botId !== botId || grant.redirectUri !== redirectUri || grant.expiresAt <= now)
    return undefined
  const token = realm.settings.secret(22).toString('base64url')
  realm.grants.tokens.set(token, { ...grant, expiresAt: now + TOKEN_LIFETIME_S * 1000 })
  return { token, refreshToken: realm.settings.secret(22).toString('base64url'), grant }
}

/** What the person allowed whose token this is, if it has the scope. */
export function grantOf(realm: Realm, authorization: string | undefined, scope: string): GrantRecord | undefined {
  if (authorization?.startsWith('Bearer ') !== true) return undefined
  const grant = realm.grants.tokens.get(authorization.slice(7))
  const isGood = grant !== undefined && grant.expiresAt > realm.settings.now() && grant.scopes.includes(scope)
  return isGood ? grant : undefined
}
