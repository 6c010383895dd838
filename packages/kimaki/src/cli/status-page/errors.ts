/** The newest errors of the log file: only its end is read. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { lineForTerminal } from '../../base/text.ts'
import type { StatusError } from '../../domain/conversation/inquiry/status-report.ts'

const BYTES = 256 * 1024

/** The newest first; none where there is no log. */
export function lastErrors(file: string, most: number): readonly StatusError[] {
  return endOf(file)
    .split('\n')
    .filter((line) => line.includes('"level":"error"'))
    .flatMap(errorIn)
    .slice(-most)
    .toReversed()
}

function endOf(file: string): string {
  try {
    const handle = openSync(file, 'r')
    try {
      const { size } = fstatSync(handle)
      const bytes = Buffer.alloc(Math.min(size, BYTES))
      readSync(handle, bytes, 0, bytes.length, size - bytes.length)
      return bytes.toString('utf8')
    } finally {
      closeSync(handle)
    }
  } catch {
    return ''
  }
}

/** Half a line, at the beginning of what was read, is none. */
function errorIn(line: string): readonly StatusError[] {
  try {
    const { level, time, msg, ...facts } = JSON.parse(line) as Readonly<Record<string, unknown>>
    if (level !== 'error') return []
    const at = Date.parse(String(time))
    const details = Object.entries(facts).map(
      ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
    )
    const cut = lineForTerminal(details.join('  ')).slice(0, DETAILS)
    return [{ at: Number.isNaN(at) ? null : at, message: lineForTerminal(String(msg)), details: cut }]
  } catch {
    return []
  }
}

/** Characters: a stack is in the log. */
const DETAILS = 300
