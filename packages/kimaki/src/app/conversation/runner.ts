/**
 * One conversation's inputs, strictly one after the other: step, plan, commit, and only then act.
 *
 *   queue ─▶ step ─▶ planPosts ─▶ settle ─▶ commit (if anything is to be remembered) ─▶ effects, hints, posts
 *
 * The state lives here between inputs. A throw is a defect: the state is dropped and read again from its rows, after pauses that grow.
 * What throws three times is set aside with a notice, so that the conversation goes on: a message is told, an effect counts as failed,
 * and a session that cannot be taken in as one that cannot be read. Where even that throws, the notice is posted past the state.
 */
import { deriveId } from '../../base/ids.ts'
import { isUnderWay } from '../../domain/conversation/aside.ts'
import type { AgentEvent } from '../../domain/conversation/agent.ts'
import type { Change } from '../../domain/conversation/change.ts'
import type { Effect, Hint } from '../../domain/conversation/effect.ts'
import type { Input } from '../../domain/conversation/input.ts'
import { promptIdOf } from '../../domain/conversation/on-message.ts'
import { isWorking } from '../../domain/conversation/run.ts'
import { settle } from '../../domain/conversation/settle.ts'
import { isGoing } from '../../domain/conversation/shell.ts'
import { beginConversation, isStale, type Card, type Conversation, type Post } from '../../domain/conversation/state.ts'
import { step } from '../../domain/conversation/step.ts'
import { DEFAULT_VERBOSITY, type Verbosity } from '../../domain/prefs.ts'
import type { Settings } from '../../domain/settings.ts'
import type { Clock } from '../../base/clock.ts'
import type { Log } from '../../ports/host.ts'
import type { Batch, InboxRow, LoadedConversation, StorePort } from '../../ports/store.ts'
import type { Block, Outgoing } from '../../view/blocks.ts'
import { setAsideText } from '../../view/text/notice.ts'
import { rowsOf } from './changed-rows.ts'
import type { Durable } from '../commit-queue.ts'
import type { Retrying } from '../retry.ts'
import { planPosts } from './plan-posts.ts'

const TRIES = 3
const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 30_000
/** A conversation that went well for this long starts over with its pauses. */
const FORGET_MS = 300_000
/** Inputs that come again by themselves, from the session. */
const FROM_SESSION: readonly Input['kind'][] = ['agent', 'snapshot', 'described', 'wake']

export interface RunnerParts {
  readonly store: StorePort
  readonly durable: Durable
  readonly clock: Clock
  readonly log: Log
  readonly pause: Retrying['pause']
  readonly verbosity?: Verbosity | undefined
  readonly settings?: Settings | undefined
  readonly layout: (blocks: readonly Block[]) => readonly Outgoing[]
  /** Called after the commit, with the state it made durable. `again`: found on record after a restart. */
  readonly act: {
    effect(runner: Runner, effect: Effect, again: boolean): void
    hint(runner: Runner, hint: Hint): void
    /** The first of the outbox is due; `doubtful`: it may have been posted by an earlier process. */
    post(runner: Runner, post: Post, doubtful: boolean): void
    /** A card does not show what it should, and nothing is being posted. */
    edit(runner: Runner, card: Card): void
    changed(runner: Runner): void
    /** Discord has confirmed a post. */
    posted(runner: Runner): void
  }
}

export interface Runner {
  readonly id: string
  readonly state: Conversation | undefined
  readonly idle: boolean
  /** Unix ms of the last input. */
  readonly touched: number
  push(input: Input): void
  accept(row: InboxRow): void
  /** What the agent says from now on, until `end`. */
  overhear(): { readonly events: readonly AgentEvent[]; end(): void }
  /** Resolves when nothing is being stepped or committed; no further input is taken. */
  stop(): Promise<void>
}

interface Work {
  readonly input: Input
  readonly row: InboxRow | undefined
}

