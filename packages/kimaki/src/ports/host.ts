/** The machine: log, clock and our own files. */

export interface Log {
  debug(message: string, facts?: Readonly<Record<string, unknown>>): void
  info(message: string, facts?: Readonly<Record<string, unknown>>): void
  warn(message: string, facts?: Readonly<Record<string, unknown>>): void
  error(message: string, facts?: Readonly<Record<string, unknown>>): void
}

export interface Clock {
  /** Unix milliseconds. */
  now(): number
  /** Calls back once after `ms`; returns the cancel. */
  after(ms: number, callback: () => void): () => void
}

/** Files of ours: attachments that people sent. Never inside a project. */
export interface Files {
  /** Writes (again) under a name we derive; resolves with the absolute path, or undefined when the disk refuses. */
  saveAttachment(name: string, data: Uint8Array): Promise<string | undefined>
}
