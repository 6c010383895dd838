/**
 * A server that an earlier bot left behind is taken over, so that its runs go on. It is ours when pid, start time and the
 * port on its command line agree with the record; it is taken when it also answers with our password. One that is ours
 * and does not answer is ended before another starts; so is one that runs nothing and whose bot was away for long, since
 * nobody knows what it has missed. Any other process is left alone, whatever pid it has.
 */
import type { RememberedServer, ServerRecord } from '../../ports/agent.ts'
import { healthy } from './health.ts'
import { identify } from './process.ts'
import { runningSessions } from '../wire/running.ts'
import { watchServer } from './server.ts'
import type { LiveServer, ServerOptions } from './server.ts'

/** The bot may have died while its server was starting: as long as a start takes on a slow machine. */
const ANSWER_MS = 8_000
const AWAY_MS = 15 * 60_000

/** The server taken over; `undefined` when there is none (any more). */
export async function adoptServer(
  { record, directories, seen }: RememberedServer,
  options: ServerOptions,
  answerMs = ANSWER_MS,
): Promise<LiveServer | undefined> {
  const { log, stopped } = options
  if (!isOurs(record)) return undefined
  const server = watchServer(record, options)
  const answers = await healthy(server.http, answerMs, AbortSignal.any([stopped, server.gone]))
  const isStale = answers && Date.now() - seen >= AWAY_MS && (await runningSessions(server.http, directories)) === 0
  if (answers && !isStale) return server
  if (stopped.aborted) {
    server.leave()
    return undefined
  }
  if (isStale) log.info('the recorded OpenCode server is idle since long and is ended', { pid: record.pid })
  else log.warn('the recorded OpenCode server does not answer and is ended', { pid: record.pid })
  await server.end()
  return undefined
}

/** Ends the recorded server, if it still runs. */
export async function endRecorded({ record }: RememberedServer, options: ServerOptions): Promise<void> {
  if (isOurs(record)) await watchServer(record, options).end()
}

/** The process on record still is that process. */
export function isOurs(record: ServerRecord): boolean {
  const found = identify(record.pid)
  if (!found || found.startTicks !== record.startTicks) return false
  return ` ${found.command} `.includes(` --port ${record.port} `)
}
