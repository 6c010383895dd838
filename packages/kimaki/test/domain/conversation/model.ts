/**
 * A conversation under any order of inputs: Discord, the agent and the effects are played from a list of dice. Each step is checked
 * against the invariants that stand at the top of `state.ts`.
 */
import { planPosts } from '../../../src/app/conversation/plan-posts.ts'
import { layout } from '../../../src/discord/layout/layout.ts'
import type { AgentMessage, AssistantMessage, SessionStatus } from '../../../src/domain/conversation/agent.ts'
import type { Change } from '../../../src/domain/conversation/change.ts'
import type { Effect, Hint, Outcome } from '../../../src/domain/conversation/effect.ts'
import type { Input } from '../../../src/domain/conversation/input.ts'
import { interruptingOf } from '../../../src/domain/conversation/interrupt.ts'
import type { Prompt } from '../../../src/domain/conversation/prompt.ts'
import { settle } from '../../../src/domain/conversation/settle.ts'
import { beginConversation, faceText, isStale, type Conversation } from '../../../src/domain/conversation/state.ts'
import { step } from '../../../src/domain/conversation/step.ts'
import { answer, SESSION, text, tool } from '../../app/support/fake-agent.ts'
import { CHANNEL, GUILD, message } from '../../app/support/fake-chat.ts'
import type { Die } from './dice.ts'
import { checkInvariants } from './invariants.ts'

