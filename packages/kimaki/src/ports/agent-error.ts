/** How calls to OpenCode fail: values, for people to read (`app/ask-agent.ts`). */
import type {
  AgentRefused,
  AgentUnavailable,
  ConfigBroken,
  DirectoryGone,
  DirectoryMisread,
  FolderRefused,
  PromptGap,
  PromptNotSeen,
  SessionGone,
} from '../base/errors.ts'

/** Why a call to OpenCode did not do what it should. A call that the adapter's stop ends rejects with an `AbortError`. */
export type AgentError =
  | AgentUnavailable
  | ConfigBroken
  | DirectoryGone
  | DirectoryMisread
  | FolderRefused
  | SessionGone
  | PromptNotSeen
  | PromptGap
  | AgentRefused
