/** Reads the fields of a JSON body and collects what is wrong with them, as Discord lists it (docs: Reference > Error Messages). */
import type { Snowflake } from '../../api.ts'
import { formRefusal, type FormProblem } from '../../world/base/discord-error.ts'

type Path = readonly (string | number)[]

/** Readers answer undefined for a field that is missing, null or wrong; `null` is told apart only by `has` and `isNull`. */
export interface Form {
  readonly fields: Readonly<Record<string, unknown>>
  has(name: string): boolean
  isNull(name: string): boolean
  text(name: string, bounds: { readonly min?: number; readonly max: number; readonly required?: boolean }): string | undefined
  integer(
    name: string,
    bounds: { readonly min?: number; readonly max?: number; readonly of?: readonly number[] },
  ): number | undefined
  boolean(name: string): boolean | undefined
  id(name: string): Snowflake | undefined
  list(name: string, max: number): readonly unknown[] | undefined
  /** A nested object; its problems are reported under its name. */
  object(name: string): Form | undefined
  /** A reader of another object's fields whose problems are reported here, under the path. */
  reader(fields: unknown, path: Path): Form
  problem(path: Path, code: string, message: string): undefined
  /** Throws 50035 if anything was wrong. */
  check(): void
}

export function readForm(body: unknown, at: Path = [], problems: FormProblem[] = []): Form {
  const fields = isObject(body) ? body : {}
  const problem = (path: Path, code: string, message: string): undefined => {
    problems.push({ path: [...at, ...path], code, message })
  }
  const given = (name: string) => fields[name] !== undefined && fields[name] !== null
  return {
    fields,
    problem,
    has: (name) => fields[name] !== undefined,
    isNull: (name) => fields[name] === null,
    text(name, { min = 0, max, required = false }) {
      const value = fields[name]
      if (!given(name)) return required ? problem([name], 'BASE_TYPE_REQUIRED', 'This field is required') : undefined
      if (typeof value !== 'string')
        return problem([name], 'STRING_TYPE_CONVERT', `Could not interpret "${String(value)}" as string.`)
      if (value.length >= min && value.length <= max) return value
      if (min === 0) return problem([name], 'BASE_TYPE_MAX_LENGTH', `Must be ${max} or fewer in length.`)
      return problem([name], 'BASE_TYPE_BAD_LENGTH', `Must be between ${min} and ${max} in length.`)
    },
    integer(name, { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER, of }) {
      const value = fields[name]
      if (!given(name)) return undefined
      if (!Number.isInteger(value)) return problem([name], 'NUMBER_TYPE_COERCE', `Value "${String(value)}" is not int.`)
      const number = Number(value)
      if (of !== undefined && !of.includes(number)) {
        return problem([name], 'BASE_TYPE_CHOICES', `Value must be one of {${of.join(', ')}}.`)
      }
      if (number < min) return problem([name], 'NUMBER_TYPE_MIN', `int value should be greater than or equal to ${min}.`)
      if (number > max) return problem([name], 'NUMBER_TYPE_MAX', `int value should be less than or equal to ${max}.`)
      return number
    },
    boolean(name) {
      const value = fields[name]
      if (!given(name)) return undefined
      if (typeof value === 'boolean') return value
      return problem([name], 'BOOLEAN_TYPE_CONVERT', `Must be either true or false.`)
    },
    id(name) {
      const value = fields[name]
      if (!given(name)) return undefined
      if (/^\d{1,20}$/.test(String(value))) return String(value)
      return problem([name], 'NUMBER_TYPE_COERCE', `Value "${String(value)}" is not snowflake.`)
    },
    list(name, max) {
      const value = fields[name]
      if (!given(name)) return undefined
      if (!Array.isArray(value)) return problem([name], 'LIST_TYPE_CONVERT', 'Only iterables may be used in a ListType')
      if (value.length <= max) return value
      return problem([name], 'BASE_TYPE_MAX_LENGTH', `Must be ${max} or fewer in length.`)
    },
    object(name) {
      const value = fields[name]
      if (!given(name)) return undefined
      if (isObject(value)) return readForm(value, [...at, name], problems)
      return problem([name], 'MODEL_TYPE_CONVERT', 'Only dictionaries may be used in a ModelType')
    },
    reader: (other, path) => readForm(other, [...at, ...path], problems),
    check() {
      if (problems.length > 0) throw formRefusal(problems)
    },
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
