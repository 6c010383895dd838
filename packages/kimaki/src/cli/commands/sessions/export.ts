/** `kimaki session export`: a session as `opencode export` writes it, which `opencode import` reads. */
import { UsageError } from '../../../base/errors.ts'
import { jsonForTerminal } from '../../../base/text.ts'
import { composedOf, defineCliCommand } from '../../command.ts'
import { EXIT_OK } from '../../status.ts'

export const sessionExport = defineCliCommand({
  usage: 'session export <session>',
  description: 'print a session as JSON, in the form that "opencode import" reads',
  examples: ['kimaki session export ses_abc --out session.json'],
  options: { out: { flag: '-o, --out <file>', description: 'write a new file instead' } },
  async run({ config, args: [session], options, print }) {
    const { meantSession } = await import('../../sessions/meant.ts')
    const meant = meantSession(session)
    if (meant instanceof Error) return meant
    const { askRunningBot } = await import('../../control/ask-bot.ts')
    const exported = await askRunningBot<object>(config, {
      method: 'POST',
      path: '/sessions/export',
      body: meant,
      timeoutMs: EXPORT_MS,
    })
    if (exported instanceof Error) return exported
    if (options.out === undefined) print(jsonForTerminal(exported, 2))
    else return writeNew(options.out, exported)
    return EXIT_OK
  },
  routes: {
    'POST /sessions/export': async (body, bot) => {
      const composed = composedOf(bot)
      if (composed instanceof Error) return composed
      const { findSession, readWanted } = await import('../../../app/control/sessions/find.ts')
      const found = await findSession(composed.store, readWanted(body))
      return found instanceof Error ? found : composed.agent.sessions.exported(found.directory, found.sessionId)
    },
  },
})

const EXPORT_MS = 120_000

/** For its user alone: it holds all that the agent has read. */
async function writeNew(file: string, exported: object): Promise<number | UsageError> {
  const { writeFileSync } = await import('node:fs')
  try {
    writeFileSync(file, `${JSON.stringify(exported, undefined, 2)}\n`, { flag: 'wx', mode: 0o600 })
    return EXIT_OK
  } catch (error) {
    const isThere = (error as NodeJS.ErrnoException).code === 'EEXIST'
    return new UsageError({ reason: isThere ? `${file} is there already. Name a new file.` : `${file} cannot be written.` })
  }
}
