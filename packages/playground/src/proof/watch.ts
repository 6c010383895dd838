/** Judges again after each change, at most every half second, and while something is at work; tells when the verdict is another one. */
import type { Emulator } from 'discord-emulator'
import type { ModelEntry } from 'checker'
import type { BotKeeper } from '../machine/bot.ts'
import type { Troubles } from '../machine/troubles.ts'
import type { Verdict } from '../wire.ts'
import { judge, type JudgeSources } from './judge.ts'

export interface Watch {
  verdict(): Verdict
  onChange(listener: (verdict: Verdict) => void): () => void
  stop(): void
}

interface WatchSources extends Pick<JudgeSources, 'botId' | 'channels' | 'maySpeak'> {
  readonly journal: Emulator['journal']
  readonly model: readonly ModelEntry[]
  readonly bot: Pick<BotKeeper, 'status' | 'onEvent'>
  readonly troubles: Pick<Troubles, 'lastedUntil'>
}

export function watchVerdict({ journal, model, bot, troubles, ...sources }: WatchSources): Watch {
  const listeners = new Set<(verdict: Verdict) => void>()
  const facts = { kills: 0, readyAt: 0 }
  let waiting: NodeJS.Timeout | undefined
  let pauseMs = LULL_MS

  function now(): Verdict {
    const { kills, readyAt } = facts
    const troubledAt = bot.status().kind === 'running' ? Math.max(readyAt, troubles.lastedUntil()) : Infinity
    return judge({ ...sources, journal: journal.entries, model, kills, troubledAt, now: Date.now() })
  }
  let verdict = now()

  function renew(): void {
    waiting = undefined
    const begun = performance.now()
    const next = now()
    // A long day here makes a long journal: judging takes a tenth of the time at most.
    pauseMs = Math.max(LULL_MS, 10 * (performance.now() - begun))
    if (JSON.stringify(next) !== JSON.stringify(verdict)) {
      verdict = next
      for (const listener of listeners) listener(verdict)
    }
    if (verdict.atWork > 0) soon(Math.max(pauseMs, WORK_MS))
  }

  function soon(ms = pauseMs): void {
    waiting ??= setTimeout(renew, ms)
  }

  const ends = [
    journal.onEntry(({ kind }) => kind === 'message' && soon()),
    bot.onEvent(({ kind }) => {
      if (kind === 'killed') facts.kills += 1
      if (kind === 'ready') facts.readyAt = Date.now()
      soon()
    }),
  ]
  return {
    verdict: () => verdict,
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    stop() {
      for (const end of ends) end()
      clearTimeout(waiting)
    },
  }
}

const LULL_MS = 500
/** What was at work a moment ago may have to be called lost by now. */
const WORK_MS = 1_000
