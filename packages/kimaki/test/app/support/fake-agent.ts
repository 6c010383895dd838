/**
 * An OpenCode that says what the test says, one event at a time. Sessions hold what was submitted; a prompt that a test has scripted with
 * `answers` or `hangs` runs by itself, any other one is busy until the test says more.
 */
import { AgentRefused, DirectoryGone, SessionGone } from '../../../src/base/errors.ts'
import { untilAborted } from '../../../src/base/sleep.ts'
import type { Clock } from '../../../src/base/clock.ts'
import { isPickedUp } from '../../../src/domain/conversation/run/derive.ts'
import type { AgentEvent, AgentMessage, AnsweredBy, Ask, Fork, Snapshot } from '../../../src/domain/agent.ts'
import type {
  AgentNotice,
  KnownProject,
  AskOutcome,
  AgentPort,
  ForkRequest,
  PromptRequest,
  RecallRequest,
} from '../../../src/ports/agent.ts'
import type { AgentError } from '../../../src/ports/agent-error.ts'
import type { SessionsPort, SessionSummary } from '../../../src/ports/sessions.ts'
import { SESSION, answer, run, text } from '../../support/conversation.ts'

type WithoutDirectories<Notice> = Notice extends unknown ? Omit<Notice, 'directories'> : never

type Call =
  | 'allow'
  | 'reject'
  | 'answer'
  | 'openSession'
  | 'fork'
  | 'commands'
  | 'prompt'
  | 'recall'
  | 'snapshot'
  | 'abort'
  | 'contextLimit'

/** Asked before each call of that name; a returned value is the answer. */
type Answers = {
  [Name in Call]?: (...call: Parameters<AgentPort[Name]>) => Promise<Awaited<ReturnType<AgentPort[Name]>> | undefined>
} & {
  [Name in keyof SessionsPort]?: (
    ...call: Parameters<SessionsPort[Name]>
  ) => Promise<Awaited<ReturnType<SessionsPort[Name]>> | undefined>
}

export const FORK_AS: AnsweredBy = { agent: 'plan', model: { provider: 'p', model: 'm', variant: 'high' } }

const NOTHING: Snapshot = { status: { kind: 'idle' }, messages: [], title: undefined }

export class FakeAgent implements AgentPort {
  /** As they were submitted. */
  readonly prompts: PromptRequest[] = []
  readonly calls: string[] = []
  /** Copies, by their marks. */
  readonly forks = new Map<string, string>()
  readonly goneDirectories = new Set<string>()
  commandNames: readonly string[] = []
  summaries: readonly SessionSummary[] = []
  on: Answers = {}
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
    const { directory, session, mark, title, isRetry } = request
    this.calls.push(`fork ${mark}`)
    return this.#answer(directory, this.on.fork?.(request), () => {
      const source = this.#sessions.get(session)
      if (!source) return new SessionGone({ session })
      const known = isRetry ? this.forks.get(mark) : undefined
      const copy = known ?? `ses_copy_${this.forks.size + 1}`
      this.forks.set(mark, copy)
      if (!known) this.#sessions.set(copy, { ...source, status: { kind: 'idle' }, title })
      return { session: copy, upTo: Math.max(this.#clock.now(), ...source.messages.map(({ created }) => created)), as: FORK_AS }
    })
  }

  async commands(directory: string): Promise<readonly string[] | AgentError> {
    return this.#answer(directory, this.on.commands?.(directory), () => this.commandNames)
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
    read: async (_directory, session) => this.#summary(session),
    share: async (directory, session, isShared) => {
      this.calls.push(`share ${isShared}`)
      const refused = await this.on.share?.(directory, session, isShared)
      if (refused) return refused
      return { ...this.#summary(session), sharedAt: isShared ? `https://opencode.test/s/${session}` : undefined }
    },
  }

  #summary(session: string) {
    return this.summaries.find(({ id }) => id === session) ?? { id: session, title: '', updated: 0, sharedAt: undefined }
  }

  async contextLimit(
    directory: string,
    model: { readonly provider: string; readonly model: string },
  ): Promise<number | undefined> {
    this.#stopping.signal.throwIfAborted()
    const given = this.on.contextLimit?.(directory, model)
    return given && untilAborted(given, this.#stopping.signal)
  }

  onEvent(listener: (event: AgentEvent) => void): void {
    this.#events.push(listener)
  }

  onNotice(listener: (notice: AgentNotice) => void): void {
    this.#notices.push(listener)
  }

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
    const { messages, status, title } = this.#sessions.get(session) ?? NOTHING
    const user = this.user(request)
    const others = messages.filter(({ id }) => id !== messageId && !removeFirst.includes(id))
    const isAnswered = !noReply && this.#script(request)?.words !== undefined
    const running: Snapshot = { title, messages: [...others, user], status: noReply ? status : { kind: 'busy' } }
    this.#sessions.set(session, running)
    if (isAnswered) this.#run(session, user, this.#script(request)?.words ?? '')
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
