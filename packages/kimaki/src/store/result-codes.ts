/** What SQLite says went wrong (https://sqlite.org/rescode.html): the lowest byte of its extended result codes. */

const BUSY = 5
const LOCKED = 6
const READONLY = 8
const IOERR = 10
const CORRUPT = 11
const FULL = 13
const CANTOPEN = 14
const CONSTRAINT = 19
const MISMATCH = 20
const NOTADB = 26

/** The file is not, or no longer, a sound database. */
export const isDamage = (error: unknown): boolean => [CORRUPT, NOTADB].includes(codeOf(error) ?? -1)

/** The disk or a lock: it may work later. */
export const isPassing = (error: unknown): boolean =>
  [BUSY, LOCKED, READONLY, IOERR, FULL, CANTOPEN].includes(codeOf(error) ?? -1)

/** A broken rule of the schema, or a value SQLite cannot take: the batch itself is at fault. */
export const isBatchAtFault = (error: unknown): boolean =>
  error instanceof Error && [undefined, CONSTRAINT, MISMATCH].includes(codeOf(error))

function codeOf(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : undefined
}
