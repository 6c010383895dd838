/** Attachments: from allowed origins only, within size and time, and with a fresh address when the signed one has expired. */
import { Routes } from 'discord-api-types/v10'
import type { IncomingAttachment } from '../../domain/message/incoming.ts'
import { ChatRefused, ChatUnknown } from '../../base/errors.ts'
import type { ChatError } from '../../ports/chat.ts'
import type { Rest } from '../rest/rest.ts'
import { files } from '../wire/message.ts'

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
): Promise<Uint8Array | ChatError> {
  const { attachment, limitBytes } = wanted
  if (attachment.size > limitBytes) return tooLarge(attachment.name, limitBytes)
  const first = await fetchFile(rest, origins, attachment.url, wanted)
  if (!(first instanceof AddressExpired)) return first
  const message = await rest.read(Routes.channelMessage(wanted.channelId, wanted.messageId), files)
  if (message instanceof Error) return message
  const fresh = message.attachments.find(({ id }) => id === attachment.id)
  return fresh ? fetchFile(rest, origins, fresh.url, wanted) : first
}

/** The CDN refuses the address, but may have the file under a newer one. */
class AddressExpired extends ChatRefused {}

async function fetchFile(
  rest: Rest,
  origins: readonly string[],
  url: string,
  { attachment: { name }, limitBytes }: Download,
): Promise<Uint8Array | ChatError> {
  rest.stopping.throwIfAborted()
  if (!URL.canParse(url) || !origins.includes(new URL(url).origin))
    return new ChatRefused({ code: 0, reason: `${name} does not come from Discord` })
  const deadline = new AbortController()
  const abort = (): void => deadline.abort()
  const timer = setTimeout(abort, TIME_MS)
  rest.stopping.addEventListener('abort', abort)
  try {
    // A redirect is never followed: it could lead anywhere, and Discord's CDN does not use them.
    const response = await fetch(url, { redirect: 'manual', signal: deadline.signal })
    if (!response.ok) {
      await response.body?.cancel()
      return refusedFile(name, response.status)
    }
    return (await readUpTo(response, limitBytes)) ?? tooLarge(name, limitBytes)
  } catch (error) {
    rest.stopping.throwIfAborted()
    return new ChatUnknown({ reason: `${name}: ${String(error)}` })
  } finally {
    clearTimeout(timer)
    rest.stopping.removeEventListener('abort', abort)
  }
}

function refusedFile(name: string, status: number): ChatError {
  const reason = `${name}: HTTP ${status}`
  if (EXPIRED.includes(status)) return new AddressExpired({ code: 0, reason })
  return status >= 500 ? new ChatUnknown({ reason }) : new ChatRefused({ code: 0, reason })
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

const tooLarge = (name: string, limit: number): ChatRefused =>
  new ChatRefused({ code: TOO_LARGE, reason: `${name} is larger than ${limit} bytes` })
