/**
 * A conversation under any order of inputs: Discord, the agent and the effects are played from a list of commands. Each step is checked
 * against the invariants that stand at the top of `state.ts`.
 */
import { planPosts } from '../../../src/app/conversation/plan-posts.ts'
import { runCommand } from '../../../src/commands/index.ts'
import { layout } from '../../../src/discord/layout/layout.ts'
import type { AgentMessage, AssistantMessage, SessionStatus } from '../../../src/domain/agent.ts'
import type { BeginConversation } from '../../../src/domain/conversation/begin.ts'
import type { Change } from '../../../src/domain/conversation/change.ts'
import { closeTurn, isBusyBeside } from '../../../src/domain/conversation/close-turn.ts'
import type { AnyOutcome, Effect } from '../../../src/domain/conversation/effect.ts'
import type { Feature } from '../../../src/domain/conversation/feature.ts'
import { asks } from '../../../src/domain/conversation/features/asks.ts'
import { btw } from '../../../src/domain/conversation/features/btw.ts'
import type { CollectFooter } from '../../../src/domain/conversation/features/footer.ts'
import { FEATURES } from '../../../src/domain/conversation/features/index.ts'
import { isWaiting, queue } from '../../../src/domain/conversation/features/queue.ts'
import { shell, type RunShell } from '../../../src/domain/conversation/features/shell.ts'
import { isStale } from '../../../src/domain/conversation/posts/post.ts'
import type { Reply } from '../../../src/domain/conversation/reply.ts'
import { interruptingOf } from '../../../src/domain/conversation/run/interrupt.ts'
import type { Interrupt, OpenThread, SubmitPrompt } from '../../../src/domain/conversation/run/effects.ts'
import { beginConversation, NEW_TURN, type Conversation } from '../../../src/domain/conversation/state.ts'
import { DEFAULT_RULES, step, type Rules } from '../../../src/domain/conversation/step.ts'
import type { IncomingMessage } from '../../../src/domain/message/incoming.ts'
import { fromCache, CACHE_VERSION, toCache } from '../../../src/store/cache.ts'
import type { Command } from './commands.ts'
import { inputOfPost, type WithoutTime } from './posts.ts'
import { checkInvariants } from './invariants.ts'
import { invocation, press } from './people.ts'
import { CHANNEL, GUILD, SESSION, answer, message, text, tool } from '../../support/conversation.ts'

const FACTS = { folder: 'p', branch: undefined, durationMs: 1, contextPercent: undefined, model: 'm', agent: 'build' }

export class Model {
  state: Conversation = beginConversation({
    id: '1',
    install: 'i',
    guildId: GUILD,
    channelId: CHANNEL,
    directory: '/p',
    verbosity: 'text_and_essential_tools',
    inThread: false,
  })
  readonly submitted: number[] = []
  /** Those that had waited in the queue: a line of their own. */
  readonly fromQueue: number[] = []
  readonly messageIds = new Map<string, string>()
  readonly postIds = new Set<string>()
  /** Shell commands. */
  readonly begun = new Set<string>()
  /** The sentences that people read who ran a slash command. */
  readonly replies: string[] = []
  /** By their keys, so that the order of features does not choose which of them ends. */
  #effects: readonly Effect[] = []
  #footers: readonly CollectFooter[] = []
  readonly #rules: Rules
  /** What OpenCode holds. */
  #session: readonly AgentMessage[] = []
  #status: SessionStatus = { kind: 'idle' }
  #now = 1000
  #order = 0
  #names = 0

  get openEffects(): readonly Effect[] {
    return this.#effects
  }

  /** Features in any order give the same result. */
  constructor(features: readonly Feature[] = FEATURES) {
    this.#rules = { ...DEFAULT_RULES, features, runCommand }
  }

