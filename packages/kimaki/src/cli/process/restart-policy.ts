/**
 * What follows when the bot has ended: nothing, or another bot after a pause. Pure.
 *
 *   0, 64 ─▶ end with it      75 ─▶ again, for ever      told to start anew ─▶ again, at once      all else is a crash ─▶ again
 *
 * Pauses grow, and begin anew after a life of a minute. Too many crashes end it. The minute in which they are counted is one of
 * running: the pauses between, which add up to a minute themselves, do not count. The limit of a day keeps a bot that lives a little
 * longer each time well below the 1,000 new gateway sessions after which Discord takes a bot's token away.
 */
import { EXIT_AGAIN, EXIT_FAILURE, EXIT_OK, EXIT_TEMPORARY, EXIT_USAGE } from './exit-codes.ts'

export interface RestartPolicy {
  readonly pausesMs: readonly number[]
  readonly healthyMs: number
  /** So many crashes are put up with within `crashesInMs` of running, and within a day. */
  readonly crashes: number
  readonly crashesInMs: number
  readonly crashesADay: number
}

export interface Ending {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** Milliseconds on a clock that nobody can set. */
  readonly at: number
  readonly livedMs: number
}

export interface History {
  /** Ends in a row that wanted a pause. */
  readonly failures: number
  readonly crashes: readonly Pick<Ending, 'at' | 'livedMs'>[]
}

export type Next = {
  /** One line for people; undefined when there is nothing to say. */ readonly words: string | undefined
} & ({ readonly kind: 'end'; readonly code: number } | { readonly kind: 'again'; readonly afterMs: number })

export const RESTART_POLICY: RestartPolicy = {
  pausesMs: [2000, 4000, 8000, 16_000, 30_000],
  healthyMs: 60_000,
  crashes: 5,
  crashesInMs: 60_000,
  crashesADay: 150,
}

export const NO_HISTORY: History = { failures: 0, crashes: [] }

const DAY_MS = 86_400_000

export function afterEnd(
  ending: Ending,
  history: History,
  policy: RestartPolicy,
): { readonly next: Next; readonly history: History } {
  const { code } = ending
  if (code === EXIT_OK || code === EXIT_USAGE) return { next: { kind: 'end', code, words: undefined }, history }
  if (code === EXIT_AGAIN) return { next: { kind: 'again', afterMs: 0, words: 'the bot starts anew.' }, history: NO_HISTORY }
  const failures = ending.livedMs >= policy.healthyMs ? 1 : history.failures + 1
  const afterMs = policy.pausesMs[Math.min(failures, policy.pausesMs.length) - 1] ?? 0
  const soon = `Starting again in ${afterMs / 1000} s.`
  if (code === EXIT_TEMPORARY)
    return {
      next: { kind: 'again', afterMs, words: `the bot cannot go on for now (exit code ${EXIT_TEMPORARY}). ${soon}` },
      history: { ...history, failures },
    }
  const crashes = [...history.crashes.filter(({ at }) => ending.at - at < DAY_MS), ending]
  const died = `the bot died (${ending.signal ?? `exit code ${code}`}).`
  const tooMany = tooManyOf(crashes, policy)
  const next: Next = tooMany
    ? { kind: 'end', code: EXIT_FAILURE, words: `${died} ${tooMany}, so it is not started again. The cause is in kimaki.log.` }
    : { kind: 'again', afterMs, words: `${died} ${soon}` }
  return { next, history: { failures, crashes } }
}

function tooManyOf(crashes: History['crashes'], policy: RestartPolicy): string | undefined {
  if (crashes.length > policy.crashesADay) return `That was crash number ${crashes.length} within a day`
  const recent = crashes.slice(-policy.crashes - 1)
  // From the first of them to the last; the life that led to the first is not between them.
  const lived = recent.slice(1).reduce((total, { livedMs }) => total + livedMs, 0)
  if (recent.length <= policy.crashes || lived > policy.crashesInMs) return undefined
  return `It crashed ${recent.length} times within ${policy.crashesInMs / 1000} s of running`
}