export function createRunner(id: string, parts: RunnerParts): Runner {
  const { store, durable, clock, log, pause, act } = parts
  const queue: Work[] = []
  const ears = new Set<AgentEvent[]>()
  /** How often in a row each effect's outcome, or kind of input, could not be taken. */
  const throws = new Map<string, number>()
  let state: Conversation | undefined
  let loaded = false
  let newest = 0
  let stopped = false
  let touched = clock.now()
  let posting: string | undefined
  let editing: string | undefined
  let working: Promise<void> | undefined
  let defects = 0
  let defectAt = Number.NEGATIVE_INFINITY

  const load = async (): Promise<void> => {
    const found: LoadedConversation = await store.load(id)
    loaded = true
    state = found.state
    const waiting = queue.splice(0).filter(({ row }) => !row || !found.inbox.some(({ order }) => order === row.order))
    for (const row of found.inbox) admit(row)
    queue.push(...waiting)
    for (const effect of found.effects) {
      if (isHopeless(effect.key)) queue.push({ input: givenUp(effect), row: undefined })
      else act.effect(runner, effect, true)
    }
    pump(true)
    if (state)
      queue.push({ input: FROM_SESSION.some(isHopeless) ? unreadable() : { kind: 'resume', at: clock.now() }, row: undefined })
  }

  const isHopeless = (name: string): boolean => (throws.get(name) ?? 0) >= TRIES

  const givenUp = (effect: Effect): Input => ({
    kind: 'outcome',
    at: clock.now(),
    effect,
    outcome: { kind: 'failed', text: setAsideText() },
  })

  const unreadable = (): Input => {
    for (const kind of FROM_SESSION) throws.delete(kind)
    return { kind: 'unreadable', at: clock.now(), text: setAsideText(), final: true }
  }

  /** At once after a first defect, then later and later: a poisoned conversation costs the others nothing. */
  const reload = async (): Promise<void> => {
    if (defects > 1) await pause(Math.min(FIRST_PAUSE_MS * 2 ** (defects - 2), LONGEST_PAUSE_MS))
    if (stopped) return
    try {
      await load()
    } catch (error) {
      loaded = false
      note('the rows of a conversation cannot be read', error)
    }
  }

  const admit = (row: InboxRow): void => {
    newest = Math.max(newest, row.order)
    const input = inputOf(row)
    if (input) queue.push({ input, row })
    else void durable.commit({ done: [row.order] })
  }

  const run = async ({ input, row }: Work): Promise<void> => {
    const before = state
    const current = before ?? (row ? beginConversation(beginning(row, store.installId, parts.verbosity)) : undefined)
    if (!current) return
    const change = step(current, input, parts.settings)
    // A word more of an open text closes nothing: no plan, no commit (hundreds of these come for each answer).
    if (input.kind === 'agent' && input.event.kind === 'delta' && change.effects.length + change.hints.length === 0)
      return void (state = change.state)
    const plan = planPosts(change.state, parts.layout)
    const after = settle(plan.state, plan.allShown)
    const rows = rowsOf({ input, before, change, planned: plan.state, after })
    if (rows || row) {
      const done = await durable.commit({ ...(rows && { conversation: rows }), ...(row && { done: [row.order] }) })
      if (!done) return
    }
    state = after
    follow(change, input)
    // The turn is over: the next in the queue has been waiting for that.
    if (after !== plan.state && after.prompts.length > 0)
      queue.push({ input: { kind: 'wake', why: 'settled', at: clock.now() }, row: undefined })
  }

  const follow = (change: Change, input: Input): void => {
    throws.delete(nameOf(input))
    postEnded(input)
    for (const effect of change.effects) act.effect(runner, effect, false)
    for (const hint of change.hints) act.hint(runner, hint)
    pump(false)
    act.changed(runner)
    if (input.kind === 'posted') act.posted(runner)
  }

  const postEnded = (input: Input): void => {
    const ended =
      input.kind === 'posted' || input.kind === 'post-refused' ? input.postId === posting : input.kind === 'thread-gone'
    if (ended) posting = undefined
    if (input.kind === 'edited' || input.kind === 'thread-gone') editing = undefined
  }

  const pump = (doubtful: boolean): void => {
    if (posting !== undefined) return
    const next = state?.outbox[0]
    if (!next) return edit()
    posting = next.id
    act.post(runner, next, doubtful)
  }

  /** Creates go before edits; one at a time, so that the last text stays. */
  const edit = (): void => {
    const card = state?.cards.find(isStale)
    if (!card || editing !== undefined) return
    editing = card.postId
    act.edit(runner, card)
  }

  const defect = async ({ row, input }: Work, error: unknown): Promise<void> => {
    const reason = note(`a conversation could not take an input (${input.kind}); its state is read again`, error)
    throws.set(nameOf(input), (throws.get(nameOf(input)) ?? 0) + 1)
    postEnded(input)
    if (row && row.tries < TRIES) await durable.commit({ tried: { order: row.order, error: reason } })
    else if (row) await durable.commit({ done: [row.order], ...lastWord(row, state) })
    state = undefined
    loaded = false
  }

  const note = (what: string, error: unknown): string => {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error)
    log.error(what, { conversation: id, error: reason })
    defects = Math.abs(clock.now() - defectAt) > FORGET_MS ? 1 : defects + 1
    defectAt = clock.now()
    return reason
  }

  const work = async (): Promise<void> => {
    while (!stopped) {
      if (!loaded) {
        await reload()
        continue
      }
      const next = queue.shift()
      if (!next) return
      try {
        await run(next)
      } catch (error) {
        await defect(next, error)
      }
    }
  }

  const start = (): void => {
    touched = clock.now()
    working ??= work()
      .catch((error: unknown) => log.error('a conversation stopped', { conversation: id, error: String(error) }))
      .finally(() => {
        working = undefined
        if (queue.length > 0 && !stopped) start()
      })
  }

  const runner: Runner = {
    id,
    get state() {
      return state
    },
    get idle() {
      if (working !== undefined || !state) return working === undefined
      const waits = isWorking(state) || state.commands.some(isGoing) || state.asides.some(isUnderWay)
      return !waits && state.outbox.length === 0 && !state.cards.some(isStale)
    },
    get touched() {
      return touched
    },
    push(input) {
      if (input.kind === 'agent') for (const events of ears) events.push(input.event)
      queue.push({ input, row: undefined })
      start()
    },
    accept(row) {
      if (row.order > newest) admit(row)
      start()
    },
    overhear() {
      const events: AgentEvent[] = []
      ears.add(events)
      return { events, end: () => void ears.delete(events) }
    },
    async stop() {
      stopped = true
      await working
    },
  }
  return runner
}

