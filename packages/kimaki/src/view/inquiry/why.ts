/** Why a thread is silent, in words: what holds it up, and what to do. The same for Discord and for a terminal. */
import { durationText } from '../text/footer.ts'
import { linkOf, type Finding } from '../../domain/conversation/inquiry/why.ts'
import { plain, REASON_MAX } from '../text/notice.ts'
import { holdRemedy } from '../text/refusal.ts'
import { CAPS } from '../text/caps.ts'

export function whyText(finding: Finding): string {
  const link = linkOf(finding)
  const words = (WORDS[finding.kind] as (finding: Finding) => readonly [string, string?])(finding)
  const [says, todo] = words
  const first = link === undefined ? `⬦ ${says}` : `⬦ held up at **${link}**: ${says}`
  return todo === undefined ? first : `${first}\n${todo}`
}

/** Discord's Markdown as plain text. */
export const withoutMarkdown = (text: string): string =>
  text
    .replaceAll('**', '')
    .replaceAll(/<t:(\d+):R>/g, (_, seconds: string) => `at ${new Date(Number(seconds) * 1000).toISOString()}`)
    .replaceAll(/\\([^\w\s])/g, '$1')

type WordsOf = { readonly [Kind in Finding['kind']]: (finding: Extract<Finding, { kind: Kind }>) => readonly [string, string?] }

