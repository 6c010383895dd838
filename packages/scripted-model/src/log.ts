import type { ModelLogEntry, ScriptedModel } from './api.ts'

export interface Log {
  readonly entries: readonly ModelLogEntry[]
  append(entry: ModelLogEntry): ModelLogEntry
  settle(entry: ModelLogEntry, outcome: ModelLogEntry['outcome']): void
  readonly until: ScriptedModel['until']
  /** Rejects everyone who still waits. */
  close(): void
}

export function openLog(): Log {
  const entries: ModelLogEntry[] = []
  const waiting = new Set<Waiting>()

  function look(entry: ModelLogEntry): void {
    for (const one of waiting) {
      if (!one.predicate(entry)) continue
      one.leave()
      one.resolve(entry)
    }
  }

  return {
    entries,
    append(entry) {
      entries.push(entry)
      look(entry)
      return entry
    },
    settle(entry, outcome) {
      entry.outcome = outcome
      look(entry)
    },
    until(what, predicate, timeoutMs = 90_000) {
      const present = entries.find(predicate)
      if (present) return Promise.resolve(present)
      return new Promise((resolve, reject) => {
        const giveUp = (why: string) => {
          one.leave()
          reject(new Error(`scripted-model: ${why} while waiting for ${what}; the log: ${summary(entries)}`))
        }
        const timer = setTimeout(() => giveUp(`nothing for ${timeoutMs} ms`), timeoutMs)
        const leave = () => {
          clearTimeout(timer)
          waiting.delete(one)
        }
        const one: Waiting = { predicate, resolve, leave, giveUp }
        waiting.add(one)
      })
    },
    close() {
      for (const one of waiting) one.giveUp('the server stopped')
    },
  }
}

interface Waiting {
  readonly predicate: (entry: ModelLogEntry) => boolean
  readonly resolve: (entry: ModelLogEntry) => void
  readonly leave: () => void
  readonly giveUp: (why: string) => void
}

function summary(entries: readonly ModelLogEntry[]): string {
  const last = entries
    .slice(-8)
    .map(({ seq, step, outcome, userTexts }) => `#${seq} ${step} ${outcome} "${(userTexts.at(-1) ?? '').slice(0, 60)}"`)
  return last.length === 0 ? 'empty' : last.join('; ')
}
