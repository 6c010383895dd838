/** Readers: from a value that somebody else sent to what is needed of it, or to a `Malformed` that names the field. No reader throws. */
import { createTaggedError } from 'errore'

/** What was sent is not of this protocol: `field` is missing or is not `wanted`. */
export class Malformed extends createTaggedError({ name: 'Malformed', message: '$field is not $wanted' }) {}

export type Reader<T> = (value: unknown, field: string) => T | Malformed

type Known<R> = R extends Reader<infer T> ? T : never

const matching =
  (pattern: RegExp, wanted: string): Reader<string> =>
  (value, field) =>
    typeof value === 'string' && pattern.test(value) ? value : new Malformed({ field, wanted })

export const uuid = matching(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'a UUID in lower case')
export const sha256 = matching(/^[0-9a-f]{64}$/, 'a SHA-256 in hexadecimal')
/** Discord docs: Reference > Snowflakes. */
export const snowflake = matching(/^\d{1,20}$/, 'an id of Discord')
export const secretText = matching(/^[0-9a-f]{64}$/, 'a secret of 32 bytes in hexadecimal')
export const code = matching(/^[A-Z2-7]{4}-[A-Z2-7]{4}$/, 'a code like ABCD-2345')
export const address = matching(/^https?:\/\/\S{1,2048}$/, 'an address')
/** One line that people read: 1 to 100 characters, none of them a control character. */
export const label = matching(/^[^\p{C}]{1,100}$/u, 'a name of 1 to 100 characters')
export const sentence = matching(/^[^\p{Cc}]{1,500}$/u, 'a sentence')
export const flag: Reader<boolean> = (value, field) =>
  typeof value === 'boolean' ? value : new Malformed({ field, wanted: 'true or false' })

export const oneOf =
  <const T extends string>(...words: readonly T[]): Reader<T> =>
  (value, field) =>
    words.find((word) => word === value) ?? new Malformed({ field, wanted: `one of ${words.join(', ')}` })

export const optional =
  <T>(reader: Reader<T>): Reader<T | undefined> =>
  (value, field) =>
    value === undefined || value === null ? undefined : reader(value, field)

export const nullable =
  <T>(reader: Reader<T>): Reader<T | null> =>
  (value, field) =>
    value === null ? null : reader(value, field)

/** Fields that nobody asks for are not looked at: a newer side may say more. */
export function record<F extends Readonly<Record<string, Reader<unknown>>>>(
  fields: F,
): Reader<{ readonly [Name in keyof F]: Known<F[Name]> }> {
  return (value, field) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return new Malformed({ field, wanted: 'an object' })
    const known: Record<string, unknown> = {}
    for (const [name, reader] of Object.entries(fields)) {
      const read = reader(Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined, name)
      if (read instanceof Malformed) return read
      known[name] = read
    }
    return known as { readonly [Name in keyof F]: Known<F[Name]> }
  }
}