const WORDS: WordsOf = {
  'no-bot': ({ waiting }) => [
    waiting > 0 ? `Kimaki does not run, and ${messages(waiting)} for it here` : 'Kimaki does not run',
    'Start `kimaki` on its machine: it reads what was written meanwhile.',
  ],
  'bot-hangs': ({ waiting }) => [
    waiting > 0 ? `Kimaki runs but does not answer, and ${messages(waiting)} for it here` : 'Kimaki runs but does not answer',
    'Try again in a minute. If it stays so, end its process and start `kimaki` again: nothing on record is lost.',
  ],
  'line-down': ({ reason, forMs }) => [
    `there has been no line to Discord for ${durationText(forMs)}: ${said(reason)}`,
    'It is tried again by itself, and what was written meanwhile is read then. If it lasts, look at the network of the machine.',
  ],
  'record-down': ({ reason }) => [
    `the database takes nothing: ${said(reason)}`,
    'Make room on the disk, or end the program that locks the file: what waits goes on by itself.',
  ],
  'reading-past': () => [
    'Kimaki is reading what was written while it could not listen; newer messages wait for that',
    'It goes on by itself.',
  ],
  unseen: ({ messages: ids }) => [
    `Discord has not told Kimaki of ${ids.length === 1 ? 'the newest message' : `the ${ids.length} newest messages`} here`,
    'Wait a minute. If nothing comes, restart Kimaki: it reads what it has missed.',
  ],
  hidden: ({ missing }) => [
    'Discord does not show this thread to the bot',
    missing.length > 0
      ? `Give the role of the bot ${missing.map((right) => `"${right}"`).join(', ')} in this channel.`
      : 'Give the role of the bot "View Channel" in this channel.',
  ],
  'no-conversation': () => ['Kimaki has no conversation here', 'Mention the bot to bring it into this thread.'],
  'bots-held': () => [
    'messages of bots are not given to the agent any more: there were too many in a row',
    'A person may write.',
  ],
  'for-others': ({ count }) => [
    `the last ${count === 1 ? 'message is' : `${count} messages are`} for somebody else: each begins with their mention`,
    'The agent reads them with the next message that does not.',
  ],
  untaken: ({ count, error }) => [
    `${count === 1 ? 'one request' : `${count} requests`} on record ${count === 1 ? 'is' : 'are'} not taken up yet${error === undefined ? '' : `: ${said(error)}`}`,
    'It is tried again by itself; after three times the thread is told.',
  ],
  'queue-held': ({ count, reason }) => [`${messages(count)} in the queue: ${said(reason)}`],
  'no-room': ({ atMost }) => [
    `${atMost === 1 ? 'one agent works' : `${atMost} agents work`} already, the most at once (${CAPS.agentsAtOnce})`,
    'It begins by itself when another one is done.',
  ],
  held: ({ reason }) => [said(reason), 'It goes on by itself. To begin anew, run `/abort`.'],
  'agent-silent': ({ forMs, endsAtMs }) => [
    `OpenCode has not answered for ${durationText(forMs)}`,
    `If it says nothing for another ${durationText(endsAtMs - forMs)}, it is ended and started again.`,
  ],
  'agent-down': ({ task, reason, forMs }) => [
    `OpenCode cannot be reached to ${doing(task)}, for ${durationText(forMs)}: ${said(reason)}`,
    'It is tried again by itself. If it lasts, run `opencode` in the folder of the project and see what it says.',
  ],
  'agent-slow': ({ task, forMs }) => [
    `OpenCode is being asked to ${doing(task)}, since ${durationText(forMs)} ago`,
    'A server that starts takes some seconds.',
  ],
  'agent-unread': () => [
    'the session is being read: until then nothing is shown or sent',
    'If it lasts, OpenCode does not answer: run `opencode` in the folder of the project and see what it says.',
  ],
  'refused-for-now': ({ message, next }) => [
    `the provider refuses for now: ${said(message)}`,
    `OpenCode asks it again <t:${Math.round(next / 1000)}:R>. To end it, run \`/abort\`.`,
  ],
  stalling: ({ forMs, endsAtMs }) => [
    `the model has sent nothing for ${durationText(forMs)}`,
    `After ${durationText(endsAtMs)} the run is stopped. To stop it now, run \`/abort\`.`,
  ],
  asks: ({ count, what }) => [
    what === 'permission'
      ? `the agent waits for a person to allow something${more(count)}`
      : `the agent waits for an answer to a question${more(count)}`,
    'Press a button of the card above.',
  ],
  'thread-gone': () => ['the thread is gone', 'Write in the project channel to begin a new one.'],
  'thread-unopened': ({ reason }) => [
    reason === undefined ? 'the thread is being opened' : `the thread could not be opened yet: ${said(reason)}`,
    'It is tried again by itself.',
  ],
  'posts-held': ({ count, code, missing }) => [
    `Discord does not let the bot write here, and ${messages(count)}`,
    holdRemedy(code, missing),
  ],
  'posts-unanswered': ({ count, reason, forMs }) => [
    `${messages(count)}: Discord has not taken it for ${durationText(forMs)}: ${said(reason)}`,
    'It is tried again by itself, and stands once in the end.',
  ],
  'posts-wait': ({ count }) => [
    `${messages(count)} for Discord to take it`,
    'A rate limit of Discord may hold it up: it goes on by itself.',
  ],
  works: ({ tool, queued }) => [
    `nothing holds this up: the agent works${tool === undefined ? '' : `, ${said(tool)} runs`}${queued > 0 ? `, and ${messages(queued)} in the queue` : ''}`,
    'To stop it, run `/abort`.',
  ],
  idle: () => ['nothing holds this up: the agent is idle, and has nothing to answer'],
}

const said = (text: string): string => plain(text, REASON_MAX)
const messages = (count: number): string => (count === 1 ? 'one message waits' : `${count} messages wait`)
const more = (count: number): string => (count > 1 ? ` (${count} cards)` : '')

const doing = (task: string): string => TASKS.get(task) ?? 'do something'

const TASKS: ReadonlyMap<string, string> = new Map([
  ['open-session', 'open the session'],
  ['prepare', 'take the files and words of the message'],
  ['prompt', 'take the message'],
  ['recall', 'take a message back'],
  ['interrupt', 'stop a step for a newer message'],
  ['abort', 'stop the run'],
  ['fork', 'copy the session'],
  ['allow-ask', 'take the answer'],
  ['reject-ask', 'take the answer'],
  ['answer-question', 'take the answer'],
])
