/**
 * Which process groups belong to commands: `running.json`, written before a shell reads the command. The groups that stand in it when a
 * bot starts are those of a bot that died.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Log } from '../../ports/host.ts'

/** Pid and start time name one process among all that ever run. */
export interface ProcessStamp {
  readonly pid: number
  readonly startTicks: string
}

export interface RunningGroup {
  readonly group: number
  /** The shell, or the processes it left in the background. As long as one of them lives, the number means this group. */
  readonly members: readonly ProcessStamp[]
}

export interface RunningRecord {
  all(): readonly RunningGroup[]
  /** False when the disk refuses. */
  put(group: number, members: readonly ProcessStamp[]): boolean
  remove(group: number): void
}

export function openRecord(folder: string, log: Log): RunningRecord {
  const path = join(folder, 'running.json')
  let groups = read(path, log)

  /** Whole or not at all. Not synced: a power cut that loses the file has ended the processes too. */
  function write(next: readonly RunningGroup[]): boolean {
    groups = next
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      writeFileSync(`${path}.new`, JSON.stringify({ version: VERSION, groups }), { mode: 0o600 })
      renameSync(`${path}.new`, path)
      return true
    } catch (error) {
      log.error('the record of running commands could not be written', { path, error: String(error) })
      return false
    }
  }

  const without = (group: number) => groups.filter((running) => running.group !== group)
  return {
    all: () => groups,
    put: (group, members) =>
      write([...without(group), { group, members: members.map(({ pid, startTicks }) => ({ pid, startTicks })) }]),
    remove(group) {
      if (groups.some((running) => running.group === group)) write(without(group))
    },
  }
}

const VERSION = 1

function read(path: string, log: Log): readonly RunningGroup[] {
  try {
    const { version, groups } = JSON.parse(readFileSync(path, 'utf8')) as { version: unknown; groups: readonly RunningGroup[] }
    if (version === VERSION && groups.every(isGroup)) return groups
    log.warn('the record of running commands is not understood', { path })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'ENOENT') log.warn('the record of running commands cannot be read', { path, error: String(error) })
  }
  return []
}

/** 0 and 1 would be our own group and everybody. */
function isGroup({ group, members }: RunningGroup): boolean {
  return (
    Number.isSafeInteger(group) && group > 1 && members.every(({ pid, startTicks }) => pid > 1 && typeof startTicks === 'string')
  )
}
