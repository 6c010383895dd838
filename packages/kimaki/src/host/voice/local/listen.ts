/** A program of its own: each recording that it is sent it sends back as text. Its libraries lie in the data folder. Ends with whoever has started it. */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ListenAnswer, ListenRequest } from './listener.ts'
import type { LocalFiles } from './place.ts'

interface Wave {
  readonly samples: Float32Array
  readonly sampleRate: number
}

interface Recognizer {
  createStream(): { acceptWaveform(wave: Wave): void }
  decode(stream: unknown): void
  getResult(stream: unknown): { readonly text: string }
}

interface Sherpa {
  readonly OfflineRecognizer: new (config: unknown) => Recognizer
}

interface Decoder {
  readonly ready: Promise<void>
  decode?(bytes: Uint8Array): Decoded
  decodeFile?(bytes: Uint8Array): Promise<Decoded>
  free(): void
}

interface Decoded {
  readonly channelData: readonly Float32Array[]
  readonly sampleRate: number
}

/** `message`: a sentence without its beginning. */
class Refused extends Error {}

/** The model was made for shorter pieces than half a minute. It is cut where it is quietest within the last seconds of a piece. */
const PIECE_S = 24
const SEARCHED_S = 10
const QUIET_S = 0.1
const FFMPEG_MS = 120_000

let recognizer: Recognizer | undefined

process.on('message', ({ files, mime, bytes, path }: ListenRequest) => {
  void listen(files, mime, bytes, path)
    .catch((error: unknown) => ({
      refused: error instanceof Refused ? error.message : `this machine could not read it: ${String(error)}`,
    }))
    .then((answer) => process.send?.(answer))
})
process.on('disconnect', () => process.exit())

async function listen(files: LocalFiles, mime: string, bytes: Uint8Array, path: string): Promise<ListenAnswer> {
  const library = createRequire(join(files.root, 'package.json'))
  const wave = await waveOf(library, mime, bytes, path)
  recognizer ??= load(library, files)
  const texts: string[] = []
  for (const samples of piecesOf(wave)) {
    const stream = recognizer.createStream()
    stream.acceptWaveform({ samples, sampleRate: wave.sampleRate })
    recognizer.decode(stream)
    texts.push(recognizer.getResult(stream).text.trim())
  }
  return { text: texts.filter((text) => text !== '').join(' ') }
}

function load(library: NodeJS.Require, { encoder, decoder, tokens }: LocalFiles): Recognizer {
  const { OfflineRecognizer } = library('sherpa-onnx-node') as Sherpa
  return new OfflineRecognizer({
    featConfig: { sampleRate: 16_000, featureDim: 80 },
    modelConfig: { moonshine: { encoder, mergedDecoder: decoder }, tokens, numThreads: 1, debug: 0, provider: 'cpu' },
  })
}

async function waveOf(library: NodeJS.Require, mime: string, bytes: Uint8Array, path: string): Promise<Wave> {
  if (mime === 'audio/wav') return pcmOf(bytes) ?? byFfmpeg(bytes, path)
  if (mime === 'audio/ogg' && Buffer.from(bytes.subarray(28, 36)).toString('latin1') === 'OpusHead') {
    const { OggOpusDecoder } = library('ogg-opus-decoder') as { readonly OggOpusDecoder: new () => Decoder }
    return decoded(new OggOpusDecoder(), bytes)
  }
  if (mime === 'audio/mpeg') {
    const { MPEGDecoder } = library('mpg123-decoder') as { readonly MPEGDecoder: new () => Decoder }
    return decoded(new MPEGDecoder(), bytes)
  }
  return byFfmpeg(bytes, path)
}

async function decoded(decoder: Decoder, bytes: Uint8Array): Promise<Wave> {
  await decoder.ready
  try {
    const sound = (await decoder.decodeFile?.(bytes)) ?? decoder.decode?.(bytes)
    if (!sound || (sound.channelData[0]?.length ?? 0) === 0) throw new Refused('the recording is damaged')
    return { samples: mono(sound.channelData), sampleRate: sound.sampleRate }
  } finally {
    decoder.free()
  }
}

