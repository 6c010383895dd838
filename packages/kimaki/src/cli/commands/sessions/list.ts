/** `kimaki session list`: the sessions of threads, those used last first. Nothing is asked of OpenCode, so it needs no bot. */
import { UsageError } from '../../../base/errors.ts'
import { jsonForTerminal } from '../../../base/text.ts'
import type { SessionFilter, SessionRecord } from '../../../domain/conversation/inquiry/session-record.ts'
import { composedOf, defineCliCommand } from '../../command.ts'
import { EXIT_OK } from '../../status.ts'
import type { Column } from '../../terminal/table.ts'

const MOST = 10_000
const USUAL = '50'

export const sessionList = defineCliCommand({
  usage: 'session list',
  description: 'show the sessions of threads, those used last first',
  examples: ['kimaki session list --project .', "kimaki session list --json | jq -r '.[0].sessionId'"],
  options: {
    project: { flag: '--project <folder>', description: 'only those of this folder' },
    limit: { flag: '--limit <n>', description: `so many at most (default: ${USUAL})` },
    json: { flag: '--json', description: 'as JSON' },
  },
  async run({ config, options, print }) {
    const filter = await filterOf(options)
    if (filter instanceof Error) return filter
    const { askBotOr } = await import('../../control/ask-bot.ts')
    const call = { method: 'POST', path: '/sessions', body: filter } as const
    const sessions = await askBotOr<readonly SessionRecord[]>(config, call, async () => {
      const { readSessions } = await import('../../../store/inquiry/read-only.ts')
      return readSessions(config.database, filter)
    })
    if (sessions instanceof Error) return sessions
    if (options.json) print(jsonForTerminal(sessions.map(shown), 2))
    else if (sessions.length === 0) print('There is no session yet. Write to the agent in a linked channel, or run kimaki send.')
    else (await import('../../terminal/paper.ts')).writeTable({ config, print }, COLUMNS, sessions.map(rowOf))
    return EXIT_OK
  },
  routes: {
    'POST /sessions': async (body, bot) => {
      const composed = composedOf(bot)
      if (composed instanceof Error) return composed
      const { readWanted } = await import('../../../app/control/sessions/find.ts')
      const { directory, rest } = readWanted(body)
      const limit = readLimit(rest['limit'])
      return limit instanceof Error ? limit : composed.store.sessions({ directory, limit })
    },
  },
})

/** As programs read it: times are texts. */
export const shown = ({ updated, ...session }: SessionRecord) => ({ ...session, updated: new Date(updated).toISOString() })

const COLUMNS: readonly Column[] = [
  { title: 'session' },
  { title: 'thread' },
  { title: 'state' },
  { title: 'last message' },
  { title: 'title', mayBeCut: true },
]

const rowOf = ({ sessionId, threadId, state, updated, title }: SessionRecord): readonly string[] => [
  sessionId,
  threadId,
  state,
  new Date(updated).toISOString().slice(0, 16).replace('T', ' '),
  title === '' ? '-' : title,
]

async function filterOf(given: {
  readonly project: string | undefined
  readonly limit: string | undefined
}): Promise<SessionFilter | UsageError> {
  const limit = readLimit(Number(given.limit ?? USUAL))
  if (limit instanceof Error) return limit
  const { folderOf } = await import('../../sessions/meant.ts')
  const directory = folderOf(given.project)
  return directory instanceof Error ? directory : { directory, limit }
}

export function readLimit(limit: unknown): number | UsageError {
  if (typeof limit === 'number' && Number.isInteger(limit) && limit >= 1 && limit <= MOST) return limit
  return new UsageError({ reason: `--limit must be a whole number between 1 and ${MOST}.` })
}
