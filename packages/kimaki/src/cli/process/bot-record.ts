/**
 * Which process runs on this data folder: the file `bot-process.json` names the bot and its wrapper by pid and start time. So the next
 * start can end a bot that hangs, and never ends any other process.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gone, identify } from '../../opencode/process/process.ts'

interface Identity {
  readonly pid: number
  readonly startTicks: string
}

interface BotRecord extends Identity {
  readonly lockPort: number
  readonly wrapper: Identity | undefined
}

const GONE_MS = 3000

/** To be called with the lock in hand. Returns the error of a disk that refuses: the next start could not end this bot, should it hang. */
export function recordBot(dataDir: string, lockPort: number, wrapperPid: number | undefined): Error | undefined {
  const self = identityOf(process.pid)
  if (!self) return new Error('this process cannot be identified on this system')
  const record: BotRecord = { ...self, lockPort, wrapper: wrapperPid === undefined ? undefined : identityOf(wrapperPid) }
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
    // A record that stays names a process that is gone, and the start time tells.
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
    // The process exited before the signal, or belongs to another user: the wait for its end tells.
  }
}

/** Undefined when there is none, or one that a crash has left half written. */
function readRecord(dataDir: string): BotRecord | undefined {
  try {
    const record = JSON.parse(readFileSync(fileIn(dataDir), 'utf8')) as BotRecord
    return Number.isInteger(record.pid) && record.pid > 0 ? record : undefined
  } catch {
    return undefined
  }
}
