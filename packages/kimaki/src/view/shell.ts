/**
 * Shell commands of people: a card each, which shows the end of the output and what became of it. A last line below it, when the output
 * does not fit (it is there as a file then) or nobody may be looking any more: a card that changes tells nobody.
 */
import { boundaryBefore } from '../base/text.ts'
import type { CommandEnd, CommandOutput, ShellCommand } from '../domain/conversation/shell.ts'
import type { Conversation } from '../domain/conversation/state.ts'
import type { Block } from './blocks.ts'
import { durationText } from './footer.ts'
import { plain } from './notice.ts'

/** Of 2000 units; the rest is for the command, and for how it ended. */
const OUTPUT_MAX = 1500
const COMMAND_MAX = 120
const NAME_MAX = 60
/** After so long people look elsewhere. */
const LONG_MS = 10_000

export function shellBlocks({ commands, posted }: Conversation): readonly Block[] {
  return commands.flatMap((command) => {
    const { phase } = command
    if (phase.kind === 'waiting' || (phase.kind === 'ended' && phase.end.kind === 'dropped')) return []
    return posted.has(endKey(command)) ? [card(command)] : [card(command), ...lastLine(command)]
  })
}

/** The thread is gone, or was never there. */
export function shellEnds({ commands }: Conversation): readonly Block[] {
  return commands.flatMap((command) => {
    const { phase } = command
    if (phase.kind !== 'ended' || phase.end.kind !== 'not-run') return []
    return [{ ...beside(endKey(command), phase.end.text), notify: true }]
  })
}

function card(command: ShellCommand): Block {
  const { id, phase, said, stoppedBy } = command
  const text = [title(command), fenced(said), status(command)].filter((line) => line !== '').join('\n')
  const stoppable = phase.kind === 'running' && stoppedBy === undefined
  return {
    ...beside(`shell/${id}`, text),
    notify: phase.kind === 'ended',
    live: true,
    buttons: stoppable ? [{ id: `stop-shell:${id}`, label: 'Stop' }] : [],
  }
}

function lastLine(command: ShellCommand): readonly Block[] {
  const { phase, whole } = command
  if (phase.kind !== 'ended') return []
  const isLong = phase.tookMs > LONG_MS || phase.end.kind === 'cut-off'
  const file = whole && !fits(whole) ? { name: 'output.txt', text: whole.text.toWellFormed() } : undefined
  if (!isLong && !file) return []
  const lines = [`${title(command)}: ${endText(phase.end, phase.tookMs)}`, whole && file ? attachedText(whole) : '']
  const text = lines.filter((line) => line !== '').join('\n')
  return [{ ...beside(endKey(command), text), notify: isLong, ...(file && { file }) }]
}

const endKey = ({ id }: ShellCommand): string => `shell/${id}/end`

const beside = (key: string, text: string) => ({ key, text: text.toWellFormed(), closed: true, beside: true }) as const

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
