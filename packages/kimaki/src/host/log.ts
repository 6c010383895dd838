/**
 * The log: one line an event, to stderr for people and to `<data-dir>/kimaki.log` as JSON. Written synchronously, so that the last line
 * before a crash is there; secrets and control characters never reach it. Owner of `pino`.
 */
import { join } from 'node:path'
import { pino, type DestinationStream } from 'pino'
import { redactShapes, type Secrets } from '../base/redact.ts'
import { forTerminal, jsonForTerminal, lineForTerminal } from '../base/text.ts'
import type { Log } from '../ports/host.ts'
import { openLogFile } from './log-file.ts'

/** `secrets`: values that must never be written, wherever they turn up. */
export function createLog(dataDir: string, secrets: Secrets): Log {
  const file = openLogFile(join(dataDir, 'kimaki.log'))
  /** Controls first: a secret with one in its midst would not be known. */
  const cleaned = (_name: string, value: unknown): unknown =>
    typeof value === 'string' ? secrets.clean(forTerminal(value)) : value
  const stream: DestinationStream = {
    write(line) {
      const clean = redactShapes(jsonForTerminal(JSON.parse(line, cleaned)))
      file.write(`${clean}\n`)
      process.stderr.write(readable(clean))
    },
  }
  const logger = pino(
    { base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (label) => ({ level: label }) } },
    stream,
  )
  return {
    debug: (message, facts) => logger.debug(facts ?? {}, message),
    info: (message, facts) => logger.info(facts ?? {}, message),
    warn: (message, facts) => logger.warn(facts ?? {}, message),
    error: (message, facts) => logger.error(facts ?? {}, message),
  }
}

function readable(line: string): string {
  const { level, time, msg, ...facts } = JSON.parse(line) as Record<string, unknown>
  const details = Object.entries(facts).map(
    ([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  )
  return `${lineForTerminal(`${String(time).slice(11, 19)} ${String(level).padEnd(5)} ${[msg, ...details].join('  ')}`)}\n`
}
