/**
 * A server that an earlier bot left behind is taken over, so that its runs go on. It is ours when pid, start time and the
 * port on its command line agree with the record; it is taken when it also answers with our password. One that is ours
 * and does not answer is ended before another starts. Any other process is left alone, whatever pid it has.
 */
import type { ServerRecord } from '../ports/agent.ts'
import { healthy } from './health.ts'
import { identify } from './process.ts'
import type { ProcessIdentity } from './process.ts'
import { watchServer } from './server.ts'
import type { LiveServer, ServerOptions } from './server.ts'

/** The bot may have died while its server was starting: as long as a start takes on a slow machine. */
const ANSWER_MS = 8_000

/** The server taken over; `undefined` when there is none (any more). */
export async function adoptServer(options: ServerOptions, answerMs = ANSWER_MS): Promise<LiveServer | undefined> {
  const record = options.memory.read()
  if (!record || !isOurs(record, identify(record.pid))) return undefined
  const server = watchServer(record, options)
  if (await healthy(server.http, answerMs, AbortSignal.any([options.stopped, server.gone]))) return server
  if (options.stopped.aborted) {
    server.leave()
    return undefined
  }
  options.log.warn('the recorded OpenCode server does not answer and is ended', { pid: record.pid })
  await server.end()
  return undefined
}

/** Ends the recorded server, if it still runs. */
export async function endRecorded(options: ServerOptions): Promise<void> {
  const record = options.memory.read()
  if (record && isOurs(record, identify(record.pid))) await watchServer(record, options).end()
}

function isOurs(record: ServerRecord, found: ProcessIdentity | undefined): boolean {
  if (!found || found.startTicks !== record.startTicks) return false
  return ` ${found.command} `.includes(` --port ${record.port} `)
}
