/**
 * Readers: from a value that Discord sent, which may be anything, to what is needed of it, or to an `Unreadable` that names the field.
 * No reader throws. Fields that nobody asks for are not looked at.
 *
 *   strict    `text`, `record`, `list`, ...   without it the whole cannot be understood
 *   optional  `optional(reader)`              may be absent or null, but not of another kind: what decides about rights or places
 *   lenient   `orNone`, `readable`            of another kind counts as absent: what only decorates
 */
import { Unreadable } from '../../base/errors.ts'

export type Reader<T> = (value: unknown) => T | Unreadable

/** What a reader gives. */
export type Read<R> = R extends Reader<infer T> ? Exclude<T, Unreadable> : never

type Fields = Readonly<Record<string, Reader<unknown>>>
type RecordOf<F extends Fields> = { readonly [Name in keyof F]: Read<F[Name]> }

const HERE = 'it'

const unreadable = (wanted: string, field = HERE): Unreadable => new Unreadable({ field, wanted })

const kind =
  <T>(wanted: string, is: (value: unknown) => value is T): Reader<T> =>
  (value) =>
    is(value) ? value : unreadable(wanted)

export const text: Reader<string> = kind('a text', (value) => typeof value === 'string')
export const flag: Reader<boolean> = kind('true or false', (value) => typeof value === 'boolean')
export const number: Reader<number> = kind('a number', (value): value is number => Number.isFinite(value))
export const scalar: Reader<string | number | boolean> = (value) =>
  typeof value === 'string' || typeof value === 'boolean' ? value : number(value)

/** Discord docs: Reference > Snowflakes. 64 bits have 20 digits at most. */
const SNOWFLAKE = /^\d{1,20}$/
export const snowflake: Reader<string> = kind(
  'an id',
  (value): value is string => typeof value === 'string' && SNOWFLAKE.test(value),
)

/** A set of permission bits, decimal (Discord docs: Permissions). */
const BITS = /^\d{1,100}$/
export const bits: Reader<string> = kind(
  'a set of permissions',
  (value): value is string => typeof value === 'string' && BITS.test(value),
)

/** A moment that can be written as ISO 8601, in UTC. */
export const time: Reader<string> = (value) => {
  const ms = typeof value === 'string' ? Date.parse(value) : NaN
  return Number.isNaN(ms) ? unreadable('a time') : new Date(ms).toISOString()
}

/** Whatever it is, to be read later or not at all. */
export const anything: Reader<unknown> = (value) => value

/** Of an answer that says nothing we need. */
export const nothing: Reader<undefined> = () => undefined

export const isThere: Reader<boolean> = (value) => value !== undefined && value !== null

export const optional =
  <T>(reader: Reader<T>): Reader<T | undefined> =>
  (value) =>
    value === undefined || value === null ? undefined : reader(value)

export const orNone =
  <T>(reader: Reader<T>): Reader<T | undefined> =>
  (value) => {
    if (value === undefined || value === null) return undefined
    const known = reader(value)
    return known instanceof Unreadable ? undefined : known
  }

export const orElse =
  <T>(reader: Reader<T>, otherwise: T): Reader<T> =>
  (value) => {
    if (value === undefined || value === null) return otherwise
    const known = reader(value)
    return known instanceof Unreadable ? otherwise : known
  }

export function record<F extends Fields>(fields: F): Reader<RecordOf<F>> {
  const readers = Object.entries(fields)
  return (value) => {
    if (!isObject(value)) return unreadable('an object')
    const known: Record<string, unknown> = {}
    for (const [name, reader] of readers) {
      const field = reader(Object.hasOwn(value, name) ? value[name] : undefined)
      if (field instanceof Unreadable) return within(name, field)
      known[name] = field
    }
    return known as RecordOf<F>
  }
}

/** Every item is needed. */
export const list =
  <T>(reader: Reader<T>): Reader<readonly T[]> =>
  (value) => {
    if (!Array.isArray(value)) return unreadable('a list')
    const known: T[] = []
    for (const [index, each] of value.entries()) {
      const item = reader(each)
      if (item instanceof Unreadable) return within(String(index), item)
      known.push(item)
    }
    return known
  }

/** The items that can be read; none where there is no list. */
export const readable =
  <T>(reader: Reader<T>): Reader<readonly T[]> =>
  (value) =>
    Array.isArray(value)
      ? value.map((item) => reader(item)).filter((item): item is Exclude<T, Unreadable> => !(item instanceof Unreadable))
      : []

/** What was read must also be so. */
export const that =
  <T>(reader: Reader<T>, isSo: (value: T) => boolean, wanted: string): Reader<T> =>
  (value) => {
    const known = reader(value)
    return known instanceof Unreadable || isSo(known) ? known : unreadable(wanted)
  }

function within(name: string, { field, wanted }: Unreadable): Unreadable {
  return unreadable(String(wanted), field === HERE ? name : `${name}.${String(field)}`)
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
