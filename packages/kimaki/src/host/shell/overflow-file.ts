/** A long output as a file, `<data-dir>/shell/<id>.log`: private, bounded, and only the newest of them are kept. */
import { closeSync, mkdirSync, openSync, readdirSync, rmSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { ShellOverflow } from '../../ports/shell.ts'
import type { Parts } from './parts.ts'

export interface OverflowFile {
  add(text: string): void
  close(): void
  state(): Pick<ShellOverflow, 'file' | 'complete'>
}

/** Written synchronously, like the log: at most 25 MB, in pieces of a pipe. `begin`: all that was said until now. */
export function beginOverflowFile(
  id: string,
  begin: string,
  { folder, log, limits }: Pick<Parts, 'folder' | 'log' | 'limits'>,
): OverflowFile {
  const path = join(folder, `${id.replaceAll(/[^\w-]/g, '_')}.log`)
  let opened: number | undefined
  let free = limits.fileBytes
  let broken = false

  function attempt(work: () => void): void {
    try {
      if (!broken) work()
    } catch (error) {
      broken = true
      log.error('the output of a command could not be kept', { path, error: String(error) })
    }
  }

  const add = (text: string): void =>
    attempt(() => {
      if (opened === undefined || free < 0) return
      const bytes = Buffer.from(text)
      const fits = bytes.length <= free ? bytes : bytes.subarray(0, characterBefore(bytes, free))
      for (let at = 0; at < fits.length;) at += writeSync(opened, fits, at)
      free = fits === bytes ? free - bytes.length : FULL
    })

  attempt(() => {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    makeRoom(folder, limits.files)
    opened = openSync(path, 'w', 0o600)
  })
  add(begin)
  return {
    add,
    close() {
      if (opened !== undefined) closeSync(opened)
    },
    state: () => ({ file: broken ? undefined : path, complete: !broken && free !== FULL }),
  }
}

const FULL = -1

/** The last place at or before `index` at which a UTF-8 character begins. */
function characterBefore(bytes: Buffer, index: number): number {
  let at = index
  while (at > 0 && ((bytes[at] ?? 0) & 0xc0) === 0x80) at -= 1
  return at
}

/** Leaves room for one more. */
function makeRoom(folder: string, most: number): void {
  const paths = readdirSync(folder).flatMap((name) => (name.endsWith('.log') ? [join(folder, name)] : []))
  const ages = paths.map((path) => ({ path, at: statSync(path).mtimeMs })).toSorted((a, b) => b.at - a.at)
  for (const { path } of ages.slice(most - 1)) rmSync(path)
}
