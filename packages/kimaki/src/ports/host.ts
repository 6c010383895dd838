/** The machine: log, processes, our own files, and the folders of projects. */
import type { AuditUnavailable, FolderRefused } from '../base/errors.ts'
import type { AuditEntry } from '../domain/conversation/features/asks/audit.ts'

export interface Log {
  debug(message: string, facts?: Readonly<Record<string, unknown>>): void
  info(message: string, facts?: Readonly<Record<string, unknown>>): void
  warn(message: string, facts?: Readonly<Record<string, unknown>>): void
  error(message: string, facts?: Readonly<Record<string, unknown>>): void
}

/** Who was asked what, and who answered it: a file for the operator, append-only. */
export interface Audit {
  /** Resolves when the line is on the disk, without secrets; in the order of the calls. */
  write(entry: AuditEntry): Promise<undefined | AuditUnavailable>
}

export interface OldFiles {
  readonly files: number
  readonly bytes: number
}

/** Files of ours: attachments that people sent. Never inside a project. */
export interface Files {
  /** Whose files lie below all of these path patterns (`/folder/*`); undefined: not those of one conversation alone. */
  ownerOf(patterns: readonly string[]): string | undefined
  /** Writes (again) under a name we derive; resolves with the absolute path, or undefined when the disk refuses. */
  saveAttachment(conversationId: string, name: string, data: Uint8Array): Promise<string | undefined>
  /** Writes (again) into the folder `uploads` of a project; resolves with the absolute path, or undefined when that is refused. */
  saveUpload(directory: string, name: string, data: Uint8Array): Promise<string | undefined>
  /** The bytes of a saved file; undefined when it cannot be read. */
  read(path: string): Promise<Uint8Array | undefined>
  /** Deletes saved files; one that is not there is deleted already. */
  remove(paths: readonly string[]): Promise<void>
  /** Attachments that are old at `now` (Unix ms), but for those of conversations in which something is open. */
  old(now: number, openConversations: readonly string[]): Promise<OldFiles>
  /** Deletes them. Never rejects. */
  deleteOld(now: number, openConversations: readonly string[]): Promise<void>
}

/** Folders of projects, which may lie on a drive that does not answer, and in which anybody may have put anything. */
export interface Folders {
  /**
   * What the work comes to; an error when the folder does not answer within 5 s, or did not before and still does not. The work makes one
   * call of the file system after the other, and none that waits by itself.
   */
  within<T>(folder: string, work: () => Promise<T>): Promise<T | FolderRefused>
  /** The text of a regular file of at most 1 MiB; undefined for anything else. For use in `within`. */
  read(path: string): Promise<string | undefined>
  /** Those of the names that lie in the folder, in their order; a link does wherever it leads. For use in `within`. */
  present(folder: string, names: readonly string[]): Promise<readonly string[]>
}

/** Processes among all: a pid alone names nobody, since it is given again; pid and start time do. */
export interface Processes {
  /** Who has this pid now; `undefined` when nobody living. */
  identify(pid: number): { readonly startTicks: string } | undefined
  /** Who is in each process group now, the dead that nobody has collected yet too. Reads every process of the machine: some milliseconds. */
  groups(): ReadonlyMap<number, readonly GroupMember[]>
}

export interface GroupMember {
  readonly pid: number
  readonly startTicks: string
  readonly dead: boolean
}
