/** Files that go along with a message, and how large they may be. */
import type { SentFile } from '../../ports/chat.ts'
import type { Outgoing } from '../../view/blocks.ts'
import type { RestRequest } from '../rest/rest.ts'

const MIB = 1024 * 1024
/** By the boosts of the guild (Discord docs: Uploading Files; Guild > Premium Tier). */
const LIMITS: readonly number[] = [10 * MIB, 10 * MIB, 50 * MIB, 100 * MIB]

export const fileLimit = (boosts: number): number => LIMITS[boosts] ?? 10 * MIB

/** A text goes as text, so that the secrets in it are taken out on the way (`rest/rest.ts`). */
export const rawFiles = (file: Outgoing['file'], attached: readonly SentFile[]): NonNullable<RestRequest['files']> => [
  ...(file ? [{ name: file.name, data: file.text, contentType: TEXT }] : []),
  ...attached.map(({ name, mime, bytes }) => ({ name, data: textIn(bytes) ?? Buffer.from(bytes), contentType: mime })),
]

const TEXT = 'text/plain; charset=utf-8'

function textIn(bytes: Uint8Array): string | undefined {
  if (bytes.subarray(0, 8192).includes(0)) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}
