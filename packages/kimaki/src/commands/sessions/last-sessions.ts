/** `/last-sessions` lists the threads of the project that were used last. */
import { plain } from '../../view/text/notice.ts'
import type { SlashCommand } from '../declaration.ts'

const SHOWN = 20
/** Sessions of terminals have no thread. */
const LOOKED_AT = 200
const TITLE_MAX = 60
/** With one more line and the rest it fits into a message. */
const TEXT_MAX = 1600

export const lastSessions: SlashCommand = {
  name: 'last-sessions',
  description: 'The threads of this project that were used last (recent, history, list)',
  where: 'channel-or-thread',
  visibility: 'ephemeral',
  options: [],
  run: () => ({ work: {} }),
  async work({ agent, store }, { directory }) {
    const sessions = await agent.sessions.list(directory, { search: '', limit: LOOKED_AT })
    if (sessions instanceof Error) return sessions
    const lines: string[] = []
    let others = 0
    for (const { id, title, updated } of sessions) {
      if (lines.length === SHOWN || lines.join('\n').length > TEXT_MAX) break
      const thread = await store.conversationOfSession(id)
      if (thread === undefined) others += 1
      else lines.push(`<t:${Math.floor(updated / 1000)}:R> <#${thread}> ${plain(title, TITLE_MAX)}`)
    }
    const rest = others === 0 ? [] : [othersText(others)]
    return { reply: lines.length === 0 ? [NONE, ...rest].join('\n') : ['⬦ used last', ...lines, ...rest].join('\n') }
  },
}

const NONE = '⬦ no thread of this project has a session yet\nWrite a message in the channel to begin one.'
const othersText = (count: number): string =>
  `${count === 1 ? 'One session has' : `${count} sessions have`} no thread: \`/resume\` opens one.`
