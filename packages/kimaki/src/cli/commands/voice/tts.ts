/** `kimaki tts` writes a text to a file as speech. */
import { UsageError } from '../../../base/errors.ts'
import { jsonForTerminal } from '../../../base/text.ts'
import { defineCliCommand } from '../../command.ts'
import { EXIT_OK } from '../../status.ts'

const PATIENCE_MS = 120_000

export const tts = defineCliCommand({
  usage: 'tts [text]',
  description:
    'write a text to a file as speech, by OpenAI, Gemini or a server like OpenAI; without a text it is read from stdin',
  examples: ['kimaki tts "the tests are green" -o done.mp3', 'kimaki tts --voice Kore < notes.txt'],
  options: {
    output: {
      flag: '-o, --output <file>',
      description:
        'where to (default: speech.mp3, of Gemini speech.wav); a name that ends with .ogg makes a voice message for Discord',
    },
    voice: { flag: '-v, --voice <name>', description: 'a voice of the provider (default: alloy, of Gemini Kore)' },
    style: { flag: '-i, --style <words>', description: 'how it is said, e.g. "calm and slow"' },
    speed: { flag: '--speed <factor>', description: 'from 0.25 to 4; Gemini has none' },
    json: { flag: '--json', description: 'as JSON' },
  },
  async run({ config, args: [given], options: { output, voice, style, speed, json }, print }) {
    const factor = speed === undefined ? undefined : Number(speed)
    if (factor !== undefined && !(factor >= 0.25 && factor <= 4))
      return new UsageError({ reason: `--speed must be a number from 0.25 to 4; it is "${speed}".` })
    const { dataDir, environment } = config
    const { readKey } = await import('../../../host/voice/keys.ts')
    const { providerOf } = await import('../../../host/voice/providers.ts')
    const saved = readKey(dataDir)
    if (saved instanceof Error) return saved
    const provider = providerOf({ environment, saved, isLocal: false })
    if (provider === undefined || provider.kind === 'local') return new UsageError({ reason: NOBODY })
    const { readPrompt } = await import('../../sending/stdin.ts')
    const text = given ?? (process.stdin.isTTY ? '' : (await readPrompt(undefined)).trim())
    if (text === '') return new UsageError({ reason: 'Give a text, or pipe one in.' })
    const { speak } = await import('../../../host/voice/speak.ts')
    const saying = { text, voice, style, speed: factor, isOpus: /\.(?:ogg|opus)$/.test(output ?? '') }
    const spoken = await speak(provider, saying, environment, AbortSignal.timeout(PATIENCE_MS))
    if (spoken instanceof Error) return spoken
    const { writeFile } = await import('node:fs/promises')
    const file = output ?? `speech.${spoken.kind}`
    await writeFile(file, spoken.bytes)
    print(json ? jsonForTerminal({ file, kind: spoken.kind, bytes: spoken.bytes.length }) : `${file} is written.`)
    return EXIT_OK
  },
  routes: {},
})

const NOBODY =
  'Nobody is set up to speak: enter a key with /transcription-key in Discord, or set OPENAI_API_KEY or GEMINI_API_KEY.'
