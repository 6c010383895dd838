/** Does what a conversation wants done, each effect once at a time, and hands its outcome back as an input. */
import type { Effect, Outcome } from '../../domain/conversation/effect.ts'
import { isPickedUp } from '../../domain/conversation/run.ts'
import { mayBeCommand } from '../../domain/message/intent.ts'
import type { Settings } from '../../domain/settings.ts'
import type { AgentFailureReason, AgentPort, AgentResult } from '../../ports/agent.ts'
import type { ChatPort } from '../../ports/chat.ts'
import type { Clock } from '../../base/clock.ts'
import type { Files, Log } from '../../ports/host.ts'
import type { ShellPort } from '../../ports/shell.ts'
import {
  configBrokenText,
  directoryGoneText,
  notSeenText,
  promptFailedText,
  setAsideText,
  threadFailedText,
} from '../../view/text/notice.ts'
import { prepareAttachments } from './attachments.ts'
import type { Runner } from '../conversation/runner.ts'
import type { JustAccepted } from '../recent-ids.ts'
import type { Retrying } from '../retry.ts'
import { mayStillUse, rememberingAccess } from './authorize.ts'
import { runCommand } from './run-command.ts'

export interface EffectParts {
  readonly chat: ChatPort
  readonly agent: AgentPort
  readonly files: Files
  readonly clock: Clock
  readonly log: Log
  readonly retry: Retrying
  readonly justAccepted: Pick<JustAccepted, 'has'>
  readonly shell: Pick<ShellPort, 'run'>
  /** Commands that were written a moment ago, while this process listened: no other is run. */
  readonly justHeard: Pick<JustAccepted, 'has'>
  readonly settings?: Settings | undefined
  /** A session was opened: what it says belongs to this conversation. */
  readonly bind: (session: string, conversation: string) => void
  readonly openAside: (effect: Extract<Effect, { kind: 'open-aside' }>, again: boolean) => Promise<Ended>
}

/** An agent that cannot be reached is asked this often (0.5 to 30 s apart) before the thread is told. */
const AGENT_TRIES = 6
/** A thread is tried for about a quarter of an hour before its channel is told. */
export const THREAD_TRIES = 36
const DEFECT_TRIES = 3
const NOTHING = { has: () => false }
/** A clock that was set back makes no interrupt wait for longer. */
const LONGEST_EARLY_MS = 100

export function createEffectRunner(given: EffectParts): (runner: Runner, effect: Effect, again: boolean) => void {
  const running = new Set<string>()
  const parts = { ...given, chat: { ...given.chat, accessOf: rememberingAccess(given) } }
  return (runner, effect, again) => {
    if (running.has(effect.key)) return
    running.add(effect.key)
    void patiently(parts, runner, effect, again)
      .then((outcome) => {
        if (outcome === 'stopped') return
        if (outcome.kind === 'session-opened') parts.bind(outcome.session, runner.id)
        runner.push({ kind: 'outcome', at: parts.clock.now(), effect, outcome })
      })
      .catch((error: unknown) => parts.log.error('an effect threw', { effect: effect.kind, error: String(error) }))
      .finally(() => running.delete(effect.key))
  }
}

export type Ended = Outcome | 'stopped'

/** A throw is a defect: tried three times, then told, so that no prompt waits for ever. */
async function patiently(parts: EffectParts, runner: Runner, effect: Effect, again: boolean): Promise<Ended> {
  return parts.retry.until(async (tries) => {
    try {
      return await run(parts, runner, effect, again || tries > 0)
    } catch (error) {
      parts.log.error('an effect threw', { effect: effect.kind, error: error instanceof Error ? error.stack : String(error) })
      return tries + 1 < DEFECT_TRIES ? undefined : { kind: 'failed', text: setAsideText() }
    }
  })
}

async function run(parts: EffectParts, runner: Runner, effect: Effect, again: boolean): Promise<Ended> {
  switch (effect.kind) {
    case 'open-thread':
      return openThread(parts, effect)
    case 'open-session':
      return askAgent(
        parts,
        async (tries) => parts.agent.openSession(effect.directory, effect.mark, again || tries > 0),
        ({ session }) => ({ kind: 'session-opened', session }),
      )
    case 'prepare':
      return prepare(parts, effect)
    case 'prompt':
      return prompt(parts, effect, again)
    case 'reject-ask':
      return settled(
        await askAgent(
          parts,
          async () => parts.agent.reject(effect.directory, effect.ask),
          (how) => ({ kind: how === 'expired' ? 'gone' : 'done' }),
          // The agent waits for it: only its answer, or that it has gone, ends this.
          Number.POSITIVE_INFINITY,
        ),
      )
    case 'fork':
      return fork(parts, effect, again)
    case 'open-aside':
      return parts.openAside(effect, again)
    case 'interrupt':
      return interrupt(parts, runner, effect)
    case 'abort':
      return settled(
        await askAgent(
          parts,
          async () => parts.agent.abort(effect.directory, effect.session, effect.drop),
          () => ({ kind: 'done' }),
        ),
      )
    case 'shell':
      return runCommand(parts, runner, effect, again)
  }
}

