/** Reads and cosmetics a conversation asks for: nothing here is on record, and the same wish twice is one. */
import type { Hint } from '../domain/conversation/effect.ts'
import { isQuiet } from '../domain/conversation/run.ts'
import type { AgentPort } from '../ports/agent.ts'
import type { ChatPort } from '../ports/chat.ts'
import type { GitPort } from '../ports/git.ts'
import type { Clock } from '../ports/host.ts'
import type { Runner } from './conversation-runner.ts'
import { agentFailureText } from './effect-runner.ts'

interface Parts {
  readonly chat: ChatPort
  readonly agent: AgentPort
  readonly git: GitPort
  readonly clock: Clock
}

export interface Hints {
  take(runner: Runner, hint: Hint): void
  stop(): void
}

export function createHints(parts: Parts): Hints {
  const { chat, clock } = parts
  const timers = timersByKey(clock)
  const describing = new Set<string>()
  return {
    take(runner, hint) {
      switch (hint.kind) {
        case 'read-session':
          // Told apart: a look that may be skipped must not stand for one that may not.
          return timers.set(
            `${hint.ifQuiet ? 'check' : 'read'}/${runner.id}`,
            hint.delayMs,
            () => void readSession(parts, runner, hint.ifQuiet ?? false),
          )
        case 'wake':
          return timers.set(`wake/${runner.id}`, hint.delayMs, () => runner.push({ kind: 'wake', at: clock.now() }))
        case 'describe':
          if (describing.has(hint.answer.id)) return
          describing.add(hint.answer.id)
          return void describe(parts, runner, hint).finally(() => describing.delete(hint.answer.id))
        case 'rename':
          return chat.cosmetic.rename(hint.threadId, hint.name)
        case 'add-member':
          return chat.cosmetic.addMember(hint.threadId, hint.userId)
      }
    },
    stop: timers.stop,
  }
}

/** One timer a key; of two wishes the earlier counts. */
function timersByKey(clock: Clock): { set(key: string, delayMs: number, callback: () => void): void; stop(): void } {
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
    stop() {
      stopped = true
      for (const { cancel } of timers.values()) cancel()
      timers.clear()
    },
  }
}

async function readSession({ agent, clock }: Parts, runner: Runner, ifQuiet: boolean): Promise<void> {
  const { state } = runner
  if (state?.session.kind !== 'open' || (ifQuiet && !isQuiet(state))) return
  const result = await agent.snapshot(state.directory, state.session.id)
  const at = clock.now()
  if (result.ok) return runner.push({ kind: 'snapshot', at, snapshot: result.value })
  if (result.failure.kind === 'stopped') return
  runner.push({ kind: 'unreadable', at, text: agentFailureText(result.failure), final: result.failure.kind !== 'unavailable' })
}

/** The facts of a footer; what cannot be found out is left out. */
async function describe(
  { agent, git, clock }: Parts,
  runner: Runner,
  { answer, startedAt }: Extract<Hint, { kind: 'describe' }>,
): Promise<void> {
  const { state } = runner
  if (!state) return
  const [branch, limit] = await Promise.all([
    git.branch(state.directory),
    answer.tokens > 0 ? agent.contextLimit(state.directory, answer.model) : undefined,
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
