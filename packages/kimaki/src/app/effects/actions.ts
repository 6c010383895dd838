/** Reads and cosmetics a conversation asks for: nothing here is on record, and the same wish twice is one. */
import type { Hint } from '../../domain/conversation/effect.ts'
import type { Input } from '../../domain/conversation/input.ts'
import { isQuiet } from '../../domain/conversation/run.ts'
import type { AgentPort } from '../../ports/agent.ts'
import type { ChatPort } from '../../ports/chat.ts'
import type { GitPort } from '../../ports/git.ts'
import type { Clock } from '../../base/clock.ts'
import type { Log } from '../../ports/host.ts'
import type { ShellPort } from '../../ports/shell.ts'
import type { Runner } from '../conversation/runner.ts'
import { agentFailureText } from './effect-runner.ts'

interface Parts {
  readonly chat: ChatPort
  readonly agent: AgentPort
  readonly git: GitPort
  readonly shell: Pick<ShellPort, 'stop'>
  readonly clock: Clock
  readonly log: Log
}

/** A footer does not wait longer for what stands in it. */
const FACTS_MS = 5000

/** A session that cannot be read yet is tried again after one second more, then later and later. */
const LONGEST_PAUSE_MS = 30_000

export interface Hints {
  take(runner: Runner, hint: Hint): void
  stop(): void
}

export function createHints(parts: Parts): Hints {
  const { chat, clock, shell } = parts
  const timers = timersByKey(clock)
  const describing = new Set<string>()
  const inTurn = turns()
  /** How often in a row a conversation's session could not be read. */
  const failures = new Map<string, number>()
  const late = (answer: string): Promise<undefined> =>
    new Promise((resolve) => timers.set(`facts/${answer}`, FACTS_MS, () => resolve(undefined)))
  return {
    take(runner, hint) {
      switch (hint.kind) {
        case 'read-session':
          // Told apart: a look that may be skipped must not stand for one that may not.
          return timers.set(`${hint.ifQuiet ? 'check' : 'read'}/${runner.id}`, hint.delayMs, () =>
            inTurn(runner.id, async () => {
              const failed = await readSession(parts, runner, hint.ifQuiet ?? false)
              if (!failed) return void failures.delete(runner.id)
              const times = failures.get(runner.id) ?? 0
              failures.set(runner.id, times + 1)
              // The answer is asked for again a second after it was told that there is none.
              const pause = times === 0 ? 0 : Math.min(1000 * 2 ** (times - 1), LONGEST_PAUSE_MS)
              timers.set(`unreadable/${runner.id}`, pause, () => runner.push({ ...failed, at: clock.now() }))
            }),
          )
        case 'wake':
          return timers.set(`${hint.why}/${runner.id}`, hint.delayMs, () =>
            runner.push({ kind: 'wake', why: hint.why, at: clock.now() }),
          )
        case 'describe':
          if (describing.has(hint.answer.id)) return
          describing.add(hint.answer.id)
          return void describe(parts, runner, hint, late(hint.answer.id)).finally(() => {
            timers.clear(`facts/${hint.answer.id}`)
            describing.delete(hint.answer.id)
          })
        case 'rename':
          return chat.cosmetic.rename(hint.threadId, hint.name)
        case 'add-member':
          return chat.cosmetic.addMember(hint.threadId, hint.userId)
        case 'stop-command':
          return shell.stop(hint.commandId)
      }
    },
    stop: timers.stop,
  }
}

interface Timers {
  set(key: string, delayMs: number, callback: () => void): void
  clear(key: string): void
  stop(): void
}

/** One timer a key; of two wishes the earlier counts. */
function timersByKey(clock: Clock): Timers {
  const timers = new Map<string, { readonly due: number; readonly cancel: () => void }>()
  let stopped = false
  return {
    set(key, delayMs, callback) {
      if (stopped) return
      const due = clock.now() + delayMs
      const pending = timers.get(key)
      if (pending && pending.due <= due) return
      pending?.cancel()
      const fire = (): void => {
        timers.delete(key)
        callback()
      }
      timers.set(key, { due, cancel: clock.after(delayMs, fire) })
    },
    clear(key) {
      timers.get(key)?.cancel()
      timers.delete(key)
    },
    stop() {
      stopped = true
      for (const { cancel } of timers.values()) cancel()
      timers.clear()
    },
  }
}

/** One after the other for each key: an older snapshot must not arrive after a newer one. */
function turns(): (key: string, work: () => Promise<void>) => void {
  const last = new Map<string, Promise<void>>()
  return (key, work) => {
    const turn = (last.get(key) ?? Promise.resolve()).then(work).finally(() => last.get(key) === turn && last.delete(key))
    last.set(key, turn)
  }
}

type Unreadable = Extract<Input, { kind: 'unreadable' }>

/** What the stream tells while the session is read may be newer than what is read: it goes along. */
async function readSession({ agent, clock, log }: Parts, runner: Runner, ifQuiet: boolean): Promise<Unreadable | undefined> {
  const { state } = runner
  if (state?.session.kind !== 'open' || (ifQuiet && !isQuiet(state))) return undefined
  const heard = runner.overhear()
  const result = await agent.snapshot(state.directory, state.session.id).catch((error: unknown) => {
    log.error('reading a session threw', { conversation: runner.id, error: String(error) })
    return { ok: false, failure: { kind: 'unavailable', message: String(error) } } as const
  })
  heard.end()
  const at = clock.now()
  if (result.ok) runner.push({ kind: 'snapshot', at, snapshot: result.value, meanwhile: heard.events })
  if (result.ok || result.failure.kind === 'stopped') return undefined
  const unreadable: Unreadable = { kind: 'unreadable', at, text: agentFailureText(result.failure), final: false }
  if (result.failure.kind === 'unavailable') return unreadable
  runner.push({ ...unreadable, final: true })
  return undefined
}

/** The facts of a footer; what cannot be found out is left out. */
async function describe(
  { agent, git, clock, log }: Parts,
  runner: Runner,
  { answer, startedAt }: Extract<Hint, { kind: 'describe' }>,
  late: Promise<undefined>,
): Promise<void> {
  const { state } = runner
  if (!state) return
  const soon = async <T>(fact: () => Promise<T | undefined>): Promise<T | undefined> =>
    Promise.race([fact(), late]).catch((error: unknown) => {
      log.warn('a fact of a footer is missing', { error: String(error) })
      return undefined
    })
  const [branch, limit] = await Promise.all([
    soon(async () => git.branch(state.directory)),
    answer.tokens > 0 ? soon(async () => agent.contextLimit(state.directory, answer.model)) : undefined,
  ])
  const facts = {
    folder: state.directory.split(/[\\/]/).findLast((name) => name !== '') ?? state.directory,
    branch,
    durationMs: Math.max(0, (answer.completed ?? startedAt) - startedAt),
    contextPercent: limit ? Math.round((answer.tokens / limit) * 100) : undefined,
    model: answer.model.model,
    agent: answer.agent,
  }
  runner.push({ kind: 'described', at: clock.now(), answerId: answer.id, facts })
}
