/**
 * The audit file, `<data-dir>/audit.jsonl`: who was asked what and who answered it, a line of JSON each. Only ever appended to; private, no
 * link is followed, and a line counts as written once it is on the disk. A full file becomes `audit.jsonl.1`, the one before `.2`, up to `.4`.
 */
import { constants } from 'node:fs'
import { open, rename, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { AuditUnavailable } from '../base/errors.ts'
import { redactShapes, type Secrets } from '../base/redact.ts'
import { SerialQueue } from '../base/serial.ts'
import { cut, forTerminal, jsonForTerminal } from '../base/text.ts'
import type { AuditEntry } from '../domain/conversation/features/asks/audit.ts'
import type { Audit, Log } from '../ports/host.ts'

const AUDIT_BYTES = 5_000_000
const OLDER_FILES = 4
/** Units of one text, and entries of one list. */
const TEXT_MAX = 4000
const LIST_MAX = 50

interface AuditOptions {
  readonly dataDir: string
  readonly secrets: Secrets
  readonly log: Log
  readonly maxBytes?: number
}

export function createAudit({ dataDir, secrets, log, maxBytes = AUDIT_BYTES }: AuditOptions): Audit {
  const path = join(dataDir, 'audit.jsonl')
  const queue = new SerialQueue()
  /** The operator is told once an outage. */
  let isBroken = false
  return {
    write: async (entry) =>
      queue.run(async () => {
        try {
          await append(path, `${lineOf(entry, secrets)}\n`, maxBytes)
          isBroken = false
          return undefined
        } catch (cause) {
          const error = new AuditUnavailable({ path, reason: cause instanceof Error ? cause.message : String(cause), cause })
          if (!isBroken) log.error('the audit file cannot be written: its lines wait until it can', { reason: error.message })
          isBroken = true
          return error
        }
      }),
  }
}

function lineOf({ at, ...entry }: AuditEntry, secrets: Secrets): string {
  const bounded = (_name: string, value: unknown): unknown => {
    if (typeof value === 'string') return cut(secrets.clean(forTerminal(value)), TEXT_MAX)
    return Array.isArray(value) && value.length > LIST_MAX ? value.slice(0, LIST_MAX) : value
  }
  const time = at === undefined ? {} : { at: new Date(at).toISOString() }
  return redactShapes(jsonForTerminal(JSON.parse(JSON.stringify({ ...time, ...entry }, bounded))))
}

async function append(path: string, line: string, maxBytes: number): Promise<void> {
  const bytes = Buffer.byteLength(line)
  const size = await appendTo(path, line, maxBytes - bytes)
  if (size === 'written') return
  await roll(path)
  await appendTo(path, line, Number.POSITIVE_INFINITY)
}

/** Not written to a file that has more than `fits` bytes already. */
async function appendTo(path: string, line: string, fits: number): Promise<'written' | 'full'> {
  const { O_RDWR, O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants
  const file = await open(path, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600)
  try {
    const { size, mode } = await regular(file)
    if (size > 0 && size > fits) return 'full'
    if ((mode & 0o777) !== 0o600) await file.chmod(0o600)
    await file.appendFile((await isTorn(file, size)) ? `\n${line}` : line)
    await file.datasync()
    return 'written'
  } finally {
    await file.close()
  }
}

async function regular(file: FileHandle): Promise<{ readonly size: number; readonly mode: number }> {
  const stats = await file.stat()
  if (!stats.isFile()) throw new Error('it is no regular file')
  return stats
}

/** It ends in the middle of a line: the disk was full, or the process died. */
async function isTorn(file: FileHandle, size: number): Promise<boolean> {
  if (size === 0) return false
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1)
  return buffer[0] !== 0x0a
}

/** A file that cannot be moved stays, and grows: a missing line would be worse. */
async function roll(path: string): Promise<void> {
  for (let n = OLDER_FILES; n > 0; n -= 1)
    await rename(n === 1 ? path : `${path}.${n - 1}`, `${path}.${n}`).catch(() => undefined)
}
