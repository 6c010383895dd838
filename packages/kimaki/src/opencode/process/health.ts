/**
 * Asks a server whether it is there, protected and new enough. The first question carries no password: a server that answers it would obey
 * everybody on the machine, so it is not used, and never hears the password. Unknown paths answer 200 with a page, so only the JSON proves
 * health.
 */
import { AgentRefused, AgentUnavailable, isAbortError } from '../../base/errors.ts'
import { sleep } from '../../base/sleep.ts'
import type * as api from '../wire/api.ts'
import type { Http } from '../wire/http.ts'
import { read } from '../wire/read.ts'
import { refusedVersion } from './version.ts'

const EVERY_MS = 50
/** A request that arrives between OpenCode's listen() and its handler is never answered: each gets little time, then the next goes out. */
const EACH_MS = 1_000
/** The end of the wait: `gone` is the end of the process, `stopped` that of the agent. */
export interface HealthSignals {
  readonly stopped: AbortSignal
  readonly gone: AbortSignal
}

/**
 * `silent`: no good answer came before the deadline or the end of the process. `AgentUnavailable`: it answers, but must not be used.
 * Rejects when the agent stops.
 */
export async function askHealth(
  http: Http,
  deadlineMs: number,
  { stopped, gone }: HealthSignals,
): Promise<'healthy' | 'silent' | AgentUnavailable> {
  const either = AbortSignal.any([stopped, gone])
  for (const until = performance.now() + deadlineMs; performance.now() < until && !gone.aborted;) {
    const answer = await askOnce(http, Math.min(EACH_MS, until - performance.now()))
    if (answer !== 'silent') return answer
    await sleep(EVERY_MS, either).catch((cause: unknown) => {
      if (stopped.aborted || !isAbortError(cause)) throw cause
    })
  }
  stopped.throwIfAborted()
  return 'silent'
}

async function askOnce(http: Http, deadlineMs: number): Promise<'healthy' | 'silent' | AgentUnavailable> {
  const stranger = await http.call({ ...HEALTH, deadlineMs, anonymous: true })
  if (stranger instanceof AgentUnavailable) return 'silent'
  const status = stranger instanceof AgentRefused ? stranger.status : undefined
  if (!(stranger instanceof Error) || (typeof status === 'number' && status < 300)) {
    return new AgentUnavailable({
      reason:
        'OpenCode is not used: it answers without its password, so any program of this machine could give it orders. Does OPENCODE_PATH name a real OpenCode?',
    })
  }
  if (status !== 401) return 'silent'
  const answer = await http.call({ ...HEALTH, deadlineMs })
  if (answer instanceof Error || !read<api.Health>(answer.json).isTrue('healthy')) return 'silent'
  return refusedVersion(read<api.Health>(answer.json).text('version')) ?? 'healthy'
}

/** One question; false also when the agent stops meanwhile. */
export const isThere = async (http: Http, deadlineMs: number): Promise<boolean> =>
  answersWell(http, deadlineMs).catch(() => false)

async function answersWell(http: Http, deadlineMs: number): Promise<boolean> {
  const answer = await http.call({ ...HEALTH, deadlineMs })
  return !(answer instanceof Error) && read<api.Health>(answer.json).isTrue('healthy')
}

const HEALTH = { method: 'GET', path: '/global/health' } as const
