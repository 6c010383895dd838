/** Writes down what a test recording says, or what the test wants. */
import type { UsageError, VoiceRefused, VoiceUnavailable } from '../../../src/base/errors.ts'
import type { Recording, Transcriber, TranscriptionKey } from '../../../src/ports/voice/transcriber.ts'
import { wordsIn } from '../../support/speech.ts'

export class FakeTranscriber implements Transcriber {
  /** Undefined: nobody is set up. */
  name: string | undefined | UsageError = 'Acme'
  readonly heard: string[] = []
  readonly keys: (TranscriptionKey | undefined)[] = []
  on: (words: string, signal: AbortSignal) => Promise<string | VoiceRefused | VoiceUnavailable> = async (words) => words
  #change = Promise.withResolvers<void>()

  async provider(): Promise<string | undefined | UsageError> {
    return this.name
  }

  async transcribe(
    { bytes }: Recording,
    _vocabulary: string,
    signal: AbortSignal,
  ): Promise<string | VoiceRefused | VoiceUnavailable> {
    const words = wordsIn(bytes)
    this.heard.push(words)
    return this.on(words, signal)
  }

  setKey(key: TranscriptionKey | undefined): undefined {
    this.keys.push(key)
    this.name = key ? 'Acme' : undefined
    this.#change.resolve()
    this.#change = Promise.withResolvers()
  }

  changed(): Promise<void> {
    return this.#change.promise
  }

  async stop(): Promise<void> {}
}
