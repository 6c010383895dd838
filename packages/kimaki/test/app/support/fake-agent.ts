/**
 * An OpenCode that says what the test says, one event at a time. Sessions hold what was submitted; a prompt that a test has scripted with
 * `answers` or `hangs` runs by itself, any other one is busy until the test says more.
 */
import { AgentRefused, DirectoryGone, SessionGone } from '../../../src/base/errors.ts'
import { untilAborted } from '../../../src/base/sleep.ts'
import type { Clock } from '../../../src/base/clock.ts'
import { isPickedUp } from '../../../src/domain/conversation/run/derive.ts'
import type { AgentEvent, AgentMessage, AnsweredBy, AssistantMessage, Ask, Fork, Snapshot } from '../../../src/domain/agent.ts'
import type { Offered } from '../../../src/domain/offered.ts'
import type {
  AgentNotice,
  AskOutcome,
  AgentPort,
  FilesRequest,
  FoundFile,
  ForkRequest,
  KnownProject,
  PromptRequest,
  RecallRequest,
  SwitchRequest,
} from '../../../src/ports/agent.ts'
import type { AgentError } from '../../../src/ports/agent-error.ts'
import type { Choices } from '../../../src/domain/models/choices.ts'
import type { SessionSummary } from '../../../src/ports/agent/sessions.ts'
import type { AgentAnswers } from './agent-answers.ts'
import { FakeLogIns } from './fake-log-ins.ts'
import { FakeMcp } from './fake-mcp.ts'
import { transcriptOf } from './fake-transcript.ts'
import { SESSION, answer, run, text } from '../../support/conversation.ts'

type WithoutDirectories<Notice> = Notice extends unknown ? Omit<Notice, 'directories'> : never

export const FORK_AS: AnsweredBy = { agent: 'plan', model: { provider: 'p', model: 'm', variant: 'high' } }

const NOTHING: Snapshot = { status: { kind: 'idle' }, messages: [], title: undefined }

export class FakeAgent implements AgentPort {
  /** As they were submitted. */
  readonly prompts: PromptRequest[] = []
  readonly calls: string[] = []
  /** Whom messages were made to name. */
  readonly switched: AnsweredBy[] = []
  /** Copies, by their marks. */
  readonly forks = new Map<string, string>()
  readonly goneDirectories = new Set<string>()
  commandNames: readonly string[] = []
  /** Beside the commands of `commandNames`. */
  offers: Offered = { agents: [], commands: [] }
  choices: Choices = { providers: [], agents: [], configured: undefined, recent: [], defaultAgent: undefined }
  summaries: readonly SessionSummary[] = []
  children: readonly SessionSummary[] = []
  paths: readonly string[] = []
  /** What undoing changes in files. */
  diffs = ''
  on: AgentAnswers = {}
  /** From which message on sessions are undone. */
  readonly #undone = new Map<string, string>()
  readonly #clock: Clock
  readonly #stopping = new AbortController()
  readonly #events: ((event: AgentEvent) => void)[] = []
  readonly #notices: ((notice: AgentNotice) => void)[] = []
  readonly #directories = new Set<string>()
  /** By their marks: the first conversation has `SESSION`. */
  readonly #marks = new Map<string, string>()
  readonly #sessions = new Map<string, Snapshot>()
  readonly #created = new Map<string, number>()
  readonly #scripts: { readonly match: string; readonly words: string | undefined }[] = []
  #session = NOTHING

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** What the test says `SESSION` holds. */
  get session(): Snapshot {
    return this.#session
  }

