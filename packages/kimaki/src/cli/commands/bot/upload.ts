/** `kimaki upload-to-discord`: files into the thread of a session, in one message. */
import { UsageError } from '../../../base/errors.ts'
import { jsonForTerminal } from '../../../base/text.ts'
import { composedOf, defineCliCommand } from '../../command.ts'
import { EXIT_OK } from '../../status.ts'

interface Uploaded {
  readonly threadId: string
  readonly messageId: string
}

export const upload = defineCliCommand({
  usage: 'upload-to-discord <files...>',
  description: 'post files into the thread of a session, at most 10',
  examples: ['kimaki upload-to-discord --session ses_abc chart.png report.pdf'],
  options: {
    session: { flag: '-s, --session <id>', description: 'the session, or its thread', required: true },
    json: { flag: '--json', description: 'tell as JSON what became of it' },
  },
  async run({ config, args, options, print }) {
    const { meantSession } = await import('../../sessions/meant.ts')
    const meant = meantSession(options.session)
    if (meant instanceof Error) return meant
    const { resolve } = await import('node:path')
    const body = { session: meant.session, id: crypto.randomUUID(), files: args.map((file) => resolve(file)) }
    const { askRunningBot } = await import('../../control/ask-bot.ts')
    const call = { method: 'POST', path: '/upload', body, timeoutMs: UPLOAD_MS } as const
    const uploaded = await askRunningBot<Uploaded>(config, call)
    if (uploaded instanceof Error) return uploaded
    print(options.json ? jsonForTerminal(uploaded) : `Posted in thread ${uploaded.threadId}.`)
    return EXIT_OK
  },
  routes: {
    'POST /upload': async (body, bot) => {
      const composed = composedOf(bot)
      if (composed instanceof Error) return composed
      const { findSession, readWanted, textOf } = await import('../../../app/control/sessions/find.ts')
      const wanted = readWanted(body)
      const { id, files } = wanted.rest
      const found = await findSession(composed.store, wanted)
      if (found instanceof Error) return found
      const paths = Array.isArray(files) ? files.filter((file) => typeof file === 'string') : []
      if (paths.length === 0 || paths.length > MOST) return new UsageError({ reason: `Give one to ${MOST} files.` })
      const { readUploads } = await import('../../sending/keep-file.ts')
      const limit = composed.chat.fileLimit(found.guildId)
      const attached = await readUploads(paths, { within: textOf(wanted.rest['within']), limit })
      if (attached instanceof Error) return attached
      const { deriveId } = await import('../../../base/ids.ts')
      const nonce = deriveId('u', textOf(id) ?? crypto.randomUUID()).slice(0, 25)
      const message = { blocks: [], content: '', file: undefined, notify: false, attached }
      const posted = await composed.chat.post(found.threadId, message, nonce)
      return posted instanceof Error ? posted : { threadId: found.threadId, messageId: posted.messageId }
    },
  },
})

const MOST = 10
const UPLOAD_MS = 120_000