type WithoutTime = Input extends infer I ? (I extends unknown ? Omit<I, 'at'> : never) : never

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
  readonly handedOver: number[] = []
  /** Those that had waited in the queue: a line of their own. */
  readonly fromQueue: number[] = []
  readonly messageIds = new Map<string, string>()
  readonly postIds = new Set<string>()
  /** Shell commands. */
  readonly begun = new Set<string>()
  #effects: readonly Effect[] = []
  #answers: readonly Extract<Hint, { kind: 'describe' }>[] = []
  /** What OpenCode holds. */
  #session: readonly AgentMessage[] = []
  #status: SessionStatus = { kind: 'idle' }
  #now = 1000
  #order = 0
  #names = 0

  play({ kind, n }: Die): void {
    this.#now += 1 + (n % 2000)
    switch (kind) {
      case 'message':
        return this.take({ kind: 'message', order: (this.#order += 1), message: this.#written(n) })
      case 'queue':
        return this.take({ kind: 'message', order: (this.#order += 1), message: this.#written(n, '. queue') })
      case 'aside':
        return this.take({ kind: 'message', order: (this.#order += 1), message: this.#written(n, '. btw') })
      case 'shell':
        return this.take({ kind: 'message', order: (this.#order += 1), message: { ...this.#written(1), text: `!command ${n}` } })
      case 'command-output': {
        const command = this.state.commands[n % Math.max(this.state.commands.length, 1)]
        return command && this.take({ kind: 'command-output', commandId: command.id, text: `output ${n}` })
      }
      case 'edit-message':
        return this.#about(n, ({ message: one }) =>
          this.take({ kind: 'edited-message', message: { ...one, text: `words ${n}${n % 2 ? '. queue' : ''}` } }),
        )
      case 'delete-message':
        return this.#about(n, ({ message: one }) => this.take({ kind: 'deleted-message', messageId: one.id }))
      case 'press':
        return this.#press(n)
      case 'outcome':
        return this.#end(n, (effect) => this.#success(effect))
      case 'failed':
        return this.#end(n, ({ kind }) =>
          n % 3 === 0 && kind === 'open-thread' ? { kind: 'gone' } : { kind: 'failed', text: '✗ no' },
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
      case 'described':
        return this.#describe(n)
      case 'posted':
        return this.#post((postId) => ({ kind: 'posted', postId, messageId: String((this.#names += 1)) }))
      case 'post-refused':
        return this.#post((postId) => ({ kind: 'post-refused', postId, fallback: 'a line' }))
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
      case 'wake':
        return this.take({ kind: 'wake', why: 'overtaken' })
      case 'silence':
        for (let look = 0; look < n % 8; look += 1) this.take({ kind: 'wake', why: 'silence' })
        return
      case 'waiting':
        this.#now += 3000
        return this.take({ kind: 'wake', why: 'waiting' })
      case 'overtake':
        return this.#overtake(n)
      case 'edited':
        return this.#edit()
      case 'crash':
        return this.#crash()
    }
  }

  take(input: WithoutTime): void {
    const before = this.state
    const change = step(before, { ...input, at: this.#now })
    const plan = planPosts(change.state, layout)
    const after = settle(plan.state, plan.allShown)
    for (const effect of change.effects) this.#check(effect, change.state)
    this.#checkStops(input, change)
    for (const { id } of plan.posts) {
      if (this.postIds.has(id)) throw new Error(`posted twice: ${id}`)
      this.postIds.add(id)
    }
    checkInvariants(before, plan.state, after)
    this.state = after
    this.#effects = [
      ...this.#effects.filter(({ key }) => input.kind !== 'outcome' || key !== input.effect.key),
      ...change.effects,
    ]
    this.#answers = [...this.#answers, ...change.hints.filter((hint) => hint.kind === 'describe')].slice(-1)
    if (after !== plan.state && after.prompts.length > 0) this.take({ kind: 'wake', why: 'settled' })
  }

  #check(effect: Effect, state: Conversation): void {
    if (effect.kind === 'shell') {
      if (this.begun.has(effect.commandId)) throw new Error(`begun twice: ${effect.commandId}`)
      this.begun.add(effect.commandId)
    }
    if (effect.kind !== 'prompt') return
    const known = this.messageIds.get(effect.promptId)
    if (known !== undefined && known !== effect.messageId) throw new Error(`two message ids for ${effect.promptId}`)
    this.messageIds.set(effect.promptId, effect.messageId)
    if (new Set(this.messageIds.values()).size !== this.messageIds.size) throw new Error(`one message id for two prompts`)
    const prompt = state.prompts.find(({ id }) => id === effect.promptId)
    const line = prompt?.waited ? this.fromQueue : this.handedOver
    if (!effect.resend) line.push(prompt?.order ?? -1)
    if (line.some((order, index) => index > 0 && order <= (line[index - 1] ?? 0)))
      throw new Error(`handed over out of order: ${line.join(' ')}`)
  }

  /** What a run is being stopped for goes first. */
  #checkStops(input: WithoutTime, { state, effects }: Change): void {
    const open = this.#effects.filter(({ key }) => input.kind !== 'outcome' || key !== input.effect.key)
    const stopping = new Set(open.flatMap((effect) => (effect.kind === 'interrupt' ? [effect.promptId] : [])))
    const isWaiting = state.prompts.some(({ id, phase }) => stopping.has(id) && phase.kind === 'seen')
    if (isWaiting && effects.some(({ kind }) => kind === 'prompt')) throw new Error('handed over while a run is being stopped')
  }

  #written(n: number, suffix = ''): ReturnType<typeof message> {
    const id = String(100 + this.#order)
    const attachments = n % 5 ? [] : [{ id: '9', name: 'a.png', contentType: 'image/png', size: 1, url: 'https://x' }]
    return message(`words ${id}${suffix}`, { id, attachments, ...(this.#order > 1 && { channelId: '1', inThread: true }) })
  }

  #about(n: number, act: (prompt: Prompt) => void): void {
    const prompt = this.state.prompts[n % Math.max(this.state.prompts.length, 1)]
    if (prompt) act(prompt)
  }

  /** A button that stands, or stood. */
  #press(n: number): void {
    const { prompts, messages, commands } = this.state
    const ids = [
      ...prompts.map(({ id }) => `unqueue:${id}`),
      ...messages.map(({ id }) => `stop:${id}`),
      ...commands.map(({ id }) => `stop-shell:${id}`),
    ]
    const customId = ids[n % Math.max(ids.length, 1)]
    const press = { id: '1', guildId: GUILD, channelId: '1', messageId: '2', userId: '3', userName: 'ada' }
    if (customId !== undefined) this.take({ kind: 'pressed', press: { ...press, customId } })
  }

  #end(n: number, outcome: (effect: Effect) => Outcome): void {
    const effect = this.#effects[n % Math.max(this.#effects.length, 1)]
    if (effect) this.take({ kind: 'outcome', effect, outcome: outcome(effect) })
  }

  #success(effect: Effect): Outcome {
    switch (effect.kind) {
      case 'open-thread':
        return { kind: 'thread-opened', threadId: effect.messageId }
      case 'open-session':
        return { kind: 'session-opened', session: SESSION }
      case 'prepare':
        return { kind: 'prepared', prepared: [{ kind: 'failed', name: 'a.png', reason: 'gone' }] }
      case 'prompt': {
        const user: AgentMessage = { kind: 'user', id: effect.messageId, created: this.#now }
        this.#session = [...this.#session.filter(({ id }) => id !== user.id), user]
        // The stream tells it before the hand-over ends, unless it was cut.
        if (this.#order % 4 > 0) this.take({ kind: 'agent', event: { kind: 'message', session: SESSION, message: user } })
        return { kind: 'seen', created: this.#now }
      }
      case 'fork':
        return { kind: 'forked', fork: { session: 'ses_copy', upTo: this.#now, as: { agent: undefined, model: undefined } } }
      case 'open-aside':
        return { kind: 'thread-opened', threadId: '2' }
      case 'interrupt':
        return { kind: 'aborted' }
      case 'shell':
        return {
          kind: 'command-ended',
          end: { kind: this.#now % 2 ? 'cut-off' : 'timed-out' },
          tookMs: (this.#now % 3) * 10_000,
          output: this.#now % 5 ? undefined : { text: 'line\n'.repeat((this.#now % 7) * 100), overflow: undefined },
        }
      case 'abort':
      case 'reject-ask':
        return { kind: 'done' }
    }
  }

  /** The agent begins an answer to the newest message, or goes on with it. */
  #run(n: number): void {
    const user = this.#session.findLast((one) => one.kind === 'user')
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
    this.play({ kind: 'waiting', n })
  }

  #finish(n: number): void {
    const open = this.#session.findLast((one): one is AssistantMessage => one.kind === 'assistant' && one.completed === undefined)
    if (open) {
      const failure = { name: n % 2 ? 'APIError' : 'MessageAbortedError', message: 'x', status: 500, provider: 'p' }
      const finish = n % 7 === 0 ? 'unknown' : n % 5 === 0 ? 'tool-calls' : 'stop'
      const done: AssistantMessage = { ...open, completed: this.#now, finish, ...(n % 11 === 0 && { failure }) }
      this.#session = this.#session.map((one) => (one === open ? done : one))
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

  #describe(n: number): void {
    const [hint] = this.#answers
    if (hint) this.take({ kind: 'described', answerId: hint.answer.id, facts: { ...FACTS, durationMs: n } })
  }

  #post(input: (postId: string) => WithoutTime): void {
    const [first] = this.state.outbox
    if (first) this.take(input(first.id))
  }

  #edit(): void {
    const card = this.state.cards.find(isStale)
    if (card) this.take({ kind: 'edited', postId: card.postId, shown: faceText(card.face) })
  }

  /** What `store/load` gives back after a `kill -9`; effects on record run again. */
  #crash(): void {
    const { prompts, posted, session, commands } = this.state
    this.state = {
      ...this.state,
      commands: commands.map(({ whole: _whole, ...command }) => command),
      messages: [],
      footers: {},
      failure: undefined,
      suspect: undefined,
      status: { kind: 'idle' },
      mirrored: prompts.length + posted.size === 0 || session.kind !== 'open',
      interrupting: interruptingOf(this.#effects),
    }
    this.take({ kind: 'resume' })
  }

  /** Everything that is on its way ends well; true when nothing of the conversation is open any more. */
  drain(): boolean {
    for (let turn = 0; turn < 200 && !this.#isSettled(); turn += 1) {
      for (const effect of this.#effects) this.take({ kind: 'outcome', effect, outcome: this.#success(effect) })
      const user = this.#session.findLast((one) => one.kind === 'user')
      const isAnswered = this.#session.some(
        (one) => one.kind === 'assistant' && one.parent === user?.id && one.finish === 'stop' && !one.failure,
      )
      if (user && !isAnswered) {
        this.#run(1)
        this.#finish(1)
      }
      this.#tellStatus({ kind: 'idle' })
      this.#now += 2000
      this.play({ kind: 'snapshot', n: 1 })
      this.#describe(1)
      this.play({ kind: 'posted', n: 1 })
      this.play({ kind: 'edited', n: 1 })
    }
    return this.#isSettled()
  }

  #isSettled(): boolean {
    const { prompts, asides, commands, outbox, cards } = this.state
    return prompts.length + asides.length + commands.length + outbox.length === 0 && !cards.some(isStale)
  }
}
