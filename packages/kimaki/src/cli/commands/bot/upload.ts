/** `kimaki upload-to-discord`: files into the thread of a session, in one message. */
import { UsageError } from '../../../base/errors.ts'
import { jsonForTerminal } from '../../../base/text.ts'
import type { SentFile } from '../../../ports/chat.ts'
import { composedOf, defineCliCommand } from '../../command.ts'
import { EXIT_OK } from '../../status.ts'

interface Uploaded {
  readonly threadId: string
  readonly messageId: string
}

export const upload = defineCliCommand({
  usage: 'upload-to-discord <files...>',
  description: 'post files into the thread of a session, at most 10',
  examples: [
    'kimaki upload-to-discord --session ses_abc chart.png report.pdf',
    'kimaki upload-to-discord --session ses_abc --voice done.ogg',
  ],
  options: {
    session: { flag: '-s, --session <id>', description: 'the session, or its thread', required: true },
    voice: { flag: '--voice', description: 'as a voice message: one Ogg file of Opus, as `kimaki tts -o x.ogg` writes it' },
    json: { flag: '--json', description: 'tell as JSON what became of it' },
  },
  async run({ config, args, options, print }) {
    const { meantSession } = await import('../../sessions/meant.ts')
    const meant = meantSession(options.session)
    if (meant instanceof Error) return meant
    const { resolve } = await import('node:path')
    const body = {
      session: meant.session,
      id: crypto.randomUUID(),
      files: args.map((file) => resolve(file)),
      voice: options.voice,
    }
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
      const { id, files, voice } = wanted.rest
      const found = await findSession(composed.store, wanted)
      if (found instanceof Error) return found
      const paths = Array.isArray(files) ? files.filter((file) => typeof file === 'string') : []
      if (paths.length === 0 || paths.length > MOST) return new UsageError({ reason: `Give one to ${MOST} files.` })
      const { readUploads } = await import('../../sending/keep-file.ts')
      const limit = composed.chat.fileLimit(found.guildId)
      const attached = await readUploads(paths, { within: textOf(wanted.rest['within']), limit })
      if (attached instanceof Error) return attached
      const sent = voice === true ? await asVoice(attached) : attached
      if (sent instanceof Error) return sent
      const { deriveId } = await import('../../../base/ids.ts')
      const nonce = deriveId('u', textOf(id) ?? crypto.randomUUID()).slice(0, 25)
      const message = { blocks: [], content: '', file: undefined, notify: false, attached: sent }
      const posted = await composed.chat.post(found.threadId, message, nonce)
      if (posted instanceof Error && 'code' in posted && posted.code === NO_VOICE) return new UsageError({ reason: NO_RIGHT })
      return posted instanceof Error ? posted : { threadId: found.threadId, messageId: posted.messageId }
    },
  },
})

const MOST = 10
const UPLOAD_MS = 120_000
/** Discord docs: JSON Error Codes. */
const NO_VOICE = 50_173
const NO_RIGHT = 'Discord does not let the bot send voice messages here. Give its role "Send Voice Messages", then run it again.'

/** Discord shows nothing else as a voice message. */
async function asVoice([file, ...others]: readonly SentFile[]): Promise<readonly SentFile[] | UsageError> {
  const { opusWaveform, soundOf } = await import('../../../domain/message/voice/audio.ts')
  const sound = file && soundOf(file.bytes)
  const waveform = file && opusWaveform(file.bytes)
  if (!waveform || others.length > 0 || sound?.kind !== 'sound' || sound.seconds === undefined)
    return new UsageError({
      reason:
        'A voice message is one Ogg file of Opus. Make one with kimaki tts -o x.ogg, or ffmpeg -i <file> -c:a libopus x.ogg',
    })
  return [{ ...file, name: 'voice-message.ogg', mime: 'audio/ogg', voice: { seconds: sound.seconds, waveform } }]
}
