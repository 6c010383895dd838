/**
 * Reads the body of a request, and writes the one that is asked of Discord from what was read: what was checked is what is sent, whatever
 * another reader would have made of the bytes that came (a field twice, a second `payload_json`).
 */
import type { IncomingMessage } from 'node:http'
import { parseJson } from '../base/shape.ts'

export interface ReadBody {
  readonly json: unknown
  /** As it goes on; undefined: without a body. */
  readonly onward: string | FormData | undefined
}

/** Discord takes 25 MiB, and the form around it. */
const LARGEST = 25 * 1024 * 1024 + 256 * 1024

/** Rejects when the client goes away before the end. */
export async function readBody(request: IncomingMessage, largest = LARGEST): Promise<ReadBody | 'tooLarge' | 'body'> {
  const bytes = await readBytes(request, largest)
  if (bytes === 'tooLarge') return bytes
  if (bytes.length === 0) return { json: undefined, onward: undefined }
  const type = request.headers['content-type'] ?? ''
  if (type.startsWith('multipart/form-data')) return readForm(bytes, type)
  const json = parseJson(bytes.toString('utf8'))
  return json === undefined ? 'body' : { json, onward: JSON.stringify(json) }
}

async function readBytes(request: IncomingMessage, largest: number): Promise<Buffer | 'tooLarge'> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size <= largest) chunks.push(chunk)
  }
  return size > largest ? 'tooLarge' : Buffer.concat(chunks)
}

/** `payload_json` once, and files; nothing else. */
async function readForm(bytes: Buffer, type: string): Promise<ReadBody | 'body'> {
  const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData().catch(() => undefined)
  if (form === undefined) return 'body'
  const onward = new FormData()
  let json: unknown
  for (const [name, value] of form) {
    if (name === 'payload_json' && typeof value === 'string' && json === undefined) {
      json = parseJson(value)
      if (json === undefined) return 'body'
      onward.append(name, JSON.stringify(json))
    } else if (/^files\[\d{1,2}\]$/.test(name) && typeof value !== 'string') {
      onward.append(name, value, value.name)
    } else return 'body'
  }
  return { json, onward }
}
