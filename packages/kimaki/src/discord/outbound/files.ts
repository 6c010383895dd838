/** Attachments: from allowed origins only, within size and time, and with a fresh address when the signed one has expired. */
import { Routes, type APIMessage } from 'discord-api-types/v10'
import type { IncomingAttachment } from '../../domain/message/incoming.ts'
import type { ChatResult } from '../../ports/chat.ts'
import { refused, stopped, unknown, type FailedCall } from '../rest/failure.ts'
import type { Rest } from '../rest/rest.ts'

export const DISCORD_CDN = ['https://cdn.discordapp.com', 'https://media.discordapp.net']

const TIME_MS = 30_000
/** Discord's "Request entity too large". */
const TOO_LARGE = 40_005
/** Discord answers 404 for a signed address that has expired (docs: Reference > Signed Attachment CDN URLs), other CDNs 403. */
const EXPIRED = [403, 404]

export interface Download {
  readonly channelId: string
  readonly messageId: string
  readonly attachment: IncomingAttachment
  readonly limitBytes: number
}

export async function downloadAttachment(
  rest: Rest,
  origins: readonly string[],
  wanted: Download,
): Promise<ChatResult<Uint8Array>> {
  const { attachment, limitBytes } = wanted
  if (attachment.size > limitBytes) return tooLarge(attachment.name, limitBytes)
  const first = await fetchFile(rest, origins, attachment.url, wanted)
  if (first.ok || first.status === undefined || !EXPIRED.includes(first.status)) return first
  const message = await rest.read<APIMessage>(Routes.channelMessage(wanted.channelId, wanted.messageId))
  if (!message.ok) return message
  const fresh = message.value.attachments.find(({ id }) => id === attachment.id)
  return fresh ? fetchFile(rest, origins, fresh.url, wanted) : first
}

async function fetchFile(
  rest: Rest,
  origins: readonly string[],
  url: string,
  { attachment, limitBytes }: Download,
): Promise<{ readonly ok: true; readonly value: Uint8Array } | FailedCall> {
  if (!URL.canParse(url) || !origins.includes(new URL(url).origin))
    return refused(0, `${attachment.name} does not come from Discord`)
  const over = new AbortController()
  const abort = () => over.abort()
  const timer = setTimeout(abort, TIME_MS)
  rest.stopping.addEventListener('abort', abort)
  try {
    // A redirect is never followed: it could lead anywhere, and Discord's CDN does not use them.
    const response = await fetch(url, { redirect: 'manual', signal: over.signal })
    if (!response.ok) {
      await response.body?.cancel()
      const message = `${attachment.name}: HTTP ${response.status}`
      return response.status >= 500 ? unknown(message, response.status) : { ...refused(0, message), status: response.status }
    }
    const bytes = await readUpTo(response, limitBytes)
    return bytes ? { ok: true, value: bytes } : tooLarge(attachment.name, limitBytes)
  } catch (error) {
    return rest.stopping.aborted ? stopped : unknown(`${attachment.name}: ${String(error)}`, undefined)
  } finally {
    clearTimeout(timer)
    rest.stopping.removeEventListener('abort', abort)
  }
}

/** The body, or undefined as soon as it is longer than `limit`: leaving the loop cancels the rest. */
async function readUpTo(response: Response, limit: number): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.length
    if (size > limit) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

const tooLarge = (name: string, limit: number): FailedCall => refused(TOO_LARGE, `${name} is larger than ${limit} bytes`)
