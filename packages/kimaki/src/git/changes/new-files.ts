/** Files that Git does not know and does not ignore, as if they were added: no link is followed, and nothing is read that is not a file. */
import { lstat, open, readlink, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import type { ChangedFile, NamedWhy } from '../../domain/changes.ts'
import { isSecretName } from '../../domain/changes.ts'
import { imageOf } from './images.ts'

/** Of one file, and of all of them. */
const FILE_BYTES = 1024 * 1024
const ALL_BYTES = 24 * 1024 * 1024

/** `paths`: relative to the folder, as `git ls-files --others` names them. */
export async function newFiles(directory: string, paths: readonly string[]): Promise<readonly ChangedFile[]> {
  const files: ChangedFile[] = []
  let left = ALL_BYTES
  for (const path of paths) {
    const file = path.endsWith('/') ? named(path.slice(0, -1), 'repository') : await newFile(directory, path, left)
    if (file?.content.kind === 'patch') left -= Buffer.byteLength(file.content.patch)
    if (file) files.push(file)
  }
  return files
}

async function newFile(directory: string, path: string, left: number): Promise<ChangedFile | undefined> {
  const full = join(directory, path)
  const stats = await lstat(full).catch(() => undefined)
  if (!stats) return undefined
  if (isSecretName(path)) return named(path, 'secret')
  if (stats.isSymbolicLink()) return added(path, (await readlink(full).catch(() => '')).replaceAll('\n', ' '), '120000')
  if (!stats.isFile()) return undefined
  if (stats.size > Math.min(FILE_BYTES, left)) return named(path, 'large')
  const bytes = await bytesOf(directory, path, FILE_BYTES)
  if (bytes === undefined) return undefined
  const image = imageOf(bytes)
  if (image !== undefined) return { ...named(path, 'binary'), content: { kind: 'images', after: image } }
  if (bytes.subarray(0, 8000).includes(0)) return named(path, 'binary')
  return added(path, bytes.toString('utf8'), (stats.mode & 0o100) === 0 ? '100644' : '100755')
}

/** Undefined: it is no file below the folder, is larger, or cannot be read. */
export async function bytesOf(directory: string, path: string, limit: number): Promise<Buffer | undefined> {
  const full = join(directory, path)
  try {
    const [real, root] = await Promise.all([realpath(full), realpath(directory)])
    if (real !== join(root, path)) return undefined
    await using file = await open(real)
    const { size } = await file.stat()
    return size > limit ? undefined : await file.readFile()
  } catch {
    return undefined
  }
}

const named = (path: string, why: NamedWhy): ChangedFile => ({
  path,
  status: 'added',
  added: 0,
  deleted: 0,
  content: { kind: 'named', why },
})

function added(path: string, text: string, mode: string): ChangedFile {
  const ends = text.endsWith('\n')
  const lines = text === '' ? [] : (ends ? text.slice(0, -1) : text).split('\n')
  const head = `diff --git a/${path} b/${path}\nnew file mode ${mode}\n--- /dev/null\n+++ b/${path}\n`
  const body = lines.length === 0 ? '' : `@@ -0,0 +1,${lines.length} @@\n${lines.map((one) => `+${one}\n`).join('')}`
  const patch = `${head}${body}${ends || lines.length === 0 ? '' : '\\ No newline at end of file\n'}`
  return { path, status: 'added', added: lines.length, deleted: 0, content: { kind: 'patch', patch } }
}
