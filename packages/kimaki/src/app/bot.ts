/**
 * The bot: the rooms of a running process, wired through ports. Discord's events go to the intake, accepted messages to their
 * conversation, what it decides to the effect runner, the thread sync and the hints; what comes of it returns as an input.
 */
import { promptIdOf } from '../domain/conversation/on-message.ts'
import { shellCommand } from '../domain/message/intent.ts'
import type { Verbosity } from '../domain/prefs.ts'
import type { Settings } from '../domain/settings.ts'
import type { AgentPort } from '../ports/agent.ts'
import type { ChatEvent, ChatFatal, ChatPort, ChatReady } from '../ports/chat.ts'
import type { GitPort } from '../ports/git.ts'
import type { Clock } from '../base/clock.ts'
import type { Files, Log } from '../ports/host.ts'
import type { ShellPort } from '../ports/shell.ts'
import type { InboxRow, StorePort } from '../ports/store.ts'
import { createAsides } from './effects/asides.ts'
import { createCatchUp } from './intake/catch-up.ts'
import { createConversations, type Conversations } from './conversation/conversations.ts'
import { durable } from './commit-queue.ts'
import { createEffectRunner } from './effects/effect-runner.ts'
import { createFarewell } from './drain.ts'
import { createHints } from './effects/actions.ts'
import { createIntake } from './intake/intake.ts'
import { createJustAccepted } from './recent-ids.ts'
import type { Projects } from './intake/projects.ts'
import { retrying } from './retry.ts'
import { createThreadSync } from './conversation/post-runner.ts'
import { createTyping } from './conversation/typing.ts'

/** Servers that are started before anybody asks for them: those of the projects used last. */
const WARM_SERVERS = 3
/** Longer than this a right is not taken for granted. */
const RIGHTS_MS = 5000
/** A shell command that could not be begun so long after it was heard is not begun any more. */
const HEARD_MS = 60_000

export interface BotParts {
  readonly store: StorePort
  readonly chat: ChatPort
  readonly agent: AgentPort
  readonly git: GitPort
  readonly shell: ShellPort
  readonly files: Files
  readonly clock: Clock
  readonly log: Log
  readonly projects: Projects
  readonly verbosity?: Verbosity | undefined
  readonly settings?: Settings | undefined
  readonly onFatal: (fatal: ChatFatal) => void
}

export interface Bot {
  /** Takes up what an earlier process left, then connects. */
  start(): Promise<ChatReady | ChatFatal>
  /**
   * Drains: what is begun is committed, the rest is found again at the next start. Nothing of this process is left running; with `leave`
   * OpenCode goes on, for the next bot to adopt.
   */
  stop(mode?: 'end' | 'leave'): Promise<void>
}

export function createBot(parts: BotParts): Bot {
  const { store, chat, agent, shell, clock, log, projects } = parts
  const retry = retrying(clock)
  const safe = durable(store, retry, log)
  const typing = createTyping(chat, clock)
  const hints = createHints(parts)
  const farewell = createFarewell(clock)
  const justAccepted = createJustAccepted(clock, RIGHTS_MS)
  const justHeard = createJustAccepted(clock, HEARD_MS)
  const threads = createThreadSync({ chat, store, clock, log, retry })
  const bind = (session: string, id: string): void => conversations.bind(session, id)
  const effects = createEffectRunner({
    ...parts,
    retry,
    justAccepted,
    bind,
    openAside: createAsides({ ...parts, durable: safe, retry, bind, accept: (row) => conversations.accept(row) }),
    justHeard,
  })
  const conversations: Conversations = createConversations({
    store,
    durable: safe,
    clock,
    log,
    pause: retry.pause,
    verbosity: parts.verbosity,
    settings: parts.settings,
    layout: chat.layout,
    act: {
      effect: effects,
      hint: hints.take,
      post: threads.post,
      edit: threads.edit,
      changed(runner) {
        typing.update(runner)
        farewell.look()
      },
      posted: typing.posted,
    },
  })
  const accept = (row: InboxRow): void => {
    if (row.asked.kind === 'message') justAccepted.add(promptIdOf(row.asked.message.id))
    conversations.accept(row)
  }
  const intake = createIntake({
    chat,
    store,
    durable: safe,
    projects,
    conversations: { ...conversations, accept },
    clock,
    log,
    retry,
  })
  const catchUp = createCatchUp({ chat, store, durable: safe, projects, intake, retry, log })

  const onEvent = (event: ChatEvent): void => {
    if (isCommand(event)) justHeard.add(promptIdOf(event.message.id))
    if (event.kind !== 'fresh') return intake.take(event)
    catchUp.begin(event.position)
  }

  const warmRecent = async (): Promise<void> => {
    const recent = await store.recentProjects().catch((error: unknown) => {
      log.warn('no OpenCode server is started ahead', { error: String(error) })
      return []
    })
    agent.warm(recent.slice(0, WARM_SERVERS))
  }

  return {
    async start() {
      agent.onEvent(conversations.hear)
      agent.onNotice(({ directories }) => resumeIn(directories, conversations, clock))
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
      if (ready.kind === 'ready') void warmRecent()
      return ready
    },
    async stop(mode = 'end') {
      const commandsEnded = shell.stopAll()
      await farewell.told(conversations.all())
      retry.stop()
      hints.stop()
      typing.stop()
      justAccepted.stop()
      justHeard.stop()
      await chat.stop()
      await intake.stop()
      await conversations.stop()
      await Promise.all([commandsEnded, agent.stop(mode)])
      await store.close()
    },
  }
}

/** Written just now: what catch-up finds is no event. */
const isCommand = (event: ChatEvent): event is Extract<ChatEvent, { kind: 'message' }> =>
  event.kind === 'message' && !event.late && shellCommand(event.message.text) !== undefined

/** A server's stream came back, or the server went away: whoever has open work there looks at the session again. */
function resumeIn(directories: readonly string[], conversations: Conversations, clock: Clock): void {
  const concerned = new Set(directories)
  for (const runner of conversations.all()) {
    // Not loaded yet: it looks by itself when it is. The others decide for themselves, behind what they have in hand: an outcome may be on its way.
    if (runner.state && concerned.has(runner.state.directory)) runner.push({ kind: 'resume', at: clock.now() })
  }
}