  /** Messages that were submitted and that the test leaves out stand in front, and are being worked on. */
  set session(session: Snapshot) {
    this.#session = session
    const known = new Set(session.messages.map(({ id }) => id))
    const submitted = this.prompts.filter((prompt) => prompt.session === SESSION && !known.has(prompt.messageId))
    const missing = [...new Map(submitted.map((prompt) => [prompt.messageId, prompt])).values()].map((prompt) =>
      this.user(prompt),
    )
    this.#sessions.set(SESSION, {
      ...session,
      messages: [...missing, ...session.messages],
      status: missing.length > 0 ? { kind: 'busy' } : session.status,
    })
  }

  /** OpenCode outlives the bot: sessions stay, with what the test says they hold. */
  inherit(earlier: FakeAgent): void {
    for (const [mark, session] of earlier.#marks) this.#marks.set(mark, session)
    for (const [mark, session] of earlier.forks) this.forks.set(mark, session)
    for (const session of earlier.#sessions.keys()) this.#sessions.set(session, NOTHING)
    this.session = earlier.session
  }

  /** A prompt that contains `match` is answered with these words, at once. */
  answers(match: string, words: string): void {
    this.#scripts.push({ match, words })
  }

  /** The run of a prompt that contains `match` goes on until it is aborted. */
  hangs(match: string): void {
    this.#scripts.push({ match, words: undefined })
  }

  /** OpenCode tells this on its stream. */
  emit(...events: readonly AgentEvent[]): void {
    for (const event of events) for (const listener of this.#events) listener(event)
  }

  /** Concerns every folder that something was asked about. */
  notice(notice: WithoutDirectories<AgentNotice>): void {
    for (const listener of this.#notices) listener({ ...notice, directories: [...this.#directories] })
  }

  /** The prompt's message as the session has it. */
  user(prompt = this.prompts.at(-1)): AgentMessage {
    const id = prompt?.messageId ?? 'msg_none'
    return { kind: 'user', id, created: this.#created.get(id) ?? 0 }
  }

  warm(): void {}

  async servers(): Promise<readonly []> {
    return []
  }

  /** What OpenCode has worked in. */
  knownProjects: readonly KnownProject[] = []

  async projects(): Promise<readonly KnownProject[]> {
    return this.knownProjects
  }

  async openSession(directory: string, mark: string, isRetry: boolean): Promise<{ readonly session: string } | AgentError> {
    return this.#answer(directory, this.on.openSession?.(directory, mark, isRetry), () => {
      const session = this.#marks.get(mark) ?? (this.#marks.size === 0 ? SESSION : `ses_${this.#marks.size + 1}`)
      this.#marks.set(mark, session)
      if (!this.#sessions.has(session)) this.#sessions.set(session, NOTHING)
      return { session }
    })
  }

  async fork(request: ForkRequest): Promise<Fork | AgentError> {
    const { directory, session, mark, title, isRetry, before } = request
    this.calls.push(`fork ${mark}`)
    return this.#answer(directory, this.on.fork?.(request), () => {
      const source = this.#sessions.get(session)
      if (!source) return new SessionGone({ session })
      const known = isRetry ? this.forks.get(mark) : undefined
      const copy = known ?? `ses_copy_${this.forks.size + 1}`
      this.forks.set(mark, copy)
      const at = source.messages.findIndex(({ id }) => id === before)
      const messages = at === -1 ? source.messages : source.messages.slice(0, at)
      if (!known) this.#sessions.set(copy, { messages, status: { kind: 'idle' }, title })
      return { session: copy, upTo: Math.max(this.#clock.now(), ...source.messages.map(({ created }) => created)), as: FORK_AS }
    })
  }

  async commands(directory: string): Promise<readonly string[] | AgentError> {
    return this.#answer(directory, this.on.commands?.(directory), () => this.commandNames)
  }

  async offered(directory: string, mayStart: boolean): Promise<Offered | undefined | AgentError> {
    this.calls.push(`offered ${mayStart}`)
    const named = this.commandNames.map((name) => ({ name, description: '', source: 'command' as const }))
    return this.#answer<Offered | undefined | AgentError>(directory, this.on.offered?.(directory, mayStart), () => ({
      agents: this.offers.agents,
      commands: [...named, ...this.offers.commands],
    }))
  }

  async restart(directory: string): Promise<undefined | AgentError> {
    this.calls.push('restart')
    return this.#answer<undefined | AgentError>(directory, this.on.restart?.(directory), () => undefined)
  }

  async prompt(request: PromptRequest): Promise<{ readonly created: number } | AgentError> {
    const { directory, session, messageId, command, isRetry, resend } = request
    this.#directories.add(directory)
    const stands = this.#sessions.get(session)?.messages.find(({ id }) => id === messageId)
    if (stands && isRetry && !resend) return this.#answer(directory, undefined, () => ({ created: stands.created }))
    this.prompts.push(request)
    this.#created.set(messageId, this.#clock.now())
    return this.#answer(directory, this.on.prompt?.(request), () => {
      if (!this.#sessions.has(session)) return new SessionGone({ session })
      if (command && !this.commandNames.includes(command.name))
        return new AgentRefused({ status: 400, reason: `Command not found: "${command.name}"` })
      this.#take(request)
      return { created: this.#clock.now() }
    })
  }

  async switchModel(request: SwitchRequest): Promise<{ readonly created: number } | AgentError> {
    const { directory, session, messageId, answeredBy } = request
    this.calls.push(`switch ${messageId}`)
    return this.#answer(directory, this.on.switchModel?.(request), () => {
      const known = this.#sessions.get(session) ?? NOTHING
      const created = this.#clock.now() + 1
      this.switched.push(answeredBy)
      this.emit({ kind: 'message', session, message: { kind: 'user', id: messageId, created } })
      this.#sessions.set(session, {
        ...known,
        messages: known.messages.map((message) => (message.id === messageId ? { ...message, created } : message)),
      })
      return { created }
    })
  }

  async recall(request: RecallRequest): Promise<'emptied' | 'reworded' | 'absent' | 'read' | AgentError> {
    const { directory, session, messageId, parts } = request
    this.calls.push(`recall ${messageId}`)
    return this.#answer(directory, this.on.recall?.(request), () => {
      const messages = this.#sessions.get(session)?.messages
      if (!messages) return new SessionGone({ session })
      if (!messages.some(({ id }) => id === messageId)) return 'absent'
      if (isPickedUp(messages, messageId)) return 'read'
      return parts ? 'reworded' : 'emptied'
    })
  }

  async snapshot(directory: string, session: string): Promise<Snapshot | AgentError> {
    this.calls.push('snapshot')
    this.#directories.add(directory)
    return this.#answer(
      directory,
      this.on.snapshot?.(directory, session),
      () => this.#sessions.get(session) ?? new SessionGone({ session }),
    )
  }

  async abort(directory: string, session: string, drop: readonly string[] = []): Promise<undefined | AgentError> {
    this.calls.push('abort')
    return this.#answer(directory, this.on.abort?.(directory, session, drop), () => {
      const known = this.#sessions.get(session)
      if (!known) return undefined
      const messages = known.messages.filter(({ id }) => !drop.includes(id))
      this.#sessions.set(session, { ...known, messages, status: { kind: 'idle' } })
      return undefined
    })
  }

  async allow(directory: string, ask: Ask): Promise<AskOutcome | AgentError> {
    this.calls.push(`allow ${ask.id}`)
    return this.#answer<AskOutcome | AgentError>(directory, this.on.allow?.(directory, ask), () => 'answered')
  }

  async reject(directory: string, ask: Ask, words?: string): Promise<AskOutcome | AgentError> {
    this.calls.push(words === undefined ? `reject ${ask.id}` : `reject ${ask.id}: ${words}`)
    return this.#answer<AskOutcome | AgentError>(directory, this.on.reject?.(directory, ask, words), () => 'answered')
  }

  async answer(directory: string, ask: Ask, answers: readonly (readonly string[])[]): Promise<AskOutcome | AgentError> {
    this.calls.push(`answer ${ask.id}: ${JSON.stringify(answers)}`)
    return this.#answer<AskOutcome | AgentError>(directory, this.on.answer?.(directory, ask, answers), () => 'answered')
  }

  readonly sessions: AgentPort['sessions'] = {
    list: async (_directory, { search, limit }) =>
      this.summaries.filter(({ title }) => title.toLowerCase().includes(search.toLowerCase())).slice(0, limit),
    search: async (directory, query) => (await this.on.search?.(directory, query)) ?? this.sessions.list(directory, query),
    read: async (_directory, session) => this.#summary(session),
    find: async (_directory, id) => this.summaries.find((each) => each.id === id) ?? new SessionGone({ session: id }),
    history: async (_directory, session) => {
      const { messages, title = '' } = this.#sessions.get(session) ?? NOTHING
      const past = messages.map(({ id, kind, created }) => ({ id, kind, created, words: this.#wordsOf(id) }))
      return { title, messages: past, undoneFrom: this.#undone.get(session) }
    },
    transcript: async (_directory, session) => transcriptOf(this.#sessions.get(session), (id) => this.#wordsOf(id)),
    exported: async (_directory, session) => ({ info: { id: session }, messages: [] }),
    children: async () => this.children,
    revert: async (directory, session, from) => {
      this.calls.push(`revert ${from === undefined ? 'nothing' : this.#wordsOf(from)}`)
      const given = await this.on.revert?.(directory, session, from)
      if (given !== undefined) return given
      if (this.#sessions.get(session)?.status.kind !== 'idle') return new AgentRefused({ status: 409, reason: 'busy' })
      if (from === undefined) this.#undone.delete(session)
      else this.#undone.set(session, from)
      return from === undefined ? '' : this.diffs
    },
    changed: async (...call) => (await this.on.changed?.(...call)) ?? [],
    summarize: async (directory, session, model) => {
      this.calls.push(`summarize ${model.provider}/${model.model}`)
      const given = await this.on.summarize?.(directory, session, model)
      if (given !== undefined) return given
      this.sumUp(session)
      return undefined
    },
    findFiles: async (_, query, limit) => this.paths.filter((path) => path.includes(query)).slice(0, limit),
    share: async (directory, session, isShared) => {
      this.calls.push(`share ${isShared}`)
      const shared = { ...this.#summary(session), sharedAt: isShared ? `https://opencode.test/s/${session}` : undefined }
      return (await this.on.share?.(directory, session, isShared)) ?? shared
    },
  }

  /** A summary stands in the session, and is told. */
  sumUp(session: string, more: Partial<AssistantMessage> = {}): void {
    const known = this.#sessions.get(session) ?? NOTHING
    const created = this.#clock.now()
    const asked: AgentMessage = { kind: 'user', id: `msg_compaction_${known.messages.length}`, created }
    const summary = { ...answer(`${asked.id}_summary`, asked, []), summary: true, ...more }
    this.#sessions.set(session, { ...known, messages: [...known.messages, asked, summary] })
    this.emit(...run(asked, summary).map((event) => ({ ...event, session })))
  }

  /** A session that no bot has opened. */
  readonly opened = (session: string, snapshot: Snapshot): void => void this.#sessions.set(session, snapshot)

  #wordsOf(messageId: string): string {
    const parts = this.prompts.find((prompt) => prompt.messageId === messageId)?.parts ?? []
    return parts.flatMap((part) => (part.type === 'text' && !part.synthetic ? part.text : [])).join('\n')
  }

  readonly expectRunning = (): void => this.#stopping.signal.throwIfAborted()
  readonly mcp = new FakeMcp(this)
  readonly logIns = new FakeLogIns(this)

  #summary(session: string) {
    return this.summaries.find(({ id }) => id === session) ?? { id: session, title: '', updated: 0, sharedAt: undefined }
  }

  async files(request: FilesRequest): Promise<readonly FoundFile[] | AgentError> {
    this.calls.push(`files ${request.partId}`)
    return this.#answer<readonly FoundFile[] | AgentError>(request.directory, this.on.files?.(request), () => [])
  }

  readonly catalog: AgentPort['catalog'] = {
    choices: async (directory) => this.#answer(directory, this.on.choices?.(directory), () => this.choices),
    answererOf: async (directory, session) =>
      this.#answer(directory, this.on.answererOf?.(directory, session), () => ({ agent: undefined, model: undefined })),
  }

  async contextLimit(...asked: Parameters<AgentPort['contextLimit']>): Promise<number | undefined> {
    this.#stopping.signal.throwIfAborted()
    const given = this.on.contextLimit?.(...asked)
    return given && untilAborted(given, this.#stopping.signal)
  }

  readonly onEvent = (listener: (event: AgentEvent) => void): void => void this.#events.push(listener)
  readonly onNotice = (listener: (notice: AgentNotice) => void): void => void this.#notices.push(listener)

  async stop(): Promise<void> {
    this.#stopping.abort()
  }

  /** What the test answers, or else what OpenCode would; a call that the stop ends rejects. */
  async #answer<T>(
    directory: string,
    answered: Promise<T | undefined> | undefined,
    otherwise: () => T,
  ): Promise<T | DirectoryGone> {
    const { signal } = this.#stopping
    signal.throwIfAborted()
    if (this.goneDirectories.has(directory)) return new DirectoryGone({ directory })
    const given = answered && (await untilAborted(answered, signal))
    return given ?? otherwise()
  }

  /** The message stands in its session from now on, as its newest, and runs unless it waits for the next one. */
  #take(request: PromptRequest): void {
    const { session, messageId, removeFirst = [], noReply } = request
    const { messages: all, status, title } = this.#sessions.get(session) ?? NOTHING
    const messages = this.#withoutUndone(session, all)
    const user = this.user(request)
    const others = messages.filter(({ id }) => id !== messageId && !removeFirst.includes(id))
    const isAnswered = !noReply && this.#script(request)?.words !== undefined
    const running: Snapshot = { title, messages: [...others, user], status: noReply ? status : { kind: 'busy' } }
    this.#sessions.set(session, running)
    if (isAnswered) this.#run(session, user, this.#script(request)?.words ?? '')
  }

  /** What is undone is deleted for good by the next prompt. */
  #withoutUndone(session: string, messages: readonly AgentMessage[]): readonly AgentMessage[] {
    const at = messages.findIndex(({ id }) => id === this.#undone.get(session))
    if (at === -1) return messages
    this.#undone.delete(session)
    for (const { id } of messages.slice(at)) this.emit({ kind: 'removed', session, messageId: id })
    return messages.slice(0, at)
  }

  #run(session: string, user: AgentMessage, words: string): void {
    const known = this.#sessions.get(session) ?? NOTHING
    const whole = answer(`${user.id}_answer`, user, [text(`${user.id}_text`, words)])
    this.#sessions.set(session, { ...known, messages: [...known.messages, whole], status: { kind: 'idle' } })
    this.emit(...run(user, whole).map((event) => ({ ...event, session })))
  }

  #script({ parts }: PromptRequest) {
    const words = parts.flatMap((part) => (part.type === 'text' ? part.text : [])).join('\n')
    return this.#scripts.find(({ match }) => words.includes(match))
  }
}
