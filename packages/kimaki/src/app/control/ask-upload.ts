/** The tool `kimaki_file_upload`: what an agent asks for becomes an inbox row under the id of its call, and what comes of it the tool's output. */
import { UsageError } from '../../base/errors.ts'
import { cut, stripControl } from '../../base/text.ts'
import { fileAskId, fileUpload, type FileAskEnd } from '../../domain/conversation/features/asks/file-upload.ts'
import type { Conversation } from '../../domain/conversation/state.ts'
import type { Acceptance } from '../../ports/store.ts'

/** Units of what the card says. */
const PROMPT_MAX = 1000
const FILES_MAX = 10
const FILES_DEFAULT = 5

interface UploadCall {
  readonly state: Conversation
  readonly session: string
  readonly call: string
  readonly args: unknown
}

export function prepareUpload({ state, session, call, args }: UploadCall, at: number): Acceptance | UsageError {
  const { prompt, maxFiles } = (typeof args === 'object' && args !== null ? args : {}) as {
    readonly prompt?: unknown
    readonly maxFiles?: unknown
  }
  const words = typeof prompt === 'string' ? cut(stripControl(prompt.toWellFormed()).trim(), PROMPT_MAX) : ''
  if (words === '') return new UsageError({ reason: 'Nobody was asked: say in prompt which files you need.' })
  const atMost = maxFiles === undefined ? FILES_DEFAULT : Number(maxFiles)
  if (!Number.isInteger(atMost) || atMost < 1 || atMost > FILES_MAX)
    return new UsageError({ reason: `Nobody was asked: maxFiles is a whole number from 1 to ${FILES_MAX}.` })
  const { id, guildId, channelId, directory } = state
  return {
    key: `upload:${session}:${call}`,
    request: { kind: 'upload-asked', call: callKey(session, call), prompt: words, atMost },
    conversation: { id, guildId, channelId, directory, inThread: true },
    at,
  }
}

const callKey = (session: string, call: string): string => `${session}/${call}`

/** What the model reads; undefined: nobody has answered yet. */
export function uploadOutput(state: Conversation, session: string, call: string): string | undefined {
  const id = fileAskId(callKey(session, call))
  const phase = fileUpload.of(state).find((ask) => ask.id === id)?.phase
  if (phase?.kind === 'ended') return endOutput(phase.end)
  if (phase?.kind !== 'saved') return undefined
  const { paths, failed } = phase.saved
  return [...paths, ...failed.map((why) => `Not saved: ${why}`)].join('\n')
}

function endOutput(end: FileAskEnd): string {
  switch (end.kind) {
    case 'declined':
      return 'No files: the user declined.'
    case 'words':
      return `No files: the user answered in words: ${end.words}`
    case 'message':
      return 'No files: the user wrote a message instead. It follows: read it before you go on.'
    case 'run-over':
      return 'No files: the run was stopped.'
  }
}
