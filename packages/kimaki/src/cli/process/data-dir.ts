/** What a data folder that cannot be used means: will it mend itself, and the words for the operator. */
import { EXIT_TEMPORARY, EXIT_USAGE } from './exit-codes.ts'

export interface DiskTrouble {
  readonly code: number
  readonly words: string
}

/** Full, read-only, over quota, failing, too many open files: worth another try later. */
const PASSING: readonly string[] = ['ENOSPC', 'EROFS', 'EDQUOT', 'EIO', 'EMFILE', 'ENFILE']

/** Undefined for an error that is not of the disk. */
export function diskTrouble(dataDir: string, error: unknown): DiskTrouble | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return undefined
  const passing = PASSING.includes(String(error.code))
  const next = passing ? 'It is tried again.' : 'Make the folder writable, or choose another with --data-dir.'
  return {
    code: passing ? EXIT_TEMPORARY : EXIT_USAGE,
    words: `the data folder ${dataDir} cannot be used (${error.message}). ${next}`,
  }
}