  play({ kind, n }: Command): void {
    this.#now += 1 + (n % 2000)
    switch (kind) {
      case 'message':
        return this.take({ kind: 'message', order: (this.#order += 1), message: this.#written(n) })
      case 'queue':
        return this.take({ kind: 'message', order: (this.#order += 1), message: this.#written(n, '. queue') })
      case 'btw':
        return this.take({ kind: 'message', order: (this.#order += 1), message: this.#written(n, '. btw') })
      case 'shell':
        return this.take({ kind: 'message', order: (this.#order += 1), message: { ...this.#written(1), text: `!command ${n}` } })
      case 'shell-output': {
        const commands = shell.of(this.state)
        const command = commands[n % Math.max(commands.length, 1)]
        const report = { commandId: command?.id, text: `output ${n}` }
        return command && this.take({ kind: 'report', owner: 'shell', report })
      }
      case 'slash-command':
        return this.take({ kind: 'command', command: invocation(n, `cmd${(this.#names += 1)}`), isMissed: n % 7 === 0 })
      case 'ask': {
        // Some are told twice.
        const id = (n % 3 === 0 && asks.of(this.state)[0]?.id) || `per_${(this.#names += 1)}`
        const ask = { id, kind: 'permission', session: SESSION, title: 'rm' } as const
        return this.take({ kind: 'agent', event: { kind: 'asked', session: SESSION, ask } })
      }
      case 'silence':
        if (n % 3 === 0) return this.take({ kind: 'server-silent', forMs: 30_000, endsAtMs: 60_000 })
        return this.take({ kind: n % 3 === 1 ? 'server-answers' : 'server-ended' })
      case 'dead-letter':
        return this.take({ kind: 'dead-letter', order: (this.#order += 1), message: this.#written(n), text: '✗ set aside' })
      case 'edit-message':
        return this.#about(n, (known) =>
          this.take({ kind: 'edited-message', message: { ...known, text: `words ${n}${n % 2 ? '. queue' : ''}` } }),
        )
      case 'delete-message':
        return this.#about(n, ({ id }) => this.take({ kind: 'deleted-message', messageId: id }))
      case 'press':
        return this.#press(n)
      case 'outcome':
        return this.#end(n, (effect) => this.#success(effect))
      case 'failed':
        return this.#end(n, ({ kind }) =>
          n % 3 === 0 && (kind === 'open-thread' || kind === 'reject-ask') ? { kind: 'gone' } : { kind: 'failed', text: '✗ no' },
        )
      case 'run':
        return this.#run(n)
      case 'finish':
        return this.#finish(n)
      case 'abort-run':
        return this.#tellStatus({ kind: 'idle' })
      case 'cut':
        return this.#cut(n)
      case 'status':
        return this.#tellStatus(
          n % 3 === 0 ? { kind: 'retry', attempt: n % 5, message: 'x', next: n } : { kind: n % 2 ? 'busy' : 'idle' },
        )
      case 'snapshot':
        return this.take({
          kind: 'snapshot',
          snapshot: { status: this.#status, messages: this.#session, title: n % 4 ? undefined : `title ${n}` },
          meanwhile: [],
        })
      case 'footer-facts':
        return this.#reportFooter(n)
      case 'posted':
      case 'post-refused':
      case 'post-held':
      case 'post-edited':
      case 'post-fixed':
        return this.#ofPost({ kind, n })
      case 'failure':
        return this.take({
          kind: 'agent',
          event: { kind: 'failure', session: SESSION, failure: { name: 'APIError', message: 'x', status: 500, provider: 'p' } },
        })
      case 'unreadable':
        return this.take({ kind: 'unreadable', text: '✗ unreadable', final: n % 3 === 0 })
      case 'thread-gone':
        return n % 4 === 0 ? this.take({ kind: 'thread-gone', text: '✗ gone' }) : undefined
      case 'resume':
        return this.take({ kind: 'resume' })
      case 'overtaken-alarm':
        return this.take({ kind: 'alarm', owner: 'flush', name: 'overtaken' })
      case 'stall-alarm':
        for (let check = 0; check < n % 8; check += 1) this.take({ kind: 'alarm', owner: 'run', name: 'model-stall' })
        return
      case 'interrupt-alarm':
        this.#now += 3000
        return this.take({ kind: 'alarm', owner: 'run', name: 'interrupt-due' })
      case 'overtake':
        return this.#overtake(n)
      case 'crash':
        return this.#crash()
    }
  }

  take(input: WithoutTime): void {
    const before = this.state
    const change = step(before, { ...input, at: this.#now }, this.#rules)
    const plan = planPosts(change.state, layout)
    const after = closeTurn(plan.state, plan.allShown, this.#rules.features)
    for (const effect of change.effects) this.#check(effect, change.state)
    this.#checkStops(input, change)
    for (const { id, blocks } of plan.posts) {
      if (this.postIds.has(id)) throw new Error(`posted twice: ${blocks.join(' ')}`)
      this.postIds.add(id)
    }
    checkInvariants(before, plan.state, after)
    this.state = after
    this.#effects = [
      ...this.#effects.filter(({ key }) => input.kind !== 'outcome' || key !== input.effect.key),
      ...change.effects,
    ].toSorted((one, other) => one.key.localeCompare(other.key))
    this.#footers = [
      ...this.#footers,
      ...(change.actions.filter(({ kind }) => kind === 'collect-footer') as CollectFooter[]),
    ].slice(-1)
    if (after !== plan.state && isBusyBeside(after, this.#rules.features)) this.take({ kind: 'turn-closed' })
  }

  #check(effect: Effect, state: Conversation): void {
    if (effect.kind === 'shell') {
      const { commandId } = effect as RunShell
      if (this.begun.has(commandId)) throw new Error(`begun twice: ${commandId}`)
      this.begun.add(commandId)
    }
    if (effect.kind === 'reply') this.replies.push((effect as Reply).text)
    if (effect.kind !== 'prompt') return
    const { promptId, messageId, resend } = effect as SubmitPrompt
    const known = this.messageIds.get(promptId)
    if (known !== undefined && known !== messageId) throw new Error(`two message ids for ${promptId}`)
    this.messageIds.set(promptId, messageId)
    if (new Set(this.messageIds.values()).size !== this.messageIds.size) throw new Error(`one message id for two prompts`)
    const prompt = state.turn.prompts.find(({ id }) => id === promptId)
    const line = prompt?.waited ? this.fromQueue : this.submitted
    if (!resend) line.push(prompt?.order ?? -1)
    if (line.some((order, index) => index > 0 && order <= (line[index - 1] ?? 0)))
      throw new Error(`submitted out of order: ${line.join(' ')}`)
  }

  /** What a run is being stopped for goes first. */
  #checkStops(input: WithoutTime, { state, effects }: Change): void {
    const open = this.#effects.filter(({ key }) => input.kind !== 'outcome' || key !== input.effect.key)
    const stopping = new Set(open.flatMap((effect) => (effect.kind === 'interrupt' ? [(effect as Interrupt).promptId] : [])))
    const isDelivered = state.turn.prompts.some(({ id, phase }) => stopping.has(id) && phase.kind === 'delivered')
    if (isDelivered && effects.some(({ kind }) => kind === 'prompt')) throw new Error('submitted while a run is being stopped')
  }

  #written(n: number, suffix = ''): ReturnType<typeof message> {
    const id = String(100 + this.#order)
    const attachments = n % 5 ? [] : [{ id: '9', name: 'a.png', contentType: 'image/png', size: 1, url: 'https://x' }]
    return message(`words ${id}${suffix}`, { id, attachments, ...(this.#order > 1 && { channelId: '1', inThread: true }) })
  }

  /** A message that is a prompt, waits in the queue, or was asked aside. */
  #about(n: number, act: (message: IncomingMessage) => void): void {
    const known = [...this.state.turn.prompts, ...queue.of(this.state), ...btw.of(this.state)]
    const item = known[n % Math.max(known.length, 1)]
    if (item) act(item.message)
  }

  #press(n: number): void {
    const pressed = press(this.state, n)
    if (pressed) this.take({ kind: 'pressed', press: pressed })
  }

  #end(n: number, outcome: (effect: Effect) => AnyOutcome): void {
    const effect = this.#effects[n % Math.max(this.#effects.length, 1)]
    if (effect) this.take({ kind: 'outcome', effect, outcome: outcome(effect) })
  }

  #success(effect: Effect): AnyOutcome {
    const outcome = this.#successes[effect.kind]
    if (!outcome) throw new Error(`no outcome for ${effect.kind}`)
    return outcome(effect)
  }

  readonly #successes: Readonly<Record<string, (effect: Effect) => AnyOutcome>> = {
    'open-thread': (effect) => ({ kind: 'thread-opened', threadId: (effect as OpenThread).messageId }),
    'open-session': () => ({ kind: 'session-opened', session: SESSION }),
    prepare: () => ({ kind: 'prepared', prepared: [{ kind: 'failed', name: 'a.png', reason: 'gone' }] }),
    prompt: (effect) => {
      const user: AgentMessage = { kind: 'user', id: (effect as SubmitPrompt).messageId, created: this.#now }
      this.#session = [...this.#session.filter(({ id }) => id !== user.id), user]
      // The stream tells it before the submission ends, unless the stream was cut.
      if (this.#order % 4 > 0) this.take({ kind: 'agent', event: { kind: 'message', session: SESSION, message: user } })
      return { kind: 'delivered', created: this.#now }
    },
    fork: () => ({ kind: 'forked', fork: { session: 'ses_copy', upTo: this.#now, as: { agent: undefined, model: undefined } } }),
    'begin-conversation': (effect) => ({ kind: 'begun', threadId: `9${(effect as BeginConversation).id.length}` }),
    interrupt: () => ({ kind: 'aborted' }),
    shell: () => ({
      kind: 'command-ended',
      end: { kind: this.#now % 2 ? 'cut-off' : 'timed-out' },
      tookMs: (this.#now % 3) * 10_000,
      output: this.#now % 5 ? undefined : { text: 'line\n'.repeat((this.#now % 7) * 100), overflow: undefined },
    }),
    abort: () => ({ kind: 'done' }),
    reply: () => ({ kind: 'done' }),
    'reject-ask': () => ({ kind: 'done' }),
  }

  /** The agent begins an answer to the newest message, or goes on with it. */
  #run(n: number): void {
    const user = this.#session.findLast((known) => known.kind === 'user')
    if (!user) return
    this.#now += 1
    const name = (this.#names += 1)
    const parts = n % 3 === 0 ? [tool(`prt_${name}`, 'running')] : [text(`prt_${name}`, `text ${name}`, n % 2 === 0)]
    const begun = answer(`msg_a${name}`, user, parts, { created: this.#now, completed: undefined, finish: undefined })
    this.#session = [...this.#session, begun]
    this.#tellStatus({ kind: 'busy' })
    this.take({ kind: 'agent', event: { kind: 'message', session: SESSION, message: user } })
    this.#tell(begun)
  }

  /** The run dies, and the session is read twice. */
  #cut(n: number): void {
    this.#run(n)
    this.#tellStatus({ kind: 'idle' })
    for (let look = 0; look < 2; look += 1) {
      this.#now += 2000
      this.play({ kind: 'snapshot', n: 1 })
    }
  }

  /** A message comes while the agent works, and waits for longer than it may. */
  #overtake(n: number): void {
    this.#run(n)
    this.play({ kind: 'message', n: 1 })
    for (const effect of this.#effects)
      if (effect.kind === 'prompt') this.take({ kind: 'outcome', effect, outcome: this.#success(effect) })
    this.play({ kind: 'interrupt-alarm', n })
  }

  #finish(n: number): void {
    const open = this.#session.findLast(
      (known): known is AssistantMessage => known.kind === 'assistant' && known.completed === undefined,
    )
    if (open) {
      const failure = { name: n % 2 ? 'APIError' : 'MessageAbortedError', message: 'x', status: 500, provider: 'p' }
      const finish = n % 7 === 0 ? 'unknown' : n % 5 === 0 ? 'tool-calls' : 'stop'
      const done: AssistantMessage = { ...open, completed: this.#now, finish, ...(n % 11 === 0 && { failure }) }
      this.#session = this.#session.map((known) => (known === open ? done : known))
      this.#tell(done)
    }
    this.#tellStatus({ kind: 'idle' })
  }

  #tell({ parts, ...rest }: AssistantMessage): void {
    this.take({ kind: 'agent', event: { kind: 'message', session: SESSION, message: rest } })
    for (const part of parts) this.take({ kind: 'agent', event: { kind: 'part', session: SESSION, messageId: rest.id, part } })
  }

  #tellStatus(status: SessionStatus): void {
    this.#status = status
    this.take({ kind: 'agent', event: { kind: 'status', session: SESSION, status } })
  }

  #reportFooter(n: number): void {
    const [action] = this.#footers
    if (!action) return
    const report = { answerId: action.answer.id, facts: { ...FACTS, durationMs: n } }
    this.take({ kind: 'report', owner: 'footer', report })
  }

  #ofPost({ kind, n }: Command): void {
    const input = inputOfPost(this.state, kind, n, () => String((this.#names += 1)))
    if (input) this.take(input)
  }

  /** What `store/load` gives back after a `kill -9`; effects on record run again. */
  #crash(): void {
    const { turn, posts, session } = this.state
    const cached = fromCache(CACHE_VERSION, toCache(this.state))
    if (!cached) throw new Error('the cache cannot be read')
    this.state = {
      ...this.state,
      ...cached,
      turn: {
        ...NEW_TURN,
        prompts: turn.prompts,
        isSynced: turn.prompts.length + posts.posted.size === 0 || session.kind !== 'open',
        interrupting: interruptingOf(this.#effects),
      },
    }
    this.take({ kind: 'resume' })
  }

  /** Everything that is on its way ends well; true when nothing of the conversation is open any more. */
  drain(): boolean {
    for (let turn = 0; turn < 200 && !this.#isDone(); turn += 1) {
      for (const effect of this.#effects) this.take({ kind: 'outcome', effect, outcome: this.#success(effect) })
      const user = this.#session.findLast((known) => known.kind === 'user')
      const isAnswered = this.#session.some(
        (known) => known.kind === 'assistant' && known.parent === user?.id && known.finish === 'stop' && !known.failure,
      )
      if (user && !isAnswered) {
        this.#run(1)
        this.#finish(1)
      }
      this.#tellStatus({ kind: 'idle' })
      this.#now += 2000
      this.play({ kind: 'snapshot', n: 1 })
      this.#reportFooter(1)
      this.play({ kind: 'posted', n: 1 })
      this.play({ kind: 'post-edited', n: 1 })
    }
    return this.#isDone()
  }

  #isDone(): boolean {
    const { turn, posts } = this.state
    const open = turn.prompts.length + btw.of(this.state).length + shell.of(this.state).length + posts.outbox.length
    return open === 0 && !queue.of(this.state).some(isWaiting) && !posts.editable.some(isStale)
  }
}
