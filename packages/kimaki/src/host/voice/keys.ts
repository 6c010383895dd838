/** The key with which voice messages are written down: `voice.json` in the data folder, for its user alone. */
import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '../../base/errors.ts'
import type { TranscriptionKey } from '../../ports/voice/transcriber.ts'

const keyFileIn = (dataDir: string): string => join(dataDir, 'voice.json')

/** Undefined: none is saved. Whoever could write the file could have recordings sent to them: then it is not used. */
export function readKey(dataDir: string): TranscriptionKey | undefined | UsageError {
  const file = keyFileIn(dataDir)
  try {
    // A link is not followed: whoever made it chose what is read.
    const handle = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    try {
      const stat = fstatSync(handle)
      if (!stat.isFile() || stat.uid !== process.geteuid?.() || (stat.mode & 0o077) !== 0) return unsafe(file)
      return keyIn(readFileSync(handle, 'utf8')) ?? unreadable(file)
    } finally {
      closeSync(handle)
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    return code === 'ELOOP' ? unsafe(file) : unreadable(file)
  }
}

/** Whole or not at all; undefined removes it. */
export function saveKey(dataDir: string, key: TranscriptionKey | undefined): UsageError | undefined {
  const file = keyFileIn(dataDir)
  try {
    if (!key) {
      rmSync(file, { force: true })
      return undefined
    }
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    const draft = `${file}.new`
    rmSync(draft, { force: true })
    const handle = openSync(draft, 'wx', 0o600)
    try {
      fchmodSync(handle, 0o600)
      writeSync(handle, `${JSON.stringify({ version: 1, ...key })}\n`)
    } finally {
      closeSync(handle)
    }
    renameSync(draft, file)
    return undefined
  } catch (error) {
    return new UsageError({ reason: `${file} could not be written: ${(error as NodeJS.ErrnoException).code ?? String(error)}` })
  }
}

function keyIn(text: string): TranscriptionKey | undefined {
  try {
    const { key, url } = JSON.parse(text) as { readonly key?: unknown; readonly url?: unknown }
    return typeof key === 'string' && key !== '' ? { key, ...(typeof url === 'string' && { url }) } : undefined
  } catch {
    return undefined
  }
}

const unsafe = (file: string): UsageError =>
  new UsageError({
    reason: `${file}, which holds the key for voice messages, is a link, another user's, or open to others, so it is not used. Make it yours with mode 600, or remove it and enter the key again.`,
  })

const unreadable = (file: string): UsageError =>
  new UsageError({ reason: `${file} holds no key that can be read. Remove it and enter the key again.` })
