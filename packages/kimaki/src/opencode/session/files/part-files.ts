/** The files of a part of a message: what a tool returned, or a file that the model made. OpenCode keeps most of them as `data:` URLs. */
import { fileURLToPath } from 'node:url'
import { AgentRefused } from '../../../base/errors.ts'
import type { FilesRequest, FoundFile } from '../../../ports/agent.ts'
import type * as api from '../../wire/api.ts'
import { sessionPath } from '../../wire/http.ts'
import type { CallError } from '../../wire/http.ts'
import { read } from '../../wire/read.ts'
import type { Received } from '../../wire/read.ts'
import type { Link } from '../link.ts'
import { readLocal } from './local-file.ts'

/** A message with ten pictures of 10 MB. */
const READ_MS = 30_000

/** `roots`: folders from which files of this machine are read. */
export async function partFiles(
  { http }: Pick<Link, 'http'>,
  { session, messageId, partId, limitBytes }: FilesRequest,
  roots: readonly string[],
): Promise<readonly FoundFile[] | CallError> {
  const path = sessionPath(session, 'message', messageId)
  const answer = await http.call({ method: 'GET', path, deadlineMs: READ_MS })
  if (answer instanceof AgentRefused && answer.status === 404) return []
  if (answer instanceof Error) return answer
  const part = read<api.MessageWithParts>(answer.json)
    .list('parts')
    .find((received) => received.text('id') === partId)
  return part ? Promise.all(listed(part).map((file) => fileAt(file, limitBytes, roots))) : []
}

const listed = (part: Received<api.Part>): readonly Received<api.FilePart>[] =>
  part.text('type') === 'file'
    ? [read(part.fields)]
    : read<api.ToolPart>(part.fields)
        .object('state')
        .list('attachments')
        .map((file) => read(file.fields))

async function fileAt(file: Received<api.FilePart>, limitBytes: number, roots: readonly string[]): Promise<FoundFile> {
  const mime = /^[\w.+-]+\/[\w.+-]+$/.test(file.text('mime') ?? '') ? (file.text('mime') ?? '') : 'application/octet-stream'
  const url = file.text('url') ?? ''
  if (url.startsWith('data:')) return dataIn(url, mime)
  if (!url.startsWith('file:')) return { kind: 'missing', reason: 'it lies elsewhere on the net, from where nothing is fetched' }
  const path = pathOf(url)
  return path === undefined ? UNREADABLE : readLocal(path, { mime, limitBytes, roots })
}

/** RFC 2397: base64, or percent-encoded text. */
function dataIn(url: string, mime: string): FoundFile {
  const comma = url.indexOf(',')
  if (comma === -1) return UNREADABLE
  const data = url.slice(comma + 1)
  try {
    const isBase64 = /;base64$/i.test(url.slice(0, comma))
    const bytes = isBase64 ? Buffer.from(data, 'base64') : Buffer.from(decodeURIComponent(data))
    return bytes.length > 0 ? { kind: 'bytes', mime, bytes } : { kind: 'missing', reason: 'it is empty' }
  } catch {
    return UNREADABLE
  }
}

function pathOf(url: string): string | undefined {
  try {
    return fileURLToPath(url)
  } catch {
    return undefined
  }
}

const UNREADABLE: FoundFile = { kind: 'missing', reason: 'it cannot be read' }
