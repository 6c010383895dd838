/**
 * Sessions of terminals, shown in Discord: a session that was begun in a linked folder gets a thread, and one that has a thread is followed there.
 *
 *     the database changed ─▶ sessions used since ─┬─ has a conversation ─▶ `session-written`: it reads the session, if that is news
 *                                                  └─ has none, is not older than the link and the first look ─▶ inbox row, begun once
 *
 * M1. Looks follow each other, and each begins after the one before has ended.
 * M2. The key of the row names the session: begun twice, it is begun once. What is shown is a matter of the conversation.
 * M3. A look that could not do all is followed by another one half a minute later.
 */
import { AgentUnavailable, isAbortError } from '../../base/errors.ts'
import type { Clock } from '../../base/clock.ts'
import type { KeyedTimers } from '../../base/keyed-timers.ts'
import { endOf } from '../../commands/sessions/going-on.ts'
import type { LastWritten, Snapshot } from '../../domain/agent.ts'
import type { Input } from '../../domain/conversation/input.ts'
import type { Beginning } from '../../domain/conversation/request.ts'
import type { IncomingMessage } from '../../domain/message/incoming.ts'
import { syncNameFrom } from '../../domain/naming.ts'
import type { Settings } from '../../domain/settings.ts'
import type { AgentPort } from '../../ports/agent.ts'
import type { Log } from '../../ports/host.ts'
import type { Acceptance, Project, StorePort } from '../../ports/store.ts'
import type { RecordedSession, TerminalsPort } from '../../ports/agent/terminals.ts'

/** A bot that was away for longer does not show what terminals did meanwhile. */
const LOOK_BACK_MS = 7 * 86_400_000
/** Processes that write at the same time do not commit in the order of their times. */
const OVERLAP_MS = 60_000
const AGAIN_MS = 30_000

export interface MirrorDeps {
  readonly terminals?: TerminalsPort | undefined
  readonly settings?: Pick<Settings, 'mirrorsTerminals'> | undefined
  readonly store: Pick<StorePort, 'mirroredSince' | 'conversationOfSession' | 'conversationOfRequest'>
  readonly agent: Pick<AgentPort, 'snapshot'>
  readonly projects: { all(): readonly Project[] }
  readonly clock: Clock
  readonly log: Log
  readonly timers: Pick<KeyedTimers, 'set'>
  readonly accept: (acceptance: Acceptance) => Promise<unknown>
  /** Gives a conversation an input, wherever it is. */
  readonly tell: (conversation: string, input: Input) => void
}

export class Mirror {
  readonly #deps: MirrorDeps
  /** Of sessions in their last state that was looked at. */
  readonly #seen = new Map<string, string>()
  #newest: number
  #looking: Promise<void> = Promise.resolve()
  #unwatch: (() => void) | undefined
  #told = ''
  #isWanted = false
  #isStopped = false

  constructor(deps: MirrorDeps) {
    this.#deps = deps
    this.#newest = deps.clock.now() - LOOK_BACK_MS
  }

  start(): void {
    const { terminals, settings } = this.#deps
    if (!terminals || settings?.mirrorsTerminals === false || this.#isStopped) return
    this.#unwatch = terminals.watch(() => this.#look())
    this.#look()
  }

  /** Resolves when nothing is being looked at. */
  async stop(): Promise<void> {
    this.#isStopped = true
    this.#unwatch?.()
    await this.#looking
  }

  #look(): void {
    if (this.#isWanted) return
    this.#isWanted = true
    this.#looking = this.#looking.then(async () => {
      this.#isWanted = false
      const isDone = await this.#lookOnce().catch((error: unknown) => this.#failed(error))
      if (!isDone && !this.#isStopped) this.#deps.timers.set('mirror', AGAIN_MS, () => this.#look())
    })
  }

