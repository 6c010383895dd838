/**
 * What follows when the bot has exited: nothing, or another bot after a pause. Pure.
 *
 *   0, 64 ─▶ exit with it      75 ─▶ again, for ever      told to start anew ─▶ again, at once      all else is a crash ─▶ again
 *
 * Pauses grow, and begin anew after a minute of uptime. Too many crashes end the wrapper. It counts them within a minute of uptime: the
 * pauses between crashes, which add up to a minute themselves, do not count. The limit of a day keeps a bot that lives a little longer
 * each time well below the 1,000 new gateway sessions after which Discord takes a bot's token away.
 */
import { EXIT_FAILURE, EXIT_OK, EXIT_RESTART, EXIT_TEMPORARY, EXIT_USAGE } from '../status.ts'

export interface RestartPolicy {
  readonly pausesMs: readonly number[]
  /** After so much uptime the pauses begin anew. */
  readonly minUptimeMs: number
  /** So many crashes are put up with within `crashesInMs` of uptime, and `crashesADay` within a day. */
  readonly crashes: number
  readonly crashesInMs: number
  readonly crashesADay: number
}

export interface BotExit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** Milliseconds on a clock that nobody can set. */
  readonly at: number
  readonly uptimeMs: number
}

export interface History {
  /** Exits in a row that wanted a pause. */
  readonly failures: number
  readonly crashes: readonly Pick<BotExit, 'at' | 'uptimeMs'>[]
}

export type Next = {
  /** One line for people; undefined when there is nothing to say. */ readonly message: string | undefined
} & ({ readonly kind: 'exit'; readonly code: number } | { readonly kind: 'restart'; readonly afterMs: number })

export const RESTART_POLICY: RestartPolicy = {
  pausesMs: [2000, 4000, 8000, 16_000, 30_000],
  minUptimeMs: 60_000,
  crashes: 5,
  crashesInMs: 60_000,
  crashesADay: 150,
}

export const NO_HISTORY: History = { failures: 0, crashes: [] }

const DAY_MS = 86_400_000

export function afterExit(
  exit: BotExit,
  history: History,
  policy: RestartPolicy,
): { readonly next: Next; readonly history: History } {
  const { code } = exit
  if (code === EXIT_OK || code === EXIT_USAGE) return { next: { kind: 'exit', code, message: undefined }, history }
  if (code === EXIT_RESTART)
    return { next: { kind: 'restart', afterMs: 0, message: 'the bot starts anew.' }, history: NO_HISTORY }
  const failures = exit.uptimeMs >= policy.minUptimeMs ? 1 : history.failures + 1
  const afterMs = policy.pausesMs[Math.min(failures, policy.pausesMs.length) - 1] ?? 0
  const soon = `Starting again in ${afterMs / 1000} s.`
  if (code === EXIT_TEMPORARY)
    return {
      next: { kind: 'restart', afterMs, message: `the bot cannot go on for now (exit code ${EXIT_TEMPORARY}). ${soon}` },
      history: { ...history, failures },
    }
  const crashes = [...history.crashes.filter(({ at }) => exit.at - at < DAY_MS), exit]
  const died = `the bot died (${exit.signal ?? `exit code ${code}`}).`
  const tooMany = tooManyCrashes(crashes, policy)
  const next: Next = tooMany
    ? { kind: 'exit', code: EXIT_FAILURE, message: `${died} ${tooMany}, so it is not started again. The cause is in kimaki.log.` }
    : { kind: 'restart', afterMs, message: `${died} ${soon}` }
  return { next, history: { failures, crashes } }
}

/** The sentence that says so; undefined while the crashes are put up with. */
function tooManyCrashes(crashes: History['crashes'], policy: RestartPolicy): string | undefined {
  if (crashes.length > policy.crashesADay) return `That was crash number ${crashes.length} within a day`
  const recent = crashes.slice(-policy.crashes - 1)
  // The uptime between the first of these crashes and the last: the first one's own uptime lies before it.
  const uptime = recent.slice(1).reduce((total, { uptimeMs }) => total + uptimeMs, 0)
  if (recent.length <= policy.crashes || uptime > policy.crashesInMs) return undefined
  return `It crashed ${recent.length} times within ${policy.crashesInMs / 1000} s of running`
}
