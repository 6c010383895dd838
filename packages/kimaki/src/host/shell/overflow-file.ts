/** A long output as a file, `<data-dir>/shell/<id>.log`: private, bounded, and only the newest of them are kept. */
import { closeSync, mkdirSync, openSync, readdirSync, rmSync, statSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { ShellOverflow } from '../../ports/shell.ts'
import { lackingRoom } from '../room.ts'
import type { ShellDeps } from './deps.ts'

type Deps = Pick<ShellDeps, 'folder' | 'log' | 'limits'>

/** Written synchronously, like the log: at most 25 MB, in pieces of a pipe. */
export class OverflowFile {
  /** Of commands that run: they are not deleted for others. */
  static readonly #inUse = new Set<string>()
  readonly #path: string
  readonly #log: Deps['log']
  #fd: number | undefined
  #freeBytes: number
  #isFull = false
  #isBroken = false

  private constructor(path: string, { log, limits }: Deps) {
    this.#path = path
    this.#log = log
    this.#freeBytes = limits.fileBytes
  }

  /** `text`: the whole output until now. */
  static begin(id: string, text: string, deps: Deps): OverflowFile {
    const path = join(deps.folder, `${id.replaceAll(/[^\w-]/g, '_')}.log`)
    const file = new OverflowFile(path, deps)
    file.#attempt(() => {
      mkdirSync(deps.folder, { recursive: true, mode: 0o700 })
      makeRoom(deps.folder, deps.limits.files, OverflowFile.#inUse)
      file.#fd = openSync(path, 'w', 0o600)
      OverflowFile.#inUse.add(path)
    })
    file.add(text)
    return file
  }

  add(text: string): void {
    this.#attempt(() => {
      if (this.#fd === undefined || this.#isFull) return
      const bytes = Buffer.from(text)
      this.#isFull = bytes.length > this.#freeBytes
      const fits = this.#isFull ? bytes.subarray(0, characterBefore(bytes, this.#freeBytes)) : bytes
      if (lackingRoom(dirname(this.#path), fits.length) > 0) throw new Error('the disk is full')
      for (let at = 0; at < fits.length;) at += writeSync(this.#fd, fits, at)
      this.#freeBytes -= fits.length
    })
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd)
    this.#fd = undefined
    OverflowFile.#inUse.delete(this.#path)
  }

  state(): Pick<ShellOverflow, 'file' | 'complete'> {
    return { file: this.#isBroken ? undefined : this.#path, complete: !this.#isBroken && !this.#isFull }
  }

  #remove(): void {
    if (this.#fd === undefined) return
    try {
      this.close()
      rmSync(this.#path, { force: true })
    } catch (error) {
      this.#log.error('half an output could not be removed', { path: this.#path, error: String(error) })
    }
  }

  /** After the first error of the disk nothing is written any more, and what was written makes room: half an output helps nobody. The next long output tries anew. */
  #attempt(work: () => void): void {
    try {
      if (!this.#isBroken) work()
    } catch (error) {
      this.#isBroken = true
      this.#log.error('the output of a command could not be kept', { path: this.#path, error: String(error) })
      this.#remove()
    }
  }
}

/** The last place at or before `index` at which a UTF-8 character begins. */
function characterBefore(bytes: Buffer, index: number): number {
  let at = index
  while (at > 0 && ((bytes[at] ?? 0) & 0xc0) === 0x80) at -= 1
  return at
}

/** Deletes old files until there is room for one more. */
function makeRoom(folder: string, most: number, inUse: ReadonlySet<string>): void {
  const paths = readdirSync(folder).flatMap((name) => (name.endsWith('.log') ? [join(folder, name)] : []))
  const ended = paths.filter((path) => !inUse.has(path))
  const newestFirst = ended.map((path) => ({ path, at: statSync(path).mtimeMs })).toSorted((a, b) => b.at - a.at)
  for (const { path } of newestFirst.slice(Math.max(0, most - 1))) rmSync(path)
}
