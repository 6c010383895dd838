/**
 * Who runs on this data folder: the file `bot-process.json` names one process and its wrapper by pid and start time, so that a bot that
 * hangs can be ended by the next one, and nobody else ever is.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gone, identify } from '../../opencode/process/process.ts'

interface Identity {
  readonly pid: number
  readonly startTicks: string
}

interface RunningBot extends Identity {
  readonly lockPort: number
  readonly wrapper: Identity | undefined
}

const GONE_MS = 3000

/** Call it with the lock in hand. A disk that refuses costs the next bot the way to end this one, no more. */
export function recordBot(dataDir: string, lockPort: number, wrapperPid: number | undefined): Error | undefined {
  const self = identityOf(process.pid)
  if (!self) return new Error('this process cannot be identified on this system')
  const record: RunningBot = { ...self, lockPort, wrapper: wrapperPid === undefined ? undefined : identityOf(wrapperPid) }
  try {
    writeFileSync(fileIn(dataDir), JSON.stringify(record), { mode: 0o600 })
    return undefined
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

export function forgetBot(dataDir: string): void {
  try {
    rmSync(fileIn(dataDir), { force: true })
  } catch {
    // What it names is no more: it does no harm.
  }
}

/** Kills the bot on record, if it is alive and holds this port. Its wrapper is told to stop first, or it would start another. */
export async function endHungBot(dataDir: string, lockPort: number): Promise<{ readonly pid: number } | undefined> {
  const bot = readRecord(dataDir)
  if (!bot || bot.lockPort !== lockPort || bot.pid === process.pid || !isAlive(bot)) return undefined
  if (bot.wrapper && isAlive(bot.wrapper)) signal(bot.wrapper, 'SIGTERM')
  signal(bot, 'SIGKILL')
  return (await gone(bot.pid, bot.startTicks, GONE_MS)) ? { pid: bot.pid } : undefined
}

const fileIn = (dataDir: string): string => join(dataDir, 'bot-process.json')

function identityOf(pid: number): Identity | undefined {
  const found = identify(pid)
  return found && { pid, startTicks: found.startTicks }
}

const isAlive = ({ pid, startTicks }: Identity): boolean => identify(pid)?.startTicks === startTicks

function signal({ pid }: Identity, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // Gone between the look and the signal, or not ours to end: whoever waits for its end sees.
  }
}

/** Undefined when there is none, or one that a crash has left half written. */
function readRecord(dataDir: string): RunningBot | undefined {
  try {
    const record = JSON.parse(readFileSync(fileIn(dataDir), 'utf8')) as RunningBot
    return Number.isInteger(record.pid) && record.pid > 0 ? record : undefined
  } catch {
    return undefined
  }
}
