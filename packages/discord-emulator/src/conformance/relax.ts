/**
 * Three exceptions to Discord's description, all known to be wrong about the real Discord:
 *
 * 1. Time-stamps: `z.iso.datetime()` takes only `Z`, Discord really sends `+00:00`. A time-stamp with that ending is read as its `Z` form.
 * 2. Permission bits in requests (`allow`, `deny`, `default_member_permissions`, `permissions`) are described as integers; the documentation asks for
 *    strings, since 64-bit numbers do not fit. A string of digits is read as a number there.
 * 3. Codes inside the `errors` of a refusal are described as numbers; the documentation shows words (`BASE_TYPE_REQUIRED`).
 */
export function relaxTimestamps(value: unknown): unknown {
  return mapped(value, (_key, text) => (/^\d{4}-\d\d-\d\dT[\d:.]+\+00:00$/.test(text) ? text.replace('+00:00', 'Z') : text))
}

export function relaxPermissionBits(value: unknown): unknown {
  return mapped(value, (key, text) => (BITS.has(key) && /^\d+$/.test(text) ? Number(text) : text))
}

export function relaxErrorCodes(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || !('errors' in body)) return body
  return { ...body, errors: mapped(body.errors, (key, text) => (key === 'code' ? 0 : text)) }
}

const BITS: ReadonlySet<string> = new Set(['allow', 'deny', 'default_member_permissions', 'permissions'])

function mapped(value: unknown, change: (key: string, text: string) => unknown, key = ''): unknown {
  if (typeof value === 'string') return change(key, value)
  if (Array.isArray(value)) return value.map((item) => mapped(item, change))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, mapped(inner, change, name)]))
}
