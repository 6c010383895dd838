/**
 * A conversation under any order of inputs: Discord, the agent and the effects are played from a list of commands. Each step is checked
 * against the invariants that stand at the top of `state.ts`.
 */
import { planPosts } from '../../../src/app/conversation/plan-posts.ts'
import { runCommand } from '../../../src/commands/index.ts'
import { layout } from '../../../src/discord/layout/layout.ts'
import type { AgentMessage, AssistantMessage, SessionStatus } from '../../../src/domain/agent.ts'
import { closeTurn, isBusyBeside } from '../../../src/domain/conversation/close-turn.ts'
import type { AnyOutcome, Effect } from '../../../src/domain/conversation/effect.ts'
import type { Feature } from '../../../src/domain/conversation/feature.ts'
import { asks } from '../../../src/domain/conversation/features/asks/asks.ts'
import { btw } from '../../../src/domain/conversation/features/btw.ts'
import type { CollectFooter } from '../../../src/domain/conversation/features/footer.ts'
import { FEATURES } from '../../../src/domain/conversation/features/index.ts'
import { isWaiting, queue } from '../../../src/domain/conversation/features/queue.ts'
import { shell } from '../../../src/domain/conversation/features/shell.ts'
import { isStale } from '../../../src/domain/conversation/posts/post.ts'
import type { Abort, RecallMessage, SubmitPrompt } from '../../../src/domain/conversation/run/effects.ts'
import { beginConversation, type Conversation } from '../../../src/domain/conversation/state.ts'
import { DEFAULT_RULES, step, type Rules } from '../../../src/domain/conversation/step.ts'
import type { IncomingMessage } from '../../../src/domain/message/incoming.ts'
import type { Command } from './commands.ts'
import { inputOfPost, type WithoutTime } from './posts.ts'
import { checkInvariants } from './invariants.ts'
import { loaded } from './loaded.ts'
import { MadeEffects } from './made-effects.ts'
import { failure, plainOutcomes } from './outcomes.ts'
import { IMAGE, invocation, permission, press, questions } from './people.ts'
import { SecondThoughts } from './second-thoughts.ts'
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
  readonly postIds = new Set<string>()
  /** How messages that were taken back or changed fared. */
  readonly recalls = new Set<string>()
  /** By their keys, so that the order of features does not choose which of them ends. */
  #effects: readonly Effect[] = []
  #footers: readonly CollectFooter[] = []
  readonly #rules: Rules
  /** What OpenCode holds. */
  #session: readonly AgentMessage[] = []
  readonly #minds = new SecondThoughts()
  readonly #made = new MadeEffects()
  #status: SessionStatus = { kind: 'idle' }
  #now = 1000
  #order = 0
  #names = 0

  /** The sentences that people read who ran a slash command. */
  get replies(): readonly string[] {
    return this.#made.replies
  }

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
      case 'slash-command': {
        const command = invocation(n, String(900_000 + (this.#names += 1)))
        return this.take({ kind: 'command', order: (this.#order += 1), command, isMissed: n % 7 === 0 })
      }
      case 'ask': {
        // Some are told twice.
        const [known] = asks.of(this.state).asks
        const id = `per_${(this.#names += 1)}`
        const ask = (n % 3 === 0 && known) || (n % 2 === 0 ? permission(id, n) : questions(id))
        return this.take({ kind: 'agent', event: { kind: 'asked', session: SESSION, ask } })
      }
      case 'silence':
        if (n % 3 === 0) return this.take({ kind: 'server-silent', forMs: 30_000, endsAtMs: 60_000 })
        if (n % 7 === 2) return this.take({ kind: 'file-collided', file: `${n % 5}.ts`, other: String(n % 4) })
        if (n % 7 === 1) return this.take({ kind: 'programs-found', programs: [`plugin ${n % 5}.ts`, 'MCP server x'] })
        return this.take({ kind: n % 3 === 1 ? 'server-answers' : 'server-ended' })
      case 'dead-letter':
        return this.take({ kind: 'dead-letter', order: (this.#order += 1), message: this.#written(n), text: '✗ set aside' })
      case 'edit-message':
        return this.#about(n, (known) =>
          this.take({ kind: 'edited-message', message: { ...known, text: `words ${n}${n % 2 ? '. queue' : ''}` } }),
        )
      case 'delete-message':
        return this.#about(n, ({ id }) => this.#delete(id))
      case 'second-thoughts':
        return this.#think(n)
      case 'recall-done': {
        const effect = this.#effects.find(({ kind }) => kind === 'recall') as RecallMessage | undefined
        if (effect) this.#minds.recall(effect, this.#session)
        return
      }
      case 'press':
        return this.#press(n)
      case 'outcome':
        return this.#end(n, (effect) => this.#success(effect))
      case 'failed':
        return this.#end(n, (effect) => this.#minds.done(effect.key) ?? failure(n, effect.kind))
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
        if (n % 4 !== 0) return
        this.#minds.threadGone()
        return this.take({ kind: 'thread-gone', text: '✗ gone' })
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
    const plan = planPosts(change.state, { layout, clean: (text) => text })
    const after = closeTurn(plan.state, plan.allShown, this.#rules.features)
    for (const effect of change.effects) this.#made.check(effect, change.state)
    const open = this.#effects.filter(({ key }) => input.kind !== 'outcome' || key !== input.effect.key)
    this.#made.checkStops(open, change)
    for (const { id, blocks } of plan.posts) {
      if (this.postIds.has(id)) throw new Error(`posted twice: ${blocks.join(' ')}`)
      this.postIds.add(id)
    }
    checkInvariants(before, plan.state, after)
    this.#minds.check(
      before,
      plan.state,
      plan.posts.flatMap(({ blocks }) => blocks),
    )
    this.state = after
    this.#effects = [...open, ...change.effects].toSorted((one, other) => one.key.localeCompare(other.key))
    this.#footers = [
      ...this.#footers,
      ...(change.actions.filter(({ kind }) => kind === 'collect-footer') as CollectFooter[]),
    ].slice(-1)
    if (after !== plan.state && isBusyBeside(after, this.#rules.features)) this.take({ kind: 'turn-closed' })
  }

  #written(n: number, suffix = ''): ReturnType<typeof message> {
    const id = String(100 + this.#order)
    const voice = n % 13 === 7 && { name: 'v.ogg', contentType: 'audio/ogg', seconds: n % 9 }
    const attachments = n % 5 && !voice ? [] : [{ ...IMAGE, ...voice }]
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
    if (pressed) this.take({ kind: 'pressed', order: (this.#order += 1), press: pressed })
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
    ...plainOutcomes(() => this.#now),
    prompt: (effect) => {
      const { messageId, parts, removeFirst = [] } = effect as SubmitPrompt
      const user: AgentMessage = { kind: 'user', id: messageId, created: this.#now }
      const isGone = (id: string): boolean => id === user.id || (removeFirst.includes(id) && this.#minds.isEmptied(id))
      this.#session = [...this.#session.filter(({ id }) => !isGone(id)), user]
      this.#minds.submitted(messageId, parts)
      // The stream tells it before the submission ends, unless the stream was cut.
      if (this.#order % 4 > 0) this.take({ kind: 'agent', event: { kind: 'message', session: SESSION, message: user } })
      return { kind: 'delivered', created: this.#now }
    },
    recall: (effect) => {
      const outcome = this.#minds.recall(effect as RecallMessage, this.#session)
      this.recalls.add(outcome.kind)
      return outcome
    },
    abort: (effect) => {
      const { drop = [] } = effect as Abort
      const isDropped = (known: AgentMessage): boolean =>
        drop.includes(known.id) || (known.kind === 'assistant' && drop.includes(known.parent))
      const gone = this.#session.filter(isDropped)
      this.#session = this.#session.filter((known) => !isDropped(known))
      if (drop.length > 0) this.#tellStatus({ kind: 'idle' })
      for (const { id } of gone) this.take({ kind: 'agent', event: { kind: 'removed', session: SESSION, messageId: id } })
      return { kind: 'done' }
    },
  }

  /** The agent begins an answer to the newest message, or goes on with it. */
  #run(n: number): void {
    const user = this.#session.findLast((known) => known.kind === 'user')
    if (!user) return
    this.#now += 1
    const name = (this.#names += 1)
    const parts = n % 3 === 0 ? [tool(`prt_${name}`, 'running')] : [text(`prt_${name}`, `text ${name}`, n % 2 === 0)]
    const begun = answer(`msg_a${name}`, user, parts, { created: this.#now, completed: undefined, finish: undefined })
    this.#minds.begins(this.#session, parts)
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

  #delete(id: string): void {
    this.#minds.deleted(this.state, id)
    this.take({ kind: 'deleted-message', messageId: id })
  }

  /** A message comes while the agent works, and its author changes it, perhaps twice, or deletes it; perhaps a step reads it meanwhile. */
  #think(n: number): void {
    this.#run(n)
    this.play({ kind: 'message', n: 1 })
    const isUnderWay = n % 4 === 0
    for (const effect of isUnderWay ? [] : this.#effects)
      if (effect.kind === 'prompt') this.take({ kind: 'outcome', effect, outcome: this.#success(effect) })
    const newest = this.state.turn.prompts.at(-1)?.message
    if (!newest) return
    // OpenCode was killed before it had stored what it had announced.
    if (n % 17 === 0 && this.#session.at(-1)?.kind === 'user') {
      this.#session = this.#session.slice(0, -1)
      this.take({ kind: 'resume' })
    }
    if (n % 3 > 0) this.take({ kind: 'edited-message', message: { ...newest, text: `other words ${n}` } })
    if (n % 5 === 0) this.take({ kind: 'edited-message', message: { ...newest, text: n % 2 ? newest.text : `third words ${n}` } })
    if (n % 3 < 2) this.#delete(newest.id)
    if (n % 7 === 0) this.#run(n)
    if (n % 11 === 0) this.#finish(2)
    for (const effect of n % 13 < 4 ? [] : this.#effects)
      if (effect.kind === 'recall') this.take({ kind: 'outcome', effect, outcome: this.#success(effect) })
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
    this.state = loaded(this.state, this.#effects)
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
