/** What Kimaki itself says in a thread: what happened, why, what to do, in one or two short lines. */
import { cut, oneLine, stripControl } from '../base/text.ts'
import type { AgentFailure, Ask } from '../domain/conversation/agent.ts'
import type { Retries } from '../domain/conversation/state.ts'
import { durationText } from './footer.ts'
import { escapeInline } from './markdown.ts'

/** Provider bodies can be huge: the whole line has at most 400 units, with status and provider kept. */
export function failureText(failure: AgentFailure): string {
  const status = failure.status === undefined ? '' : ` (${failure.status})`
  const provider = failure.provider === undefined ? '' : ` [${plain(failure.provider, 60)}]`
  const start = '✗ opencode session error: '
  const room = FAILURE_MAX - start.length - status.length - provider.length
  return start + fitted(failure.message.trim() === '' ? failure.name : failure.message, room) + status + provider
}

/** A tool had started before the run was cut off: it is never begun again on its own. */
export function interruptedText(): string {
  return '⬦ interrupted: the run was cut off after a tool had started, so it was not repeated\nSend a message to continue.'
}

/** Discord counts the seconds down by itself: `<t:...:R>`. `next` is Unix ms. */
export function retryingText({ message, times }: Retries, next: number): string {
  return `⬦ ${plain(message, RETRY_MAX)}: asking the provider again <t:${Math.ceil(next / 1000)}:R> (${ordinal(times)} time)`
}

export function retriedText({ message, times }: Retries): string {
  return `⬦ ${plain(message, RETRY_MAX)}: the provider was asked again ${times === 1 ? 'once' : `${times} times`}`
}

export const compactingText = (): string => '⬦ the context is full: summing up what came before, then going on'
export const compactedText = (): string => '⬦ the context was full: what came before has been summed up'
export const compactionFailedText = (): string =>
  '⬦ the context is full and could not be summed up\nStart a new thread, or use a model with a larger context.'

/** The final answer held no text, and no tool had run. */
export const wordlessText = (): string => '⬦ the model ended its answer without a word\nSend a message to try again.'

export function silentText(afterMs: number): string {
  return `✗ stopped: the model sent nothing for ${durationText(afterMs)}\nSend a message to try again, or use another model.`
}

/** `tool`: its one-liner, as it stands in the thread. */
export function steppedAsideText(tool: string | undefined): string {
  return tool === undefined
    ? '⬦ stopped the answer to read the new message'
    : `⬦ stopped to read the new message: ${tool.replace(/^\S+ /, '')}`
}

/** The run was cut off each time it was begun again. */
export function gaveUpText(): string {
  return '✗ given up: the run was cut off several times before it could answer\nSend a message to try again.'
}

/** `reason` says why and, where something can be done, what. */
export function promptFailedText(reason: string): string {
  return `✗ the message was not run: ${plain(reason, REASON_MAX)}`
}

/** `code`: Discord's, if it gave one. */
export function threadFailedText(reason: string, code?: number): string {
  const remedy =
    code === TOO_MANY_THREADS ? 'Close threads that nobody needs' : 'Let the bot create public threads here and write in them'
  return `✗ Discord refused to open a thread: ${plain(reason, REASON_MAX)}\n${remedy}, then send the message again.`
}

/** A server holds 1000 active threads (Discord docs: JSON Error Codes). */
const TOO_MANY_THREADS = 160_006

/** Told in the project channel, where the thread was opened. */
export function threadGoneText(name: string | undefined): string {
  const which = name === undefined ? 'a thread' : `the thread "${plain(name, 100)}"`
  return `✗ ${which} is gone, so its run was stopped\nSend the message again in this channel to start over.`
}

/** Stands above the text that Discord did not take as a message. */
export function refusedAsFileText(): string {
  return '⬦ Discord refused this part as a message: here it is as a file'
}

export function directoryGoneText(directory: string): string {
  return `✗ the project folder ${plain(directory, REASON_MAX)} is gone or cannot be read\nBring it back, then send the message again.`
}

