/**
 * Expected trouble as values: a function returns `T | SomeError`, its caller narrows with `instanceof`. Owner of `errore`.
 *
 * Stopping is the one exception. Whatever waits takes an `AbortSignal` and throws its reason, an `AbortError`; that error passes
 * through every room up to the loop that owns the work, and is never counted as a defect (`isAbortError`).
 */
import { createTaggedError, isAbortError } from 'errore'

export { isAbortError }

/** The database cannot be used, now or later; `reason` is the sentence for the operator. */
export class StoreError extends createTaggedError({ name: 'StoreError', message: '$reason' }) {}

/** The database cannot be used now, but may be later: a lock, a full disk. */
export class StoreUnavailable extends createTaggedError({ name: 'StoreUnavailable', message: '$reason' }) {}

/** This batch can never be written: the batch itself is at fault, and writing it again is of no use. */
export class BatchRejected extends createTaggedError({
  name: 'BatchRejected',
  message: 'a batch can never be written: $reason',
}) {}

/** Wrong use: `reason` says what to change; the program ends with 64 (do not start again as it is). */
export class UsageError extends createTaggedError({ name: 'UsageError', message: '$reason' }) {}

/** It cannot be done now: `reason` says what has to be there first. The program ends with 75 (worth trying again as it is). */
export class TryLater extends createTaggedError({ name: 'TryLater', message: '$reason' }) {}

/** A person's shell command cannot be run; `reason` is the sentence for that person. */
export class CommandError extends createTaggedError({ name: 'CommandError', message: '$reason' }) {}

/** The audit file cannot be written now. */
export class AuditUnavailable extends createTaggedError({ name: 'AuditUnavailable', message: '$path: $reason' }) {}

/** What was changed in a folder cannot be read; `reason` is the sentence for the person who asked. */
export class ChangesUnreadable extends createTaggedError({ name: 'ChangesUnreadable', message: '$reason' }) {}

/** The page of a diff cannot be made or kept. */
export class DiffUnavailable extends createTaggedError({ name: 'DiffUnavailable', message: '$reason' }) {}

/** Discord: the target does not exist (10003, 10008, HTTP 404). `code` is Discord's JSON error code, 0 without one. */
export class ChatGone extends createTaggedError({ name: 'ChatGone', message: '$reason ($code)' }) {}

/** Discord: the place does not let the bot do this for now; rights, locks and archiving come and go (50001, 50013, 50083, 160005). */
export class ChatForbidden extends createTaggedError({ name: 'ChatForbidden', message: '$reason ($code)' }) {}

/** Discord refuses this for good (50035, AutoMod 200000, ...). `code` is Discord's JSON error code, 0 without one. */
export class ChatRefused extends createTaggedError({ name: 'ChatRefused', message: '$reason ($code)' }) {}

/** Discord gave no answer, a 5xx, or the connection broke: the call may or may not have happened. */
export class ChatUnknown extends createTaggedError({ name: 'ChatUnknown', message: '$reason' }) {}

/** What Discord sent cannot be read: `field` lacks what is needed of it, or holds something else than `wanted`. */
export class Unreadable extends createTaggedError({ name: 'Unreadable', message: '$field is not $wanted' }) {}

/** OpenCode could not be started or does not answer; a later try may work. */
export class AgentUnavailable extends createTaggedError({ name: 'AgentUnavailable', message: '$reason' }) {}

/** The project's configuration is broken: `file` as OpenCode names it. Works again once the file has changed. */
export class ConfigBroken extends createTaggedError({ name: 'ConfigBroken', message: '$file: $reason' }) {}

/** The project folder is not there or not readable. */
export class DirectoryGone extends createTaggedError({ name: 'DirectoryGone', message: '$directory is not there' }) {}

/** OpenCode would work in `read` instead, which is another folder: nothing may be asked of it here. */
export class DirectoryMisread extends createTaggedError({
  name: 'DirectoryMisread',
  message: 'OpenCode reads $directory as $read',
}) {}

/** The project folder is not opened, because that could hold up or end the server of other projects, too; `reason` follows 'the folder: '. */
export class FolderRefused extends createTaggedError({ name: 'FolderRefused', message: '$directory: $reason' }) {}

/** A worktree cannot be made, merged or removed; `reason` is the sentence for people. */
export class WorktreeError extends createTaggedError({ name: 'WorktreeError', message: '$reason' }) {}

/** The session does not exist (any more). */
export class SessionGone extends createTaggedError({ name: 'SessionGone', message: 'the session $session does not exist' }) {}

/** The prompt was sent, and sent again, but never appeared in the session. `cause`: the `AgentFailure` that the session told instead. */
export class PromptNotSeen extends createTaggedError({
  name: 'PromptNotSeen',
  message: 'the message $messageId never appeared',
}) {}

/** A message that was submitted before this one is not in the session any more: nothing was posted. */
export class PromptGap extends createTaggedError({ name: 'PromptGap', message: 'the message $missing is missing before it' }) {}

/** OpenCode refuses: HTTP status and reason. */
export class AgentRefused extends createTaggedError({ name: 'AgentRefused', message: '$reason ($status)' }) {}

/** Speech is not written down: `reason` is a sentence without its beginning, about the provider, the key or the recording. */
export class VoiceRefused extends createTaggedError({ name: 'VoiceRefused', message: '$reason' }) {}

/** Nobody answered who writes speech down, or not now. */
export class VoiceUnavailable extends createTaggedError({ name: 'VoiceUnavailable', message: '$reason' }) {}

/** Nothing of what was asked is at fault: the same may work later. */
export const isTemporary = (error: unknown): boolean =>
  error instanceof TryLater ||
  error instanceof StoreUnavailable ||
  error instanceof ChatUnknown ||
  error instanceof VoiceUnavailable ||
  error instanceof AgentUnavailable
