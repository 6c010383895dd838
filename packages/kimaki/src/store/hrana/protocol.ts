/**
 * The words of Hrana over HTTP, version 2 (https://github.com/tursodatabase/libsql/blob/main/docs/HRANA_2_SPEC.md), as far as they are JSON: what a
 * client asks of a stream, and values as SQLite knows them. `get_autocommit` and its condition are of version 3.
 */
import type { SQLInputValue, SQLOutputValue } from 'node:sqlite'

/** A request as it came: each field is checked where it is used. */
export type Fields = Readonly<Record<string, unknown>>

export type StreamResult =
  | { readonly type: 'ok'; readonly response: { readonly type: string } & Fields }
  | { readonly type: 'error'; readonly error: HranaError }

export interface HranaError {
  readonly message: string
  readonly code: string
}

/** A request that cannot be answered; everything else that is thrown is SQLite's. */
export class Refused extends Error {
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

export const fields = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}

export function list(value: unknown, name: string): readonly unknown[] {
  if (value === undefined || value === null) return []
  if (Array.isArray(value)) return value as readonly unknown[]
  throw new Refused('PROTOCOL', `"${name}" must be a list.`)
}

/** Integers come as text, since JSON has no more than 53 bits. */
export function fromWire(value: unknown): SQLInputValue {
  const { type, value: given, base64 } = fields(value)
  if (type === 'null') return null
  if (type === 'integer' && /^-?\d{1,19}$/.test(String(given))) return BigInt(String(given))
  if (type === 'float' && typeof given === 'number') return given
  if (type === 'text' && typeof given === 'string') return given
  if (type === 'blob' && typeof base64 === 'string') return Buffer.from(base64, 'base64')
  throw new Refused('ARGS_INVALID', `An argument is no value with a type: ${JSON.stringify(value)}`.slice(0, 200))
}

/** The statement reads integers as bigint. */
export function toWire(value: SQLOutputValue): Fields {
  if (value === null) return { type: 'null' }
  if (typeof value === 'bigint') return { type: 'integer', value: String(value) }
  if (typeof value === 'string') return { type: 'text', value }
  if (typeof value === 'number')
    return { type: 'float', value: Number.isFinite(value) ? value : rawJSON(value > 0 ? '9e999' : '-9e999') }
  return { type: 'blob', base64: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64') }
}

/** Infinity: JSON has no word for it, but a reader takes a number that is too large for a float as that. TypeScript does not know the function yet. */
const { rawJSON } = JSON as unknown as { readonly rawJSON: (text: string) => unknown }

const NAMES: readonly string[] =
  'OK ERROR INTERNAL PERM ABORT BUSY LOCKED NOMEM READONLY INTERRUPT IOERR CORRUPT NOTFOUND FULL CANTOPEN PROTOCOL EMPTY SCHEMA TOOBIG CONSTRAINT MISMATCH MISUSE NOLFS AUTH FORMAT RANGE NOTADB'.split(
    ' ',
  )

export function errorToWire(error: unknown): HranaError {
  const {
    message = String(error),
    code,
    errcode,
  } = error as Partial<Error> & { readonly code?: string; readonly errcode?: number }
  if (errcode !== undefined) return { message, code: `SQLITE_${NAMES[errcode & 0xff] ?? 'ERROR'}` }
  return { message, code: error instanceof Refused ? error.code : (code ?? 'UNKNOWN') }
}
