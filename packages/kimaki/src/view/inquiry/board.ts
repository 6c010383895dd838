/** The board of a project: for one person, or for everybody where it is pinned. */
import type { Board, ThreadRecord, WaitingThread } from '../../domain/conversation/inquiry/board.ts'
import { NAME_MAX, plain } from '../text/notice.ts'

/** Lines of a group: four groups fit into a message. */
const LINES_MAX = 10

/** `reader` undefined: everybody. */
export function boardText({ waiting, working, idle }: Board, reader: string | undefined): string {
  const mine = waiting.filter(({ asker }) => asker?.id === reader)
  const others = reader === undefined ? waiting : waiting.filter((thread) => !mine.includes(thread))
  const groups = [
    ...(reader === undefined ? [] : [group('waits for you', mine, reasonText)]),
    group(
      reader === undefined ? 'waits for an answer' : 'waits for others',
      others,
      (thread) => `${nameOf(thread)}: ${reasonText(thread)}`,
    ),
    group('the agent works', working, nameOf),
    group('idle', idle, () => ''),
  ].filter((lines) => lines.length > 0)
  if (groups.length === 0) return '⬦ no thread here yet\nWrite a message in the project channel to begin one.'
  const head = reader !== undefined && mine.length === 0 ? ['⬦ nothing waits for you'] : []
  return [...head, ...groups.flat()].join('\n')
}

function group<Thread extends ThreadRecord>(
  title: string,
  threads: readonly Thread[],
  about: (thread: Thread) => string,
): readonly string[] {
  if (threads.length === 0) return []
  const lines = threads.slice(0, LINES_MAX).map((thread) => {
    const words = about(thread)
    const since = `<t:${Math.floor(thread.askedAt / 1000)}:R>`
    return `- <#${thread.threadId}> ${since}${words === '' ? '' : ` · ${words}`}`
  })
  const left = threads.length - lines.length
  return [`**${title}** (${threads.length})`, ...lines, ...(left > 0 ? [`- and ${left} more`] : [])]
}

const nameOf = ({ asker }: ThreadRecord): string => (asker ? plain(asker.name, NAME_MAX / 2) : 'a program')

const reasonText = ({ because }: WaitingThread): string => REASONS[because]

const REASONS: Readonly<Record<WaitingThread['because'], string>> = {
  asks: 'the agent asks',
  failed: 'it ended with an error',
  answered: 'answered',
}

export const pinnedText = (link: string): string => `✓ the board stands in this channel and is kept up to date: ${link}`

export const unpinnedText = (link: string): string =>
  `⬦ the board stands in this channel and is kept up to date, but it is not pinned: ${link}\nGive the role of the bot "Pin Messages" here and run \`/board\` with \`do: pin\` again, or pin it yourself.`

export const boardRefusedText = (reason: string): string =>
  `✗ the board could not be posted: ${plain(reason, 200)}\nCheck what the bot may do in this channel, then run the command again.`

export const boardEndedText = (): string =>
  '✓ the board is not kept up to date any more\nIts message stays as it is: delete it if nobody needs it.'

export const noBoardText = (): string => '⬦ no board is kept up to date in this channel'
