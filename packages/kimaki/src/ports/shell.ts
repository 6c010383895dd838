/** A person's own shell command (`!command`): the only thing in the product that a shell reads as a string. */

export interface ShellPort {
  /**
   * Runs the command at once; never throws, never runs twice under one id, resolves when the command is over. Background processes
   * (`server &`) do not hold it up: they go on until `stop`, `stopAll`, the time limit, or the next start after a crash ends them, as
   * long as they are in the command's process group (`setsid` leaves it).
   */
  run(request: ShellRequest): Promise<ShellEnd>
  /** How many commands have a process left, the background included. */
  running(): number
  /** Asks the command's process group to end (TERM, after 2 s KILL), the background too; nothing happens when it has ended. */
  stop(id: string): void
  /** For good: resolves within 3 s, when no process of any command is left; a later `run` resolves as `failed`. */
  stopAll(): Promise<void>
}

export interface ShellRequest {
  /** Ours, one a command; names the file of a long output. */
  readonly id: string
  /** As it was written, whatever is in it. */
  readonly command: string
  /** Where it runs. */
  readonly directory: string
  /** Milliseconds; when they are over, the process group is ended like by `stop`. */
  readonly timeLimitMs: number
  /**
   * The first output at once, then at most once a second, only if there is more; not again once `run` has resolved. Of a long output only its
   * end, more than a message can show.
   */
  readonly onOutput: (soFar: Pick<ShellOutput, 'text'>) => void
}

export interface ShellOutput {
  /**
   * stdout and stderr in the order they were written, without escapes and control characters; of a line that was written
   * over (`\r`) its last state. Beyond 1 MiB its head and its tail, with a line between them that says what is left out.
   */
  readonly text: string
  /** Set when `text` is not all of it. */
  readonly overflow: ShellOverflow | undefined
}

export interface ShellOverflow {
  /** Characters (UTF-16 units) that `text` lacks. */
  readonly omitted: number
  /** All of the output, cleaned as `text` is; undefined when the disk refuses. Old ones are deleted when later ones need room. */
  readonly file: string | undefined
  /** The file has all of it: it ends at 25 MB. */
  readonly complete: boolean
}

export type ShellEnd = {
  readonly output: ShellOutput
  /** Milliseconds until it was over; 0 for a command that never ran. */
  readonly tookMs: number
} & (
  | {
      readonly kind: 'exited'
      /** 0 to 255; a shell tells 128 + n when its own child was killed by signal n. */
      readonly code: number
      /** A process it started goes on. */
      readonly background: boolean
    }
  | { readonly kind: 'killed'; /** `SIGSEGV` and the like; not by us. */ readonly signal: string; readonly background: boolean }
  | { readonly kind: 'timed-out' }
  /** By a person, or because the bot stops. */
  | { readonly kind: 'stopped' }
  /** It never ran: a sentence that says why. */
  | { readonly kind: 'failed'; readonly reason: string }
)
