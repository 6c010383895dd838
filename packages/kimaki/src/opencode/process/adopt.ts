/**
 * Takes over a server that an earlier bot left behind, so that its runs go on. A process is the recorded server when pid, start time and
 * the port on its command line agree with the record.
 *
 * A1 The recorded server is taken when it also listens on the recorded port itself, asks for a password and answers with the recorded one.
 * A2 A recorded server that does not answer, or that must not be used (`health.ts`), is ended before another starts.
 * A3 A recorded server that runs nothing, and whose bot was away for 15 minutes, is ended too: nobody knows what it has missed.
 * A4 Any other process is left alone, whatever pid it has; nothing is sent to whoever listens in place of the recorded server.
 */
import { AgentUnavailable } from '../../base/errors.ts'
import { sleep } from '../../base/sleep.ts'
import type { RememberedServer, ServerRecord } from '../../ports/agent.ts'
import { runningSessions } from '../wire/running.ts'
import { askHealth } from './health.ts'
import { ownsPort } from './listening.ts'
import { identify } from './process.ts'
import { watchServer } from './server.ts'
import type { LiveServer, WatchOptions } from './server.ts'

/** The bot may have died while its server was starting: as long as a start takes on a slow machine. */
const ANSWER_MS = 8_000
const LOOK_MS = 100
const AWAY_MS = 15 * 60_000

/** The server taken over; `undefined` when there is none (any more). */
export async function adoptServer(
  remembered: RememberedServer,
  { log, stopped }: Pick<WatchOptions, 'log' | 'stopped'>,
  answerMs = ANSWER_MS,
): Promise<LiveServer | undefined> {
  const { record } = remembered
  if (!isRecordedServer(record)) return undefined
  const server = watchServer(record, { log, stopped })
  let isUnusable = false
  try {
    const health = await healthOf(server, answerMs, stopped)
    isUnusable = health instanceof AgentUnavailable
    const isStale = health === 'healthy' && (await isUnwatchedAndIdle(remembered, server))
    if (health === 'healthy' && !isStale) return server
    const { pid } = record
    if (isStale) log.info('the recorded OpenCode server is idle since long and is ended', { pid })
    else if (health instanceof AgentUnavailable) log.warn('the recorded OpenCode server is ended', { pid, reason: health.reason })
    else log.warn('the recorded OpenCode server does not answer and is ended', { pid })
  } catch (cause) {
    server.leave()
    throw cause
  }
  await server.end(isUnusable ? 'unasked' : undefined)
  return undefined
}

/** Nothing is asked before the port is the server's own. */
async function healthOf(server: LiveServer, ms: number, stopped: AbortSignal): ReturnType<typeof askHealth> {
  const { record, http, gone } = server
  const until = performance.now() + ms
  while (!ownsPort(record.pid, record.port)) {
    if (performance.now() >= until || gone.aborted) return 'silent'
    await sleep(LOOK_MS, stopped)
  }
  server.proven()
  return askHealth(http, Math.max(LOOK_MS, until - performance.now()), { stopped, gone })
}

async function isUnwatchedAndIdle({ heartbeatAt, directories }: RememberedServer, { http }: LiveServer): Promise<boolean> {
  return Date.now() - heartbeatAt >= AWAY_MS && (await runningSessions(http, directories)) === 0
}

/** Ends the recorded server, if it still runs. */
export async function endRecorded({ record }: RememberedServer, options: WatchOptions): Promise<void> {
  if (isRecordedServer(record)) await watchServer(record, options).end()
}

/** The process on record still is that process. */
export function isRecordedServer(record: ServerRecord): boolean {
  const found = identify(record.pid)
  if (!found || found.startTicks !== record.startTicks) return false
  return ` ${found.command} `.includes(` --port ${record.port} `)
}
