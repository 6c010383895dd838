/** How many attachments are kept, and how long. Apart from the files themselves: every command reads it, and none of them needs `node:fs/promises`. */
export interface FileLimits {
  /** Of all attachments together. */
  readonly bytes: number
  readonly ageMs: number
}

export const FILE_LIMITS: FileLimits = { bytes: 1024 * 1024 * 1024, ageMs: 30 * 24 * 3_600_000 }
