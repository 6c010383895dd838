/** Which attached files are speech: voice messages, and recordings that people send as files. */
import type { IncomingAttachment, IncomingMessage } from '../incoming.ts'

/** What providers take in one request (OpenAI's limit for `/audio/transcriptions`). */
export const RECORDING_LIMIT = 25 * 1024 * 1024

/** Nobody speaks a request that long; a provider would work on it for minutes. */
export const LONGEST_SECONDS = 2 * 3600

/** A provider has so long, and as long again as the recording is. */
export const PATIENCE_MS = 60_000

/** Discord does not always name the type of a file, so its name counts where there is none. */
export function isSpeech({ name, contentType, seconds }: Pick<IncomingAttachment, 'name' | 'contentType' | 'seconds'>): boolean {
  if (seconds !== undefined || /^\s*audio\//i.test(contentType)) return true
  const isUntold = /^\s*(?:application\/octet-stream)?\s*(?:;|$)/i.test(contentType)
  return isUntold && /\.(?:m4a|mp3|oga|ogg|opus|wav|flac|aac)$/i.test(name)
}

export const speechIn = ({ attachments }: Pick<IncomingMessage, 'attachments'>): readonly IncomingAttachment[] =>
  attachments.filter(isSpeech)
