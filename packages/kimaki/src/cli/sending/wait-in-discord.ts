/** Waits for the end of a run that was asked for in Discord alone: its thread is read until the line that ends it. */
import { setTimeout as sleep } from 'node:timers/promises'
import { TryLater } from '../../base/errors.ts'
import { saidInThread, type PostedMark, type TokenOnly } from '../../discord/outbound/post-marked.ts'
import type { Over } from '../sessions/wait.ts'
import { withProgress } from '../terminal/progress.ts'
import { endIn } from './thread-end.ts'

/** A short run is seen soon, a long one is not asked for often. */
const FIRST_MS = 500
const EVERY_MS = 5000
const SLOWER = 1.5

interface Patience {
  readonly limitMs: number
  readonly firstMs?: number
}

export const waitInDiscord = (given: TokenOnly, posted: PostedMark, patience: Patience): Promise<Over | Error> =>
  withProgress('the agent works', untilOver(given, posted, patience))

async function untilOver(given: TokenOnly, posted: PostedMark, { limitMs, firstMs = FIRST_MS }: Patience): Promise<Over | Error> {
  const until = performance.now() + limitMs
  for (let pause = firstMs; ; pause = Math.min(pause * SLOWER, EVERY_MS)) {
    const said = await saidInThread(given, posted)
    // Discord may be away for a moment; whoever waits has time.
    const isKnown = said !== undefined && !(said instanceof Error)
    const end = isKnown ? endIn(said) : undefined
    if (end) return { state: 'ended', ...end, threadId: posted.messageId }
    if (performance.now() > until)
      return said instanceof Error ? said : new TryLater({ reason: tooLong(isKnown, posted.messageId) })
    await sleep(pause)
  }
}

const tooLong = (isBegun: boolean, messageId: string): string =>
  isBegun
    ? `the agent still works in thread ${messageId}: its answer will stand there. --timeout gives it more minutes.`
    : `no bot has taken message ${messageId} yet. Is kimaki running, and is that channel linked to a folder of its machine?`
