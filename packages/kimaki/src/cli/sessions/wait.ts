/** Waits for the end of a run: the bot holds each call for a while, and is asked again. */
import { setTimeout as pause } from 'node:timers/promises'
import { TryLater } from '../../base/errors.ts'
import type { Ended } from '../../app/control/sessions/wait.ts'
import type { Config } from '../config.ts'
import { callBot } from '../control/call-bot.ts'
import { refusalOf } from '../control/call.ts'
import { EXIT_FAILURE, EXIT_OK, logError } from '../status.ts'
import { withProgress } from '../terminal/progress.ts'

export type Over = Extract<Ended, { state: 'ended' }> & { readonly sessionId?: string }

/** Longer than the bot holds a call, and reads a transcript. */
const ANSWER_MS = 60_000
/** A bot that is started anew goes on with what was under way. */
const GONE_MS = 60_000
const POLL_MS = 500
const MIN_CALL_MS = 1000

/** `body`: names what is waited for, so that a call may be made again. */
export const waitFor = async (config: Config, path: string, body: unknown, limitMs?: number): Promise<Over | Error> =>
  withProgress('the agent works', untilEnded(config, path, body, limitMs))

async function untilEnded(config: Config, path: string, body: unknown, limitMs = Infinity): Promise<Over | Error> {
  const { dataDir } = config
  const begunAt = performance.now()
  let seenAt = begunAt
  let wasThere = false
  for (;;) {
    if (performance.now() - begunAt > limitMs)
      return new TryLater({ reason: 'the agent still works on it. kimaki session wait waits on.' })
    const called = await callBot(config, {
      method: 'POST',
      path,
      body,
      timeoutMs: Math.min(ANSWER_MS, Math.max(limitMs, MIN_CALL_MS)),
    })
    if (called.kind === 'answer' && called.status === 200) {
      const ended = called.body as Ended
      if (ended.state === 'ended') return ended
      seenAt = performance.now()
      wasThere = true
    } else if (called.kind === 'answer' && called.status !== 503) return refusalOf(called.status, called.body)
    else if (!wasThere && called.kind === 'nobody') return new TryLater({ reason: notThere(dataDir) })
    else if (performance.now() - seenAt > GONE_MS) return new TryLater({ reason: notThere(dataDir) })
    else await pause(POLL_MS)
  }
}

const notThere = (dataDir: string): string =>
  `no kimaki runs on ${dataDir}, so nobody works on it. Start kimaki, then run kimaki session wait.`

/** The answer goes to stdout; why there is none, to stderr. */
export function printEnd({ ok, text }: Over, print: (line: string) => void): number {
  if (ok) print(text)
  else logError(text.replaceAll('**', '').replace(/^[✗⬦] /, ''))
  return ok ? EXIT_OK : EXIT_FAILURE
}
