/** How much time, memory and disk a command may take. */

export interface ShellLimits {
  /** Characters of the output that are kept from its beginning, and from its end. */
  readonly headChars: number
  readonly tailChars: number
  /** Of these a report has the last. */
  readonly reportChars: number
  /** Bytes of the file that holds a long output whole; and how many such files are kept. */
  readonly fileBytes: number
  readonly files: number
  /** Of every tenth of a second, how long the bot may be busy with the output; a command that writes more waits. */
  readonly busyMs: number
  /** Between two reports of the output. */
  readonly outputMs: number
  /** How long the rest of the output is waited for when the shell has exited but a background process holds the pipe. */
  readonly drainMs: number
  /** From TERM to KILL; and from there to giving up. */
  readonly killAfterMs: number
  readonly giveUpAfterMs: number
}

export const LIMITS: ShellLimits = {
  headChars: 512 * 1024,
  tailChars: 512 * 1024,
  reportChars: 4000,
  fileBytes: 25_000_000,
  files: 20,
  busyMs: 25,
  outputMs: 1_000,
  drainMs: 500,
  killAfterMs: 2_000,
  giveUpAfterMs: 800,
}
