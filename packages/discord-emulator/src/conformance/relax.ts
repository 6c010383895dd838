/** Reads a body as its schema expects it, where the schema is known to be wrong about the real Discord: see `exceptions.ts`. */
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
