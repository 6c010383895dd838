/**
 * Tells in the thread that the system prompt of an agent has changed: the provider then reads nothing of the session from its cache, which is
 * dear in a long one. OpenCode shows the prompt of a request first, without its agent, and then the agent of that request. Where another
 * request of the session comes in between, nobody can say which prompt is whose, and neither counts. Only what this process has seen is
 * compared: after a restart nothing is told.
 */

export interface Asked {
  readonly session: string
  readonly agent: string
  /** `provider/model`. */
  readonly model: string
}

/** Agents of OpenCode itself, whose answers nobody waits for: titles and summaries. */
const OF_OPENCODE: readonly string[] = ['title', 'summary', 'compaction']
/** Prompts of some 20 kB each. */
const KEPT = 100
const SHOWN = 100

export class PromptChanges {
  /** Of requests whose agent is not known yet, by session: the prompt, or undefined when there are several. */
  readonly #open = new Map<string, { readonly count: number; readonly prompt: string | undefined }>()
  readonly #known = new Map<string, string>()
  readonly #tell: (session: string, text: string) => void

  constructor(tell: (session: string, text: string) => void) {
    this.#tell = tell
  }

  shown(session: string, system: readonly string[]): void {
    const count = (this.#open.get(session)?.count ?? 0) + 1
    this.#open.set(session, { count, prompt: count === 1 ? system.join('\n') : undefined })
  }

  asked({ session, agent, model }: Asked): void {
    const open = this.#open.get(session)
    if (!open) return
    if (open.count > 1) this.#open.set(session, { count: open.count - 1, prompt: undefined })
    else this.#open.delete(session)
    if (open.prompt === undefined || OF_OPENCODE.includes(agent)) return
    const key = JSON.stringify([session, agent, model])
    const before = this.#known.get(key)
    this.#keep(key, open.prompt)
    const text = before === undefined || before === open.prompt ? undefined : changeText(before, open.prompt)
    if (text !== undefined) this.#tell(session, text)
  }

  /** A request that was given up before its agent was known leaves nothing behind. */
  idle(session: string): void {
    this.#open.delete(session)
  }

  #keep(key: string, prompt: string): void {
    this.#known.delete(key)
    this.#known.set(key, prompt)
    const [oldest] = this.#known.keys()
    if (this.#known.size > KEPT && oldest !== undefined) this.#known.delete(oldest)
  }
}

/** Undefined: only the day is another one. It ends each midnight, and nobody can do anything about it. */
function changeText(before: string, after: string): string | undefined {
  const [added, removed] = [linesBeyond(after, before), linesBeyond(before, after)]
  if (added.length > 0 && [...added, ...removed].every((line) => DAY.test(line))) return undefined
  const [word, [line = '']] = added.length > 0 ? ['now', added] : ['no more', removed]
  const what = line === '' ? 'its lines are in another order' : `${word} "${line.slice(0, SHOWN).toWellFormed()}"`
  const further = Math.max(added.length, removed.length) - 1
  const more = further > 0 ? ` and ${further} more` : ''
  return `the system prompt has changed: ${what}${more}. This answer is not read from the provider's cache`
}

const DAY = /^Today's date: /

function linesBeyond(text: string, other: string): readonly string[] {
  const known = new Set(other.split('\n').map((line) => line.trim()))
  return text.split('\n').flatMap((line) => (known.has(line.trim()) ? [] : [line.trim()]))
}