  /** False: something is left to do. */
  async #lookOnce(): Promise<boolean> {
    const { terminals, projects, store, clock } = this.#deps
    if (!terminals || this.#isStopped) return true
    const since = await store.mirroredSince(clock.now())
    const linked = new Map(
      projects
        .all()
        .toReversed()
        .map((project) => [project.directory, project]),
    )
    const sessions = terminals.sessions([...linked.keys()], this.#newest - OVERLAP_MS)
    if (sessions instanceof Error) return this.#failed(sessions)
    let isDone = true
    for (const session of sessions) {
      const project = linked.get(session.directory)
      if (this.#isStopped || !project) continue
      const isOld = session.created < (since.get(session.directory) ?? Number.POSITIVE_INFINITY)
      if (!(await this.#follow(session, project, isOld))) isDone = false
    }
    const newest = Math.max(this.#newest, ...sessions.map(({ updated }) => updated))
    if (isDone) this.#newest = newest
    return isDone
  }

  async #follow(session: RecordedSession, project: Project, isOld: boolean): Promise<boolean> {
    const { terminals, store, tell, clock } = this.#deps
    const last = terminals?.last(session.id)
    if (last instanceof Error) return this.#failed(last)
    if (!last) return true
    const { id, title } = session
    const stamp = `${last.id}/${last.updated}/${last.isAnswered}/${title}`
    // Without words it is a prompt of ours.
    if (last.words === '' || this.#seen.get(id) === stamp) return true
    const owner = await store.conversationOfSession(id)
    const isDone = owner !== undefined || isOld || session.isOurs || (await this.#begin(session, last, project))
    if (owner !== undefined) tell(owner, { kind: 'session-written', at: clock.now(), session: id, title, last })
    if (isDone) this.#seen.set(id, stamp)
    return isDone
  }

  async #begin({ id, title, directory }: RecordedSession, last: LastWritten, { guildId, channelId }: Project): Promise<boolean> {
    const { agent, store, accept, clock } = this.#deps
    const key = `mirror:${id}`
    if ((await store.conversationOfRequest(key)) !== undefined) return true
    const snapshot = await agent.snapshot(directory, id)
    if (snapshot instanceof Error) return this.#failed(snapshot)
    const at = clock.now()
    const name = syncNameFrom(title, last.words)
    const message = messageFrom({ key, name, at }, { guildId, channelId })
    const request = { kind: 'begin', message, begins: beginningOf(id, name, snapshot) } as const
    await accept({ key, request, conversation: { id: `begin:${key}`, guildId, channelId, directory, inThread: false }, at })
    return true
  }

  #failed(error: unknown): false {
    const reason = error instanceof AgentUnavailable ? String(error.reason) : String(error)
    // A database of another version is read in vain every half minute.
    if (!isAbortError(error) && reason !== this.#told)
      this.#deps.log.warn('sessions of terminals are not followed for now', { reason })
    this.#told = reason
    return false
  }
}

/** Of a session that has gone on for long the end is shown. */
function beginningOf(id: string, name: string, { messages }: Snapshot): Beginning {
  const { upTo, ...end } = endOf(messages)
  const shown = end.leftOut > 0 ? { upTo, goesOn: { ...end, isMirror: true as const } } : WHOLE
  return { name, session: { id, upTo: shown.upTo, answeredBy: { agent: undefined, model: undefined } }, goesOn: shown.goesOn }
}

const WHOLE = { upTo: 0, goesOn: { from: undefined, leftOut: 0, isMirror: true } } as const

function messageFrom(
  { key, name, at }: { readonly key: string; readonly name: string; readonly at: number },
  { guildId, channelId }: Pick<Project, 'guildId' | 'channelId'>,
): IncomingMessage {
  return {
    id: key,
    guildId,
    channelId,
    projectChannelId: channelId,
    inThread: false,
    author: { kind: 'program', name: 'a terminal', userId: undefined },
    text: name,
    titleText: name,
    mentionsBot: false,
    reply: undefined,
    attachments: [],
    sentAt: new Date(at).toISOString(),
  }
}
