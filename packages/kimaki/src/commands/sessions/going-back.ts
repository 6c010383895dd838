/** What `/undo` and `/redo` share: where a session can go back to, and forward, and what that changed in files. Pure. */
import { AgentRefused } from '../../base/errors.ts'
import { boundaryBefore } from '../../base/text.ts'
import type { ChangedFile } from '../../domain/changes.ts'
import type { CommandAnswer } from '../../domain/conversation/command.ts'
import type { AgentError } from '../../ports/agent-error.ts'
import type { History, PastMessage } from '../../ports/agent/sessions.ts'
import { plain } from '../../view/text/notice.ts'
import type { CommandTask, Outside } from '../declaration.ts'

/** Messages of people that still stand, the newest last. OpenCode orders messages by time: ids say nothing. */
export function standing({ messages, undoneFrom }: History): readonly PastMessage[] {
  const at = messages.findIndex(({ id }) => id === undoneFrom)
  return (at === -1 ? messages : messages.slice(0, at)).filter(({ kind }) => kind === 'user')
}

/** The message from which on all is still undone, when the oldest undone one has come back; undefined: nothing is. */
export function undoneAfterRedo({ messages, undoneFrom }: History): PastMessage | undefined {
  const at = messages.findIndex(({ id }) => id === undoneFrom)
  return at === -1 ? undefined : messages.slice(at + 1).find(({ kind }) => kind === 'user')
}

/** OpenCode refuses while the session runs; what has begun to run meanwhile is stopped, once. */
const BUSY = 409

export async function goBack(
  { agent }: Pick<Outside, 'agent'>,
  directory: string,
  session: string,
  from: string | undefined,
): Promise<string | AgentError> {
  const diff = await agent.sessions.revert(directory, session, from)
  if (!(diff instanceof AgentRefused) || Number(diff.status) !== BUSY) return diff
  const stopped = await agent.abort(directory, session)
  return stopped instanceof Error ? stopped : agent.sessions.revert(directory, session, from)
}

/** The patches of all files but those that are only named. */
export const patchesOf = (files: readonly ChangedFile[]): string =>
  files.map(({ content, path }) => (content.kind === 'patch' ? content.patch : `${path}: changed, only named\n`)).join('')

/** The same on a page; undefined where nothing was changed, or none can be made. */
export async function pageOf(
  { diffs }: Pick<Outside, 'diffs'>,
  { asker: { id: requestId, guildId }, directory, state }: CommandTask,
  what: string,
  files: readonly ChangedFile[],
): Promise<Pick<CommandAnswer, 'attached'>> {
  if (files.length === 0) return {}
  const request = { requestId, guildId, conversationId: state.id, directory, changes: { what, files } }
  const attached = await diffs.publish(request)
  return attached instanceof Error ? {} : { attached }
}

const DIFF_MAX = 1500

/** Discord ends a code block at the next three backticks, wherever they stand: no two stand side by side. */
export function diffText(diff: string): string {
  const text = diff.trim().replaceAll(/`(?=`)/g, '`\u200b')
  if (text === '') return 'No file was changed by that.'
  if (text.length <= DIFF_MAX) return `\`\`\`diff\n${text}\n\`\`\``
  const shown = text.slice(0, Math.max(text.slice(0, DIFF_MAX).lastIndexOf('\n'), 0) || boundaryBefore(text, DIFF_MAX))
  const left = text.slice(shown.length).trim().split('\n').length
  return `\`\`\`diff\n${shown}\n\`\`\`\nCut: ${left === 1 ? 'one more line' : `${left} more lines`}.`
}

const WORDS_MAX = 80

export const named = (words: string): string => (words === '' ? 'a message without words' : `"${plain(words, WORDS_MAX)}"`)
