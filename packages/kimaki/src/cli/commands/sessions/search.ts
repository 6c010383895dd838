/** `kimaki session search`: sessions by words of their titles, and of what was said in those used last. */
import { UsageError } from '../../../base/errors.ts'
import { jsonForTerminal, lineForTerminal } from '../../../base/text.ts'
import type { Hit } from '../../../app/control/sessions/search.ts'
import { composedOf, defineCliCommand } from '../../command.ts'
import { EXIT_OK } from '../../status.ts'
import { readLimit, shown } from './list.ts'

const USUAL = 20

export const sessionSearch = defineCliCommand({
  usage: 'session search <words>',
  description: 'find sessions by their titles, and by what was said in the 50 used last',
  examples: ['kimaki session search "flaky test" --project .'],
  options: {
    project: { flag: '--project <folder>', description: 'only those of this folder' },
    limit: { flag: '--limit <n>', description: `so many at most (default: ${USUAL})` },
    json: { flag: '--json', description: 'as JSON' },
  },
  async run({ config, args: [words = ''], options, print }) {
    const limit = readLimit(Number(options.limit ?? USUAL))
    if (limit instanceof Error) return limit
    const { folderOf } = await import('../../sessions/meant.ts')
    const directory = folderOf(options.project)
    if (directory instanceof Error) return directory
    const { askRunningBot } = await import('../../control/ask-bot.ts')
    const body = { words, directory, limit }
    const hits = await askRunningBot<readonly Hit[]>(config, {
      method: 'POST',
      path: '/sessions/search',
      body,
      timeoutMs: SEARCH_MS,
    })
    if (hits instanceof Error) return hits
    if (options.json)
      print(
        jsonForTerminal(
          hits.map(({ snippets, ...hit }) => ({ ...shown(hit), snippets })),
          2,
        ),
      )
    else if (hits.length === 0) print(`Nothing is found for "${words}".`)
    else for (const line of hits.flatMap(linesOf)) print(line)
    return EXIT_OK
  },
  routes: {
    'POST /sessions/search': async (body, bot) => {
      const composed = composedOf(bot)
      if (composed instanceof Error) return composed
      const { readWanted, textOf } = await import('../../../app/control/sessions/find.ts')
      const { directory, rest } = readWanted(body)
      const words = textOf(rest['words'])?.trim() ?? ''
      const limit = readLimit(rest['limit'])
      if (words === '') return new UsageError({ reason: 'Give words to search for.' })
      if (limit instanceof Error) return limit
      const { searchSessions } = await import('../../../app/control/sessions/search.ts')
      return searchSessions(composed, { words, directory, limit })
    },
  },
})

const SEARCH_MS = 120_000

const linesOf = ({ sessionId, threadId, title, snippets }: Hit): readonly string[] => [
  lineForTerminal(`${sessionId}  ${threadId}  ${title}`),
  ...snippets.map((snippet) => `    ${lineForTerminal(snippet)}`),
]
