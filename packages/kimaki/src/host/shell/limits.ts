/** How much of everything a command may have. */

export interface ShellLimits {
  /** Characters of the output that are kept from its beginning, and from its end. */
  readonly headChars: number
  readonly tailChars: number
  /** Bytes of the file that holds a long output whole; and how many such files are kept. */
  readonly fileBytes: number
  readonly files: number
  /** Of every tenth of a second, how long the bot may be busy with the output; the rest waits in the command. */
  readonly busyMs: number
  /** Between two looks at the output. */
  readonly outputMs: number
  /** For the rest of the output when the shell has ended but something in the background holds its end of the pipe. */
  readonly drainMs: number
  /** From TERM to KILL; and from there to giving up. */
  readonly killAfterMs: number
  readonly giveUpAfterMs: number
}

export const LIMITS: ShellLimits = {
  headChars: 512 * 1024,
  tailChars: 512 * 1024,
  fileBytes: 25_000_000,
  files: 20,
  busyMs: 25,
  outputMs: 1_000,
  drainMs: 500,
  killAfterMs: 2_000,
  giveUpAfterMs: 800,
}
