/** The log file as people look at it: its end, and what is written from now on. */
import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync, statSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'

const LOOK_MS = 250

/** Undefined: it is not there. */
export const read = (file: string): string | undefined => (existsSync(file) ? readFileSync(file, 'utf8') : undefined)

export const lastLines = (text: string, count: number): readonly string[] =>
  count === 0
    ? []
    : text
        .split('\n')
        .filter((line) => line !== '')
        .slice(-count)

/** Until nobody reads any more. A log that was rolled begins anew. */
export async function follow(file: string, from: number, print: (line: string) => void): Promise<void> {
  let at = from
  let rest = ''
  while (!process.stdout.destroyed && process.stdout.writable) {
    await pause(LOOK_MS)
    const size = statSync(file, { throwIfNoEntry: false })?.size ?? at
    if (size === at) continue
    if (size < at) [at, rest] = [0, '']
    const handle = openSync(file, 'r')
    const bytes = Buffer.alloc(fstatSync(handle).size - at)
    const taken = readSync(handle, bytes, 0, bytes.length, at)
    closeSync(handle)
    at += taken
    const lines = (rest + bytes.toString('utf8', 0, taken)).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) print(line)
  }
}