export function configBrokenText(file: string, reason: string): string {
  return `✗ OpenCode cannot read ${plain(file, REASON_MAX)}: ${plain(reason, REASON_MAX)}\nMend the file and send the message again: then it works.`
}

export function askRejectedText(ask: Ask): string {
  const what = ask.kind === 'permission' ? 'permission refused' : 'question not answered'
  return `⬦ ${what}: ${plain(ask.title, REASON_MAX)}\nAnswering asks is not available yet: the agent was told no.`
}

/** It cannot be answered any more: the run that asked is gone. */
export function askExpiredText(ask: Ask): string {
  return `⬦ ${ask.kind} expired: ${plain(ask.title, REASON_MAX)}\nOpenCode ended before the agent was told no.`
}

export function runawayText(): string {
  return '✗ stopped: the model kept sending empty answers\nSend a message to try again, or use another model.'
}

export function overfullText(): string {
  return '✗ stopped: the context is too large, even after it was summed up\nStart a new thread, send less at once, or use a model with a larger context.'
}

export function notSeenText(): string {
  return '✗ OpenCode took the message twice but it never appeared in the session\nSend it again to retry.'
}

/** The right to use Kimaki was lost between acceptance and run. */
export function refusedText(): string {
  return '✗ not run: its author may no longer use Kimaki here\nGive them the role "Kimaki", then send the message again.'
}

export function setAsideText(): string {
  return '✗ an error in Kimaki: this message failed three times and was set aside\nThe cause is in kimaki.log; send the message again to retry.'
}

export function postFallbackText(): string {
  return '✗ Discord refused a part of the answer; it is complete in the OpenCode session'
}

/** One line that keeps no Markdown of its own; escaped, it may have twice as many units. */
export const plain = (text: string, max: number): string => escapeInline(cut(oneLine(stripControl(text)), max))

/** As `plain`, but it is the escaped text that has at most `max` units; no backslash is left to escape the ellipsis. */
const fitted = (text: string, max: number): string => cut(plain(text, text.length), max).replace(/\\+…$/, '…')

export const queuedText = (place: number): string =>
  `⬦ queued at position ${place}: it runs when the agent is done\nEdit or delete your message to change it.`
export const unqueuedText = (by: string, words: string): string =>
  `⬦ taken out of the queue by **${plain(by, NAME_MAX)}**: ${plain(words, TURN_MAX) || 'files'}`
export const startedText = (): string => '⬦ was queued: its turn has come'
export const turnText = (author: string, words: string): string =>
  `» **${plain(author, NAME_MAX)}:** ${plain(words, TURN_MAX) || 'files'}`
/** Discord shows `<#...>` as a link to the thread. */
export const askedAsideText = (thread: string): string => `⬦ asked aside in <#${thread}>`
export const asideText = (from: string, author: string, words: string): string =>
  `⬦ a question aside, with all that was said in <#${from}>\n${turnText(author, words)}`
export const withdrawnText = (): string => '⬦ deleted before the agent saw it: not run'
export const stoppedByText = (by: string): string => `⬦ stopped by **${plain(by, NAME_MAX)}**\nSend a message to go on.`

export function tooLateText(what: 'edited' | 'deleted'): string {
  return what === 'edited'
    ? '⬦ the edit came too late: the agent has the message as it was\nSend another message to correct it.'
    : '⬦ deleted too late: the agent has the message already'
}

export const deadButtonText = (): string => '⬦ this button does nothing any more: what it belonged to is over'
export const notAllowedText = (): string =>
  '✗ you may not use Kimaki here\nIt is for the owner of the server, administrators, and members who have the role "Kimaki".'

const ordinal = (count: number): string =>
  `${count}${count % 100 > 10 && count % 100 < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][count % 10] ?? 'th')}`

const NAME_MAX = 60
const TURN_MAX = 150
const RETRY_MAX = 200
const FAILURE_MAX = 400
const REASON_MAX = 300
