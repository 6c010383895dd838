/** What people with rights may have at once, in words: which cap was reached, and the variable that sets it. */
import { NAME_MAX, plain } from './notice.ts'

/** The variables of the environment that set the caps. */
export const CAPS = {
  shellCommands: 'KIMAKI_MAX_SHELL_COMMANDS',
  threadsPerMinute: 'KIMAKI_MAX_THREADS_PER_MINUTE',
  queueLength: 'KIMAKI_MAX_QUEUE',
  agentsAtOnce: 'KIMAKI_MAX_AGENTS',
} as const

export const commandsFullText = (atMost: number): string =>
  `✗ not run: ${atMost === 1 ? 'one command runs' : `${atMost} commands run`} already, the most at once (${CAPS.shellCommands})\nSend it again when one of them has ended.`

export const queueFullText = (count: number, atMost: number): string =>
  `✗ ${messages(count)} not queued: ${atMost} wait here already, the most at once (${CAPS.queueLength})\nSend ${count === 1 ? 'it' : 'them'} again when some of those have run.`

/** `link`: of the first of the messages. */
export const tooFastText = (name: string, count: number, atMost: number, link: string): string => {
  const author = plain(name, NAME_MAX)
  return count === 1
    ? `✗ one message of **${author}** was not run: ${paceText(atMost)}\nIt is ${link}. Send it again in a minute.`
    : `✗ ${count} messages of **${author}** were not run: ${paceText(atMost)}\nThe first is ${link}. Send them again, at that pace.`
}

const paceText = (atMost: number): string =>
  `one person may begin at most ${atMost} conversations a minute (${CAPS.threadsPerMinute})`

export const agentsFullText = (atMost: number): string =>
  `⬦ waiting: ${atMost === 1 ? 'one agent works' : `${atMost} agents work`} already, the most at once (${CAPS.agentsAtOnce})\nIt begins by itself, in order of arrival, when another one is done.`

const messages = (count: number): string => (count === 1 ? 'one message was' : `${count} messages were`)
