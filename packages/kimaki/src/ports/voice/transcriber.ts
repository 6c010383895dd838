/** Speech as text: what the bot needs of whoever writes it down. */
import type { UsageError, VoiceRefused, VoiceUnavailable } from '../../base/errors.ts'

export interface Recording {
  readonly bytes: Uint8Array
  /** By its bytes: `audio/ogg`, `audio/wav`, `audio/mpeg`, `audio/mp4`, `audio/webm`, `audio/flac`, `audio/aac`. */
  readonly mime: string
}

/** A key that a person has entered. `url`: of a server that speaks as OpenAI does; without it the key tells whose it is. */
export interface TranscriptionKey {
  readonly key: string
  readonly url?: string | undefined
}

export interface Transcriber {
  /** Who would write it down now, as people call it; undefined: nobody is set up. An error where what is set up cannot be used. */
  provider(): Promise<string | undefined | UsageError>
  /**
   * The words as they were spoken, trimmed; empty where nothing could be understood. `vocabulary`: words that may occur, separated by commas.
   * One attempt, which ends when the signal aborts. `VoiceUnavailable`: the same may work in a moment.
   */
  transcribe(recording: Recording, vocabulary: string, signal: AbortSignal): Promise<string | VoiceRefused | VoiceUnavailable>
  /** Saved for its user alone, in place of the one before; undefined: removed. */
  setKey(key: TranscriptionKey | undefined): undefined | UsageError
  /** Resolves when a key has been set or removed here. */
  changed(): Promise<void>
  /** Nothing is left running when it resolves. */
  stop(): Promise<void>
}
