/** What Kimaki itself says in a thread: what happened, why, what to do, in one or two short lines. */
import { isMadeFolder } from '../../domain/worktree.ts'
import { redactShapes } from '../../base/redact.ts'
import { cut, oneLine, stripControl } from '../../base/text.ts'
import type { Deed } from '../../domain/access.ts'
import type { AgentFailure } from '../../domain/agent.ts'
import { escapeInline } from './markdown.ts'
import { postRemedy, threadRemedy } from './refusal.ts'

/** Provider bodies can be huge: the whole line has at most 400 units, with status and provider kept. */
export function failureText(failure: AgentFailure): string {
  const message = withoutClass(failure.message)
  if (NO_PROVIDER.test(message)) return `✗ OpenCode has no provider to ask\n${LOG_IN}`
  const remedy = failure.status === 401 || failure.name === 'ProviderAuthError' ? `\nThe key is missing or wrong. ${LOG_IN}` : ''
  const status = failure.status === undefined ? '' : ` (${failure.status})`
  const provider = failure.provider === undefined ? '' : ` [${plain(failure.provider, 60)}]`
  const start = '✗ opencode session error: '
  const room = FAILURE_MAX - start.length - status.length - provider.length - remedy.length
  return start + fitted(message === '' ? failure.name : message, room) + status + provider + remedy
}

const NO_PROVIDER = /^no providers (?:are )?(?:available|found)/i
const LOG_IN = 'Run `/login` here, or `npx opencode auth login` on the machine of the bot, then send the message again.'

/** OpenCode tells some errors with the name of a class of its own before the sentence. */
const withoutClass = (message: string): string => message.trim().replace(/^(?:[A-Z]\w*Error: )+(?=\S)/, '')

/** The provider does not say which of them it was. */
export function refusedFilesText(names: readonly string[]): string {
  return `The message had these files: ${names.map((name) => plain(name, NAME_MAX)).join(', ')}. Send it again without the one that is refused, or convert it.`
}

/** `reason` says why and, where something can be done, what. */
export function promptFailedText(reason: string): string {
  return `✗ the message was not run: ${plain(reason, REASON_MAX)}`
}

/** `code`: Discord's; undefined when it did not answer. */
export function threadFailedText(reason: string, code: number | undefined): string {
  const what = code === undefined ? 'a thread could not be opened' : 'Discord refused to open a thread'
  return `✗ ${what}: ${plain(reason, REASON_MAX)}\n${threadRemedy(code)}`
}

/** Told in the project channel, where the thread was opened. */
export function threadGoneText(name: string | undefined): string {
  const which = name === undefined ? 'a thread' : `the thread "${plain(name, 100)}"`
  return `✗ ${which} is gone, so its run was stopped\nSend the message again in this channel to start over.`
}

/** Stands above the text that Discord did not take as a message; begins the same for every code. */
export const refusedAsFileText = (code?: number): string =>
  withRemedy('⬦ Discord refused this part as a message: here it is as a file', code)

/** At most as long as a message may be. */
export const withoutFilesText = (content: string): string =>
  `${cut(content.trim(), 1900)}\n⬦ Discord did not take the files of this message; they are in the OpenCode session`

/** For whoever has two processes with one token, by mistake. */
export const ONE_OF_TWO = 'Stop one of the two, or link each channel on one machine only.'

export function directoryGoneText(directory: string): string {
  if (isMadeFolder(directory))
    return `✗ the worktree of this thread, ${plain(directory, REASON_MAX)}, is gone or cannot be read\nIts commits are still in the repository. Bring the folder back (\`git worktree add\` with its branch), or begin a new thread.`
  return `✗ the project folder ${plain(directory, REASON_MAX)} is gone or cannot be read\nBring it back, then send the message again.`
}

export function directoryMisreadText(directory: string, read: string): string {
  return `✗ OpenCode cannot work in ${plain(directory, REASON_MAX)}: it reads the percent signs of the path and works in ${plain(read, REASON_MAX)}\nRename the folder, link it again, and start a new thread.`
}

export function configBrokenText(file: string, reason: string): string {
  return `✗ OpenCode cannot read ${plain(file, REASON_MAX)}: ${plain(reason, REASON_MAX)}\nMend the file and send the message again: then it works.`
}

export function folderRefusedText(directory: string, reason: string): string {
  return `✗ the project folder ${plain(directory, REASON_MAX)} was not opened: ${plain(reason, REASON_MAX)}\nMend that, then send the message again: then it works.`
}

export function notSeenText(): string {
  return '✗ OpenCode took the message twice but it never appeared in the session\nSend it again to retry.'
}

/** The right to use Kimaki was lost between acceptance and run. */
export function refusedText(): string {
  return '✗ not run: its author may no longer use Kimaki here\nGive them the role "Kimaki", then send the message again.'
}

export function deadLetterText(): string {
  return '✗ an error in Kimaki: this message failed three times and was set aside\nThe cause is in kimaki.log; send the message again to retry.'
}

export const postFallbackText = (code?: number): string =>
  withRemedy('✗ Discord refused a part of the answer; it is complete in the OpenCode session', code)

function withRemedy(text: string, code: number | undefined): string {
  const remedy = postRemedy(code)
  return remedy === undefined ? text : `${text}\n${remedy}`
}

export const guestUnreadText = (reason: string): string =>
  `✗ the message was not let in, since Discord did not show it: ${plain(reason, REASON_MAX)}\nPress again.`

/** One line that keeps no Markdown of its own, and nothing that looks like a key; escaped, it may have twice as many units. */
export const plain = (text: string, max: number): string => escapeInline(cut(oneLine(stripControl(redactShapes(text))), max))

/** As `plain`, but it is the escaped text that has at most `max` units; no backslash is left to escape the ellipsis. */
const fitted = (text: string, max: number): string => cut(plain(text, text.length), max).replace(/\\+…$/, '…')

export const messageWords = (words: string): string => plain(words, WORDS_MAX) || 'files'
export const messageText = (author: string, words: string): string => `» **${plain(author, NAME_MAX)}:** ${messageWords(words)}`

export const deadButtonText = (): string => '⬦ this button does nothing any more: what it belonged to is over'
/** Its card still stands, and so does what the agent asks. */
export const unlinkedPressText = (): string =>
  '✗ nothing came of your press: the channel of this thread is no project any more\nLink it again with `kimaki project link <folder> --channel <id>`, then press again.'
export const notAllowedText = (deed?: Deed): string =>
  deed === 'set-up' || deed === 'log-in'
    ? `✗ you may not ${deed === 'set-up' ? 'add or remove projects' : 'log in at providers'} here\nThat is for the owner of the server, and members with Administrator or Manage Server.`
    : '✗ you may not use Kimaki here\nIt is for the owner of the server, administrators, and members who have the role "Kimaki".'

/** A sticker, or something of Discord's that the agent could not read. */
export const emptyMessageText = (): string =>
  '⬦ nothing was run: there is nothing in this message that the agent could read\nWrite what you want, or attach a file.'
export const noProjectText = (): string =>
  '⬦ this channel is no project of mine, so nothing is run here\nLink it on my machine with `kimaki project link <folder> --channel <id>`, or write in a channel that is linked.'

export const NAME_MAX = 60
const WORDS_MAX = 150
const FAILURE_MAX = 400
export const REASON_MAX = 300
