/**
 * Reads fields of what OpenCode sends, each checked. `T`, a type of OpenCode's own description, tells the compiler which fields there are:
 * a name that is wrong, or gone in a newer version, does not compile. The value itself is not trusted: each field is checked when it is
 * read, and one that is missing or of another kind reads as `undefined` or as empty. Nothing here throws.
 */

/** Names of all fields; of a union, those of every member. */
type Name<T> = T extends object ? Extract<keyof T, string> : never
/** What the field may hold, in any member of the union. */
type Field<T, N extends string> = T extends object ? (N extends keyof T ? T[N] : never) : never
/** Names of the fields that may hold a `V`; of a field of unknown content nothing can be said. */
type NameOf<T, V> = {
  [N in Name<T>]: unknown extends Field<T, N> ? N : Extract<Field<T, N>, V> extends never ? never : N
}[Name<T>]
type Item<F> = F extends readonly (infer I)[] ? I : never
type Known = Readonly<Record<string, unknown>>

export class Received<T> {
  readonly #fields: Known

  constructor(value: unknown) {
    this.#fields = isObject(value) ? value : {}
  }

  text(name: NameOf<T, string>): string | undefined {
    const value = this.#fields[name]
    return typeof value === 'string' ? value : undefined
  }

  /** Finite numbers only. */
  number(name: NameOf<T, number>): number | undefined {
    const value = this.#fields[name]
    return typeof value === 'number' && Number.isFinite(value) ? value : undefined
  }

  isTrue(name: NameOf<T, boolean>): boolean {
    return this.#fields[name] === true
  }

  /** The text, if it is one of these. */
  choice<N extends NameOf<T, string>, V extends Extract<Field<T, N>, string>>(name: N, values: readonly V[]): V | undefined {
    return values.find((value) => value === this.#fields[name])
  }

  object<N extends NameOf<T, object>>(name: N): Received<Extract<Field<T, N>, object>> {
    return new Received(this.#fields[name])
  }

  list<N extends NameOf<T, readonly unknown[]>>(name: N): readonly Received<Item<Field<T, N>>>[] {
    return readList(this.#fields[name])
  }

  /** A list of texts and numbers, as texts. */
  texts(name: NameOf<T, readonly unknown[]>): readonly string[] {
    const value = this.#fields[name]
    return Array.isArray(value) ? value.filter((item) => typeof item === 'string' || typeof item === 'number').map(String) : []
  }

  /** The field is there, whatever it holds. */
  has(name: Name<T>): boolean {
    return this.#fields[name] !== undefined
  }

  /** The object as it came: to hand it on, not to read it. */
  get fields(): Known {
    return this.#fields
  }

  /** Of an object whose names are data. */
  entries(): readonly (readonly [string, Received<T[keyof T]>])[] {
    return Object.entries(this.#fields).map(([name, value]) => [name, new Received(value)])
  }
}

export const read = <T>(value: unknown): Received<T> => new Received(value)

export const readList = <T>(value: unknown): readonly Received<T>[] =>
  Array.isArray(value) ? value.map((item) => new Received(item)) : []

/** The parsed value; `undefined` when the source is no JSON. */
export function parseJson(source: string): unknown {
  try {
    return JSON.parse(source) as unknown
  } catch {
    return undefined
  }
}

const isObject = (value: unknown): value is Known => typeof value === 'object' && value !== null && !Array.isArray(value)
