/**
 * Shell commands of people: a message each, which shows the end of the output and what became of the command. A last line below it, when the
 * output does not fit (a file has it then) or nobody may be looking any more: an edited message notifies nobody.
 */
import { boundaryBefore } from '../base/text.ts'
import { blockKey } from '../domain/conversation/posts/block-key.ts'
import { button } from '../domain/conversation/posts/button.ts'
import {
  isRunning,
  shell,
  shellKey,
  type CommandEnd,
  type CommandOutput,
  type ShellCommand,
} from '../domain/conversation/features/shell.ts'
import type { Conversation } from '../domain/conversation/state.ts'
import { lineBlock, type Block } from './blocks.ts'
import { durationText } from './text/footer.ts'
import { plain, NAME_MAX, ONE_OF_TWO } from './text/notice.ts'

/** Of 2000 units; the rest is for the command, and for how it ended. */
const OUTPUT_MAX = 1500
const COMMAND_MAX = 120
/** After so long people look elsewhere. */
const LONG_MS = 10_000

export function shellBlocks(state: Conversation): readonly Block[] {
  return shell.of(state).flatMap((command) => {
    const { phase } = command
    if (phase.kind === 'waiting' && state.thread.kind !== 'open') return []
    if (phase.kind === 'ended' && phase.end.kind === 'dropped') return []
    // The message of the command is not ours to edit.
    if (phase.kind === 'ended' && phase.end.kind === 'elsewhere') return [outOfBand(elsewhereKey(command), endText(phase.end, 0))]
    return state.posts.posted.has(endKey(command)) ? [outputBlock(command)] : [outputBlock(command), ...lastLine(command)]
  })
}

/** The thread is gone, or was never there. */
export function shellEndBlocks(state: Conversation): readonly Block[] {
  return shell.of(state).flatMap((command) => {
    const { phase } = command
    if (phase.kind !== 'ended' || phase.end.kind !== 'not-run') return []
    return [{ ...outOfBand(endKey(command), phase.end.text), notify: true }]
  })
}

function outputBlock(command: ShellCommand): Block {
  const { id, phase, output, stoppedBy } = command
  const text = [title(command), fenced(output), status(command)].filter((line) => line !== '').join('\n')
  const canStop = isRunning(command) && stoppedBy === undefined
  return {
    ...outOfBand(shellKey(id), text),
    notify: phase.kind === 'ended',
    editable: true,
    buttons: canStop ? [button('stop-shell', id, 'Stop')] : [],
  }
}

function lastLine(command: ShellCommand): readonly Block[] {
  const { phase, wholeOutput } = command
  if (phase.kind !== 'ended') return []
  const isLong = phase.tookMs > LONG_MS || phase.end.kind === 'cut-off'
  const file = wholeOutput && !fits(wholeOutput) ? { name: 'output.txt', text: wholeOutput.text.toWellFormed() } : undefined
  if (!isLong && !file) return []
  const lines = [`${title(command)}: ${endText(phase.end, phase.tookMs)}`, wholeOutput && file ? attachedText(wholeOutput) : '']
  const text = lines.filter((line) => line !== '').join('\n')
  return [{ ...outOfBand(endKey(command), text), notify: isLong, ...(file && { file }) }]
}

const endKey = ({ id }: ShellCommand): string => blockKey('shell', id, 'end')
/** Not `endKey`: the nonces of two processes are the same, and the other one has its last line to say. */
const elsewhereKey = ({ id }: ShellCommand): string => blockKey('shell', id, 'elsewhere')

const outOfBand = (key: string, text: string): Block => ({ ...lineBlock(key, text.toWellFormed()), outOfBand: true })

const title = ({ command }: ShellCommand): string => `⬦ $ ${plain(command, COMMAND_MAX)}`

function status({ phase, stoppedBy }: ShellCommand): string {
  if (phase.kind === 'ended') return endText(phase.end, phase.tookMs)
  return stoppedBy === undefined ? 'running' : 'stopping'
}

function endText(end: CommandEnd, tookMs: number): string {
  const took = durationText(tookMs)
  switch (end.kind) {
    case 'exited':
      return `exit ${end.code} after ${took}${behind(end)}`
    case 'killed':
      return `killed by ${end.signal} after ${took}${behind(end)}`
    case 'timed-out':
      return `timed out after ${took}`
    case 'stopped':
      return end.by === undefined
        ? `stopped after ${took}: Kimaki was stopped`
        : `stopped by **${plain(end.by, NAME_MAX)}** after ${took}`
    case 'cut-off':
      return '✗ stopped: Kimaki was restarted before it had ended\nIt is not run again by itself.'
    case 'late':
      return '✗ not run: it was written while Kimaki was away\nSend it again to run it now.'
    case 'elsewhere':
      return `⚠ Another Kimaki with the same bot token has taken this command and runs it on its machine. ${ONE_OF_TWO}`
    case 'not-run':
      return end.text
    case 'dropped':
      return ''
  }
}

const behind = ({ background }: { readonly background: boolean }): string =>
  background ? '; what it left in the background goes on until the time limit' : ''

function attachedText({ overflow }: CommandOutput): string {
  if (!overflow) return 'All of its output is attached.'
  const { file, complete } = overflow
  const attached = 'The beginning and the end of its output are attached.'
  if (file === undefined) return attached
  return `${attached} ${complete ? 'All of it' : 'The first 25 MB'}: ${plain(file, 300)} on the machine of the bot.`
}

const fits = ({ text, overflow }: CommandOutput): boolean => !overflow && inCode(text).length <= OUTPUT_MAX

function fenced(output: string): string {
  const text = inCode(output)
  if (text === '') return ''
  return `\`\`\`\n${text.length <= OUTPUT_MAX ? text : `…\n${lastLines(text)}`}\n\`\`\``
}

/** Discord ends a code block at the next three backticks, wherever they stand: no two stand side by side. */
const inCode = (text: string): string =>
  text
    .replace(/^\s*\n/, '')
    .trimEnd()
    .replaceAll(/`(?=`)/g, '`\u200b')

function lastLines(text: string): string {
  const tail = text.slice(boundaryBefore(text, text.length - OUTPUT_MAX + 2))
  const line = tail.indexOf('\n') + 1
  return line <= OUTPUT_MAX / 4 ? tail.slice(line) : tail
}
