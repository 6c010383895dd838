/** Calls of OpenCode that are made again while it cannot be reached, and what their errors mean to people. */
import {
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
import type { AgentFailure } from '../domain/agent.ts'
import type { AgentError } from '../ports/agent-error.ts'
import type { Log } from '../ports/host.ts'
import {
  configBrokenText,
  directoryGoneText,
  directoryMisreadText,
  folderRefusedText,
  failureText,
  notSeenText,
  promptFailedText,
} from '../view/text/notice.ts'
import type { Retry } from './retry.ts'

/** An agent that cannot be reached is asked this often (0.5 to 30 s apart) before the thread is told. */
const ATTEMPTS = 6

interface Asking {
  readonly retry: Retry
  readonly log: Log
  /** Is told why it is asked once more. */
  readonly trouble?: (reason: string) => void
}

/** `ask` is told whether an earlier attempt may have worked. */
export async function askAgent<T>(
  { retry, log, trouble }: Asking,
  ask: (isRetry: boolean) => Promise<T | AgentError>,
  attempts = ATTEMPTS,
): Promise<T | AgentError> {
  const { answer } = await retry.until(async (failures) => {
    const given = await ask(failures > 0)
    if (!(given instanceof AgentUnavailable) || failures + 1 >= attempts) return { answer: given }
    trouble?.(String(given.reason))
    log.warn('the agent cannot be reached yet', { reason: given.reason, attempts: failures + 1 })
    return undefined
  })
  return answer
}

export const failed = (error: AgentError): { readonly kind: 'failed'; readonly text: string } => ({
  kind: 'failed',
  text: agentErrorText(error),
})

/** The line people read. `of`: what they did, and may do again. */
export function agentErrorText(error: AgentError, of: 'message' | 'command' = 'message'): string {
  if (of === 'command') return commandErrorText(error)
  if (error instanceof ConfigBroken) return configBrokenText(String(error.file), String(error.reason))
  if (error instanceof DirectoryGone) return directoryGoneText(String(error.directory))
  if (error instanceof DirectoryMisread) return directoryMisreadText(String(error.directory), String(error.read))
  if (error instanceof FolderRefused) return folderRefusedText(String(error.directory), String(error.reason))
  if (error instanceof PromptNotSeen && error.cause !== undefined) return failureText(error.cause as AgentFailure)
  if (error instanceof PromptGap || error instanceof PromptNotSeen) return notSeenText()
  if (error instanceof SessionGone)
    return promptFailedText('the session does not exist any more. Send a message to begin a new one.')
  if (error instanceof AgentUnavailable)
    return promptFailedText(`OpenCode does not answer: ${error.reason}. Send the message again later.`)
  if (error instanceof AgentRefused) return promptFailedText(`OpenCode refused the message (${error.status}): ${error.reason}`)
  return promptFailedText('an unknown error')
}

function commandErrorText(error: AgentError): string {
  if (error instanceof SessionGone) return '✗ the session does not exist any more\nSend a message to begin a new one.'
  if (error instanceof AgentUnavailable) return `✗ OpenCode does not answer: ${error.reason}\nRun the command again later.`
  if (error instanceof AgentRefused) return `✗ OpenCode refused this (${error.status}): ${error.reason}`
  return agentErrorText(error)
}
