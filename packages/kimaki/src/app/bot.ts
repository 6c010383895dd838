/**
 * The bot: the rooms of a running process, wired through ports. Discord's events go to the intake, accepted messages to their
 * conversation, what it decides to the effect runner, the thread sync and the hints; what comes of it returns as an input.
 */
import type { Verbosity } from '../domain/prefs.ts'
import type { AgentPort } from '../ports/agent.ts'
import type { ChatEvent, ChatFatal, ChatPort, ChatReady } from '../ports/chat.ts'
import type { GitPort } from '../ports/git.ts'
import type { Clock, Files, Log } from '../ports/host.ts'
import type { StorePort } from '../ports/store.ts'
import { createCatchUp } from './catch-up.ts'
import { createConversations, type Conversations } from './conversations.ts'
import { durable } from './durable.ts'
import { createEffectRunner } from './effect-runner.ts'
import { createHints } from './hints.ts'
import { createIntake } from './intake.ts'
import type { Projects } from './projects.ts'
import { retrying } from './retry.ts'
import { createThreadSync } from './thread-sync.ts'
import { createTyping } from './typing.ts'

export interface BotParts {
  readonly store: StorePort
  readonly chat: ChatPort
  readonly agent: AgentPort
  readonly git: GitPort
  readonly files: Files
  readonly clock: Clock
  readonly log: Log
  readonly projects: Projects
  readonly verbosity?: Verbosity | undefined
  readonly onFatal: (fatal: ChatFatal) => void
}

export interface Bot {
  /** Takes up what an earlier process left, then connects. */
  start(): Promise<ChatReady | ChatFatal>
  /** Drains: what is begun is committed, the rest is found again at the next start. Nothing is left running. */
  stop(): Promise<void>
}

export function createBot(parts: BotParts): Bot {
  const { store, chat, agent, clock, log, projects } = parts
  const retry = retrying(clock)
  const safe = durable(store, retry, log)
  const typing = createTyping(chat, clock)
  const hints = createHints(parts)
  const threads = createThreadSync({ chat, store, clock, log, retry })
  const effects = createEffectRunner({
    ...parts,
    retry,
    startedAt: clock.now(),
    bind: (session, id) => conversations.bind(session, id),
  })
  const conversations: Conversations = createConversations({
    store,
    durable: safe,
    clock,
    log,
    pause: retry.pause,
    verbosity: parts.verbosity,
    layout: chat.layout,
    act: { effect: effects, hint: hints.take, post: threads.post, changed: typing.update, posted: typing.posted },
  })
  const intake = createIntake({ store, durable: safe, projects, conversations, clock, log, retry })
  const catchUp = createCatchUp({ chat, store, durable: safe, projects, intake, retry, log })

  const onEvent = (event: ChatEvent): void => {
    if (event.kind !== 'fresh') return intake.take(event)
    catchUp.begin(event.position)
  }

  return {
    async start() {
      agent.onEvent(conversations.hear)
      agent.onNotice(() => resumeAll(conversations, clock))
      const open = await store.openConversations()
      if (open.length > 0) log.info('taking up what was left', { conversations: open.length })
      for (const id of open) conversations.wake(id).push({ kind: 'resume', at: clock.now() })
      const position = await store.position()
      const ready = await chat.start({
        position,
        isProjectChannel: (id) => projects.of(id) !== undefined,
        onEvent,
        onFatal: parts.onFatal,
      })
      if (ready.kind === 'ready' && projects.all().length > 0) agent.warm()
      return ready
    },
    async stop() {
      retry.stop()
      hints.stop()
      typing.stop()
      await chat.stop()
      await intake.stop()
      await conversations.stop()
      await agent.stop('end')
      await store.close()
    },
  }
}

/** The agent's stream came back, or its server went away: whoever has open work looks at the session again. */
function resumeAll(conversations: Conversations, clock: Clock): void {
  // Each one decides for itself, behind what it has in hand: an outcome may be on its way.
  for (const runner of conversations.all()) runner.push({ kind: 'resume', at: clock.now() })
}