const nameOf = (input: Input): string => (input.kind === 'outcome' ? input.effect.key : input.kind)

/** What throws three times is set aside: a message is told, anything else is left undone. */
function inputOf({ at, order, asked, tries }: InboxRow): Input | undefined {
  if (asked.kind !== 'message') return tries < TRIES ? { at, ...asked } : undefined
  return tries < TRIES ? { at, order, ...asked } : { at, order, ...asked, kind: 'set-aside', text: setAsideText() }
}

function beginning(
  row: InboxRow,
  install: string,
  verbosity: Verbosity = DEFAULT_VERBOSITY,
): Parameters<typeof beginConversation>[0] {
  return { ...row.conversation, install, verbosity }
}

/** Neither the message nor its being set aside could be taken: whoever wrote it is told all the same. */
function lastWord({ asked, conversation }: InboxRow, state: Conversation | undefined): Pick<Batch, 'lastWord'> {
  if (asked.kind !== 'message') return {}
  const { message } = asked
  const block = `prompt/${promptIdOf(message.id)}/aside`
  const post: Post = {
    id: deriveId('k', conversation.id, block),
    channelId: state?.thread.kind === 'open' ? state.thread.id : message.channelId,
    blocks: [block],
    content: setAsideText(),
    file: undefined,
    notify: false,
    fallback: false,
    live: false,
    buttons: [],
  }
  return { lastWord: { place: conversation, post } }
}
