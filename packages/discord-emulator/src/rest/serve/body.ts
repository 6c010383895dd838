/** Reads request bodies: JSON, and multipart with `payload_json` and `files[n]` (docs: Reference > Uploading Files). */
import type { IncomingMessage } from 'node:http'
import { LIMITS } from '../../rules/limits.ts'
import { refusal, type DiscordError } from '../../world/base/discord-error.ts'
import type { UploadedFile } from '../route.ts'

export interface RequestBody {
  /** The parsed JSON, undefined for an empty body. */
  readonly json: unknown
  readonly files: readonly UploadedFile[]
  /** What is wrong with it: too large or not JSON. Told only once the request has passed everything that comes first. */
  readonly refused?: DiscordError
}

/** Rejects only if the client goes away before the end. */
export async function readBody(request: IncomingMessage): Promise<RequestBody> {
  const bytes = await readBytes(request)
  const type = request.headers['content-type'] ?? ''
  if (bytes === undefined) return { json: undefined, files: [], refused: refusal('tooLarge') }
  if (bytes.length === 0) return { json: undefined, files: [] }
  if (type.startsWith('application/x-www-form-urlencoded')) {
    return { json: Object.fromEntries(new URLSearchParams(bytes.toString('utf8'))), files: [] }
  }
  return type.startsWith('multipart/form-data') ? readMultipart(bytes, type) : { ...parse(bytes.toString('utf8')), files: [] }
}

/** Undefined when there are more than Discord takes; the rest is read and thrown away so that the client hears the answer. */
function readBytes(request: IncomingMessage): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    // Allowance for the form's own text around the files.
    const max = LIMITS.requestBytes + 256 * 1024
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= max) chunks.push(chunk)
    })
    request.on('end', () => resolve(size > max ? undefined : Buffer.concat(chunks)))
    request.on('error', reject)
    request.on('close', () => reject(new Error('The client went away before its request was complete')))
  })
}

async function readMultipart(bytes: Buffer, type: string): Promise<RequestBody> {
  const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData().catch(() => undefined)
  if (form === undefined) return { json: undefined, files: [], refused: refusal('formBody') }
  const payload = form.get('payload_json')
  const entries = [...form.entries()].flatMap(([field, value]) => (typeof value === 'string' ? [] : [{ field, file: value }]))
  const files = await Promise.all(
    entries.map(async ({ field, file }) => ({
      field,
      name: file.name,
      contentType: file.type,
      data: new Uint8Array(await file.arrayBuffer()),
    })),
  )
  return typeof payload === 'string' ? { ...parse(payload), files } : { json: undefined, files }
}

function parse(text: string): Pick<RequestBody, 'json' | 'refused'> {
  try {
    return { json: JSON.parse(text) }
  } catch {
    return { json: undefined, refused: refusal('invalidJson') }
  }
}