/** What the mirror said may be old by now: the session itself is asked before anything is stopped. */
async function interrupt(
  { agent, clock, retry }: EffectParts,
  runner: Runner,
  effect: Extract<Effect, { kind: 'interrupt' }>,
): Promise<Ended> {
  const read = await agent.snapshot(effect.directory, effect.session)
  if (!read.ok) return read.failure.kind === 'stopped' ? 'stopped' : { kind: 'done' }
  if (isPickedUp(read.value.messages, effect.messageId)) return { kind: 'done' }
  const early = Math.min(effect.due - clock.now(), LONGEST_EARLY_MS)
  if (early > 0) await retry.pause(early)
  // The wait was short, and the stream has been heard meanwhile.
  if (early > 0 && isPickedUp(runner.state?.messages ?? [], effect.messageId)) return { kind: 'done' }
  if (retry.stopped) return 'stopped'
  const aborted = await agent.abort(effect.directory, effect.session)
  if (aborted.ok) return { kind: 'aborted' }
  return aborted.failure.kind === 'stopped' ? 'stopped' : { kind: 'done' }
}

async function prepare(parts: EffectParts, effect: Extract<Effect, { kind: 'prepare' }>): Promise<Ended> {
  const prepared = await prepareAttachments(parts, effect.message)
  if (prepared === 'stopped') return prepared
  if (!mayBeCommand(effect.message.text)) return { kind: 'prepared', prepared }
  return askAgent(
    parts,
    async () => parts.agent.commands(effect.directory),
    (commands) => ({ kind: 'prepared', prepared, commands }),
  )
}

/** Nobody waits for these: what cannot be stopped or rejected is gone already. */
const settled = (outcome: Ended): Ended => (outcome !== 'stopped' && outcome.kind === 'failed' ? { kind: 'done' } : outcome)

async function openThread({ chat, retry, log }: EffectParts, effect: Extract<Effect, { kind: 'open-thread' }>): Promise<Ended> {
  return retry.until(async (tries): Promise<Ended | undefined> => {
    const result = await chat.openThread(effect.channelId, effect.messageId, effect.name)
    if (result.ok) return { kind: 'thread-opened', threadId: result.value.threadId }
    const { failure } = result
    if (failure.kind === 'gone' || failure.kind === 'stopped') return failure.kind === 'gone' ? { kind: 'gone' } : 'stopped'
    if (failure.kind === 'refused') return { kind: 'failed', text: threadFailedText(failure.message, failure.code) }
    if (tries + 1 >= THREAD_TRIES) return { kind: 'failed', text: threadFailedText(failure.message) }
    log.warn('the thread could not be opened yet', { message: effect.messageId, reason: failure.message })
    return undefined
  })
}

async function prompt(parts: EffectParts, effect: Extract<Effect, { kind: 'prompt' }>, again: boolean): Promise<Ended> {
  const justAccepted = effect.waited ? NOTHING : parts.justAccepted
  const allowed = await mayStillUse({ ...parts, justAccepted }, { ...effect, id: effect.promptId })
  if (allowed !== true && !(again && (await isHandedOver(parts, effect)))) return allowed
  const { directory, session, messageId, parts: promptParts, resend, behind } = effect
  const { takeOut, followed, command, as } = effect
  return askAgent(
    parts,
    async (tries) =>
      parts.agent.prompt({
        directory,
        session,
        messageId,
        parts: promptParts,
        again: again || tries > 0,
        resend,
        behind,
        ...(takeOut && { takeOut }),
        ...(followed && { followed }),
        ...(command && { command }),
        ...(as && { as }),
      }),
    ({ created }) => ({ kind: 'seen', created }),
  )
}

async function fork(parts: EffectParts, effect: Extract<Effect, { kind: 'fork' }>, again: boolean): Promise<Ended> {
  const allowed = await mayStillUse(parts, { ...effect, id: effect.promptId })
  if (allowed !== true) return allowed
  const { directory, session, mark, title } = effect
  return askAgent(
    parts,
    async (tries) => parts.agent.fork({ directory, session, mark, title, again: again || tries > 0 }),
    (copy) => ({ kind: 'forked', fork: copy }),
  )
}

/** The agent has it already: its author's rights were looked at then, and the answer belongs in the thread. */
async function isHandedOver({ agent }: EffectParts, effect: Extract<Effect, { kind: 'prompt' }>): Promise<boolean> {
  const session = await agent.snapshot(effect.directory, effect.session)
  return session.ok && session.value.messages.some(({ id }) => id === effect.messageId)
}

async function askAgent<T>(
  parts: EffectParts,
  ask: (tries: number) => Promise<AgentResult<T>>,
  done: (value: T) => Outcome,
  patience = AGENT_TRIES,
): Promise<Ended> {
  return parts.retry.until(async (tries): Promise<Ended | undefined> => {
    const result = await ask(tries)
    if (result.ok) return done(result.value)
    if (result.failure.kind === 'stopped') return 'stopped'
    if (result.failure.kind === 'gap') return { kind: 'gap' }
    if (result.failure.kind === 'unavailable' && tries + 1 < patience) {
      parts.log.warn('the agent cannot be reached yet', { reason: result.failure.message, tries: tries + 1 })
      return undefined
    }
    return { kind: 'failed', text: agentFailureText(result.failure) }
  })
}

export function agentFailureText(failure: AgentFailureReason): string {
  switch (failure.kind) {
    case 'config':
      return configBrokenText(failure.file, failure.reason)
    case 'directory':
      return directoryGoneText(failure.directory)
    case 'gap':
    case 'not-seen':
      return notSeenText()
    case 'session-gone':
      return promptFailedText('the session does not exist any more. Start a new thread to go on.')
    case 'unavailable':
      return promptFailedText(`OpenCode does not answer: ${failure.message}. Send the message again later.`)
    case 'refused':
      return promptFailedText(`OpenCode refused the message (${failure.status}): ${failure.message}`)
    case 'stopped':
      return promptFailedText('kimaki was stopped.')
  }
}
