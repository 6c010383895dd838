/** Copies files that a program sends into the data folder, where they wait with their message. */
import { createHash } from 'node:crypto'
import { readFile, realpath, stat } from 'node:fs/promises'
import { basename, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { KeepFile } from '../../app/send.ts'
import { UsageError } from '../../base/errors.ts'
import { DOWNLOAD_LIMIT } from '../../domain/message/attachment.ts'
import { safeName } from '../../domain/message/file-name.ts'
import { createFiles } from '../../host/files.ts'
import type { SentFile } from '../../ports/chat.ts'
import type { Files } from '../../ports/host.ts'
import type { Config } from '../config.ts'

/** `within`: nothing outside of this folder, not by a link either. */
export const keepWith =
  (files: Pick<Files, 'saveAttachment'>, within?: string): KeepFile =>
  async (conversationId, path) => {
    const data = await readSent(path, { within, limit: DOWNLOAD_LIMIT })
    if (data instanceof Error) return data
    const digest = createHash('sha256').update(path).digest('hex').slice(0, 12)
    const saved = await files.saveAttachment(conversationId, `sent-${digest}-${safeName(basename(path))}`, data)
    if (saved === undefined)
      return new UsageError({ reason: `${path} cannot be kept: the disk, or the room for attachments, is full.` })
    return { name: basename(path), contentType: '', size: data.length, url: pathToFileURL(saved).href }
  }

/** Together they fit into one message. */
export async function readUploads(
  paths: readonly string[],
  { within, limit }: Bounds,
): Promise<readonly SentFile[] | UsageError> {
  const files: SentFile[] = []
  for (const path of paths) {
    const left = limit - files.reduce((sum, { bytes }) => sum + bytes.length, 0)
    const bytes = await readSent(path, { within, limit: left })
    if (bytes instanceof Error) return bytes
    files.push({ name: basename(path), mime: 'application/octet-stream', bytes })
  }
  return files
}

interface Bounds {
  readonly within: string | undefined
  /** Bytes. */
  readonly limit: number
}

async function readSent(path: string, { within, limit }: Bounds): Promise<Buffer | UsageError> {
  try {
    const real = await realpath(path)
    if (within !== undefined && !real.startsWith(within + sep))
      return new UsageError({ reason: `${path} is not in the project. Copy it there first.` })
    const facts = await stat(real)
    if (!facts.isFile()) return new UsageError({ reason: `${path} is no regular file.` })
    if (facts.size > limit)
      return new UsageError({ reason: `${path} has ${facts.size} bytes, at most ${limit} are possible here.` })
    return await readFile(real)
  } catch {
    return new UsageError({ reason: `${path} is not there, or cannot be read.` })
  }
}

/** While no bot runs. */
export function keepIn({ dataDir, files }: Pick<Config, 'dataDir' | 'files'>): KeepFile {
  const quiet = (): void => undefined
  return keepWith(createFiles(dataDir, { debug: quiet, info: quiet, warn: quiet, error: quiet }, files))
}
