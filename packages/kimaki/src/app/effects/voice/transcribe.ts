/**
 * Fetches the recordings of a message and has them written down. Where nobody is set up to do that, it waits until somebody is. Time is up
 * after a minute and as long again as the recordings are.
 */
import { ChatGone, VoiceUnavailable, type VoiceRefused } from '../../../base/errors.ts'
import { withDeadline } from '../../../base/sleep.ts'
import type { Transcribe, TranscribeOutcome, VoiceReport } from '../../../domain/conversation/features/voice/voice.ts'
import type { IncomingAttachment } from '../../../domain/message/incoming.ts'
import { soundOf } from '../../../domain/message/voice/audio.ts'
import { LONGEST_SECONDS, PATIENCE_MS, RECORDING_LIMIT, speechIn } from '../../../domain/message/voice/speech.ts'
import { spokenOf } from '../../../domain/message/voice/spoken.ts'
import type { Recording } from '../../../ports/voice/transcriber.ts'
import { NAME_MAX, plain } from '../../../view/text/notice.ts'
import { notHeardText, SEND_ANOTHER, TRY_AGAIN } from '../../../view/voice.ts'
import { download } from '../attachments.ts'
import { defineEffect, type EffectDeps } from '../definition.ts'
import { agentsOf, knownWords } from './known-words.ts'

/** How often a provider is asked that does not answer, or not now, within the time there is. */
const ATTEMPTS = 4
/** How soon a provider that was set up elsewhere on this machine is found, at the latest. */
const LOOK_AGAIN_MS = 10_000
/** Of a recording that does not tell its length; speech of 16 kbit/s is as long as that. */
const BYTES_PER_SECOND = 2000

interface Heard {
  readonly recordings: readonly Recording[]
  readonly seconds: number
}

export const transcribe = defineEffect<Transcribe, TranscribeOutcome>({
  kind: 'transcribe',
  afterCrash: {
    by: 'idempotent',
    why: 'the recording is fetched and heard again: only the outcome that is on record becomes a prompt',
  },
  proof: { points: ['voice-before', 'voice-after', 'voice-outcome-before-commit'] },
  access: ({ noteId: requestId, guildId, userId }) => ({ requestId, guildId, userId }),
  async run(deps, effect, { conversation }) {
    const files = speechIn(effect.message)
    const tooLarge = limitOf(files)
    if (tooLarge) return tooLarge
    const report: VoiceReport = { noteId: effect.noteId }
    const tell = (): void => conversation.push({ kind: 'report', at: deps.clock.now(), owner: 'voice', report })
    const unusable = await untilSetUp(deps, tell)
    if (unusable) return refusedAs(unusable)
    const known = knownWords(deps, effect)
    const heard = await fetchAll(deps, effect, files)
    if ('kind' in heard) return heard
    const limitMs = PATIENCE_MS + heard.seconds * 1000
    const words = await withinTime(deps, limitMs, async (signal) => writeDown(deps, heard.recordings, await known, signal))
    if (words === undefined) return failed(`nobody wrote it down within ${Math.ceil(limitMs / 1000)} s`, TRY_AGAIN)
    if (words instanceof Error) return refusedAs(words)
    if (words === '') return failed('nothing could be understood', TRY_AGAIN)
    return { kind: 'transcribed', ...spokenOf(words, await agentsOf(deps, effect.directory)), atMost: deps.settings.queueLength }
  },
})

const failed = (why: string, remedy: string): TranscribeOutcome => ({
  kind: 'not-transcribed',
  text: notHeardText(why, remedy),
  canRetry: remedy === TRY_AGAIN,
})

const refusedAs = ({ message }: Error): TranscribeOutcome => failed(message, TRY_AGAIN)

/** Before anything is fetched. */
function limitOf(files: readonly IncomingAttachment[]): TranscribeOutcome | undefined {
  const large = files.find(({ size }) => size > RECORDING_LIMIT)
  if (large) return failed(`${large.name} has more than 25 MB, which nobody writes down at once`, SEND_SHORTER)
  const empty = files.find(({ size }) => size === 0)
  if (empty) return failed(`${empty.name} is empty`, SEND_ANOTHER)
  const seconds = files.reduce((sum, file) => sum + (file.seconds ?? 0), 0)
  return seconds > LONGEST_SECONDS ? failed(TOO_LONG, SEND_SHORTER) : undefined
}

const TOO_LONG = 'it is longer than two hours'
const SEND_SHORTER = 'Send it in shorter parts.'

/** Resolves with the trouble of what is set up and cannot be used. */
async function untilSetUp({ transcriber, retry, clock }: EffectDeps, tell: () => void): Promise<Error | undefined> {
  let isTold = false
  for (;;) {
    const changed = transcriber.changed()
    const provider = await transcriber.provider()
    if (provider !== undefined) return provider instanceof Error ? provider : undefined
    if (!isTold) tell()
    isTold = true
    await withDeadline(changed, LOOK_AGAIN_MS, retry.signal, clock)
  }
}

/** One after the other: ten files of 25 MB would fill the memory twice. */
async function fetchAll(
  deps: EffectDeps,
  { message: { channelId, id: messageId } }: Transcribe,
  files: readonly IncomingAttachment[],
): Promise<Heard | TranscribeOutcome> {
  const recordings: Recording[] = []
  let total = 0
  for (const file of files) {
    const bytes = await download(deps, { channelId, messageId }, file, RECORDING_LIMIT)
    const name = plain(file.name, NAME_MAX)
    if (bytes instanceof ChatGone) return failed(`${name} is not in Discord any more`, SEND_ANOTHER)
    if (bytes instanceof Error) return failed(`${name} could not be fetched: ${bytes.reason}`, TRY_AGAIN)
    const sound = soundOf(bytes)
    if (sound.kind === 'broken') return failed(`${name} ${sound.reason}`, SEND_ANOTHER)
    const seconds = file.seconds || (sound.seconds ?? bytes.length / BYTES_PER_SECOND)
    total += seconds
    recordings.push({ bytes, mime: sound.mime })
  }
  return total > LONGEST_SECONDS ? failed(TOO_LONG, SEND_SHORTER) : { recordings, seconds: total }
}

/** Undefined: time is up, and the work has been told so. */
async function withinTime<T>(
  { retry, clock }: EffectDeps,
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  const late = new AbortController()
  const done = work(AbortSignal.any([late.signal, retry.signal]))
  try {
    return await withDeadline(done, ms, retry.signal, clock)
  } finally {
    done.catch(() => undefined)
    late.abort()
  }
}

async function writeDown(
  { transcriber, retry }: EffectDeps,
  recordings: readonly Recording[],
  vocabulary: string,
  signal: AbortSignal,
): Promise<string | VoiceRefused | VoiceUnavailable> {
  const texts: string[] = []
  for (const recording of recordings) {
    const text = await retry.until(async (failures) => {
      signal.throwIfAborted()
      const heard = await transcriber.transcribe(recording, vocabulary, signal)
      return heard instanceof VoiceUnavailable && failures + 1 < ATTEMPTS ? undefined : heard
    })
    if (text instanceof Error) return text
    texts.push(text)
  }
  return texts.filter((text) => text !== '').join('\n\n')
}
