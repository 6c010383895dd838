/**
 * Numbers of processes that a test has started. One that was never found is not signalled: for the system 0 means the own group and -1
 * everybody, so that a single missing pid would end the whole test run without a word.
 */
import { existsSync, readFileSync } from 'node:fs'
import type { constants } from 'node:os'

type Signal = keyof typeof constants.signals | 0

export function signalTo(pid: number, name: Signal): boolean {
  return process.kill(known(pid), name)
}

export function signalToGroup(group: number, name: Signal): boolean {
  return process.kill(-known(group), name)
}

/** What `echo $$ > file` of a shell has written; undefined before the whole line is there. */
export function pidIn(file: string): number | undefined {
  const line = existsSync(file) ? /^(\d+)\n$/.exec(readFileSync(file, 'utf8')) : null
  return line ? Number(line[1]) : undefined
}

function known(id: number): number {
  if (!Number.isSafeInteger(id) || id <= 1) throw new Error(`No process has the number ${id}`)
  return id
}
