/** `kimaki session read`: what was said in a session, as Markdown. */
import { jsonForTerminal } from '../../../base/text.ts'
import { composedOf, defineCliCommand } from '../../command.ts'
import { EXIT_OK } from '../../status.ts'

interface Read {
  readonly sessionId: string
  readonly threadId: string
  readonly title: string
  /** As people read it. */
  readonly text: string
  readonly messages: readonly unknown[]
}

export const sessionRead = defineCliCommand({
  usage: 'session read [session]',
  description: 'print what was said in a session, as Markdown',
  examples: ['kimaki session read ses_abc', 'kimaki session read --last'],
  options: {
    last: { flag: '--last', description: 'the session used last, in place of an id' },
    project: { flag: '--project <folder>', description: 'with --last: of this folder' },
    json: { flag: '--json', description: 'as JSON, with every message and its parts' },
  },
  async run({ config, args: [session], options, print }) {
    const { meantSession } = await import('../../sessions/meant.ts')
    const meant = meantSession(session, options)
    if (meant instanceof Error) return meant
    const { askRunningBot } = await import('../../control/ask-bot.ts')
    const read = await askRunningBot<Read>(config, { method: 'POST', path: '/sessions/read', body: meant, timeoutMs: READ_MS })
    if (read instanceof Error) return read
    const { text, ...json } = read
    print(options.json ? jsonForTerminal(json, 2) : text)
    return EXIT_OK
  },
  routes: {
    'POST /sessions/read': async (body, bot) => {
      const composed = composedOf(bot)
      if (composed instanceof Error) return composed
      const { findSession, readWanted } = await import('../../../app/control/sessions/find.ts')
      const found = await findSession(composed.store, readWanted(body))
      if (found instanceof Error) return found
      const { sessionId, threadId, directory } = found
      const transcript = await composed.agent.sessions.transcript(directory, sessionId)
      if (transcript instanceof Error) return transcript
      const { transcriptText } = await import('../../../view/sessions/transcript.ts')
      return { sessionId, threadId, ...transcript, text: transcriptText(transcript) }
    },
  },
})

/** A session of 2,000 messages is 6 MB, and OpenCode may have to open its folder first. */
const READ_MS = 120_000