function mono(channels: readonly Float32Array[]): Float32Array {
  const [first = new Float32Array(), ...others] = channels
  return others.length === 0
    ? first
    : first.map((sample, at) => others.reduce((sum, channel) => sum + (channel[at] ?? 0), sample) / channels.length)
}

/** Sixteen bits a sample, which nearly all WAV files have; undefined: another kind. */
function pcmOf(bytes: Uint8Array): Wave | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let format: { readonly channels: number; readonly sampleRate: number } | undefined
  for (let at = 12; at + 8 <= bytes.length;) {
    const name = Buffer.from(bytes.subarray(at, at + 4)).toString('latin1')
    const size = view.getUint32(at + 4, true)
    if (name === 'fmt ' && view.getUint16(at + 8, true) === 1 && view.getUint16(at + 22, true) === 16)
      format = { channels: view.getUint16(at + 10, true), sampleRate: view.getUint32(at + 12, true) }
    if (name === 'data') {
      if (!format) return undefined
      const { channels, sampleRate } = format
      const count = Math.floor(Math.min(size, bytes.length - at - 8) / 2 / channels)
      const samples = Float32Array.from(
        { length: count },
        (_, index) => view.getInt16(at + 8 + index * 2 * channels, true) / 32_768,
      )
      return { samples, sampleRate }
    }
    at += 8 + size + (size % 2)
  }
  return undefined
}

/** Some files can only be read from their end, so it gets a file. */
async function byFfmpeg(bytes: Uint8Array, path: string): Promise<Wave> {
  const folder = mkdtempSync(join(tmpdir(), 'kimaki-voice-'))
  const file = join(folder, 'recording')
  try {
    writeFileSync(file, bytes, { mode: 0o600 })
    const args = ['-nostdin', '-v', 'error', '-i', `file:${file}`, '-f', 's16le', '-ac', '1', '-ar', '16000', '-']
    const pcm = await new Promise<Buffer>((resolve, reject) => {
      const options = { env: { PATH: path }, encoding: 'buffer', timeout: FFMPEG_MS, maxBuffer: 512 * 1024 * 1024 } as const
      execFile('ffmpeg', args, options, (error, stdout) => {
        if (error && 'code' in error && error.code === 'ENOENT') reject(new Refused(NO_FFMPEG))
        else if (error) reject(new Refused('ffmpeg could not read the recording'))
        else resolve(stdout)
      })
    })
    const whole = new DataView(pcm.buffer, pcm.byteOffset, pcm.byteLength)
    const samples = Float32Array.from({ length: pcm.length >> 1 }, (_, at) => whole.getInt16(at * 2, true) / 32_768)
    return { samples, sampleRate: 16_000 }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const NO_FFMPEG =
  'this machine reads Ogg Opus, MP3 and WAV by itself, and all else by ffmpeg, which is not installed. Install ffmpeg, or send another kind of file'

function* piecesOf({ samples, sampleRate }: Wave): Generator<Float32Array> {
  const longest = PIECE_S * sampleRate
  let at = 0
  while (samples.length - at > longest) {
    const end = quietest(samples, at + longest - SEARCHED_S * sampleRate, at + longest, Math.floor(QUIET_S * sampleRate))
    yield samples.subarray(at, end)
    at = end
  }
  yield samples.subarray(at)
}

function quietest(samples: Float32Array, from: number, to: number, length: number): number {
  let least = Infinity
  let found = to
  for (let at = from; at + length <= to; at += length) {
    const energy = samples.subarray(at, at + length).reduce((sum, sample) => sum + sample * sample, 0)
    if (energy <= least) [least, found] = [energy, at + (length >> 1)]
  }
  return found
}
