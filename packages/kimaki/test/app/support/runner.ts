/** A runner around a record in memory; everything it does is one line of a journal, in order. */
import { Allowances } from '../../../src/app/allowances.ts'
import { CommitQueue } from '../../../src/app/commit-queue.ts'
import { ConversationRunner, type RunnerDeps } from '../../../src/app/conversation/runner.ts'
import { Retry } from '../../../src/app/retry.ts'
import type { Action, Effect } from '../../../src/domain/conversation/effect.ts'
import type { Request } from '../../../src/domain/conversation/request.ts'
import type { Conversation } from '../../../src/domain/conversation/state.ts'
import { Capacity } from '../../../src/app/conversation/capacity.ts'
import { DEFAULT_SETTINGS } from '../../../src/domain/settings.ts'
import { DEFAULT_RULES } from '../../../src/domain/conversation/step.ts'
import { ChannelPreferences } from '../../../src/app/preferences/channel-preferences.ts'
import { Verbosities } from '../../../src/app/preferences/verbosities.ts'
import { layout } from '../../../src/discord/layout/layout.ts'
import type { Batch, Committed, InboxRow } from '../../../src/ports/store.ts'
import { CHANNEL, GUILD } from '../../support/conversation.ts'
import { manualClock, type ManualClock } from './clock.ts'
import { logInto } from './harness.ts'

const ID = '200000000000000000'

/** The rows of one conversation, by the rules of the store port. */
export class MemoryRows {
  readonly batches: Batch[] = []
  loads = 0
  state: Conversation | undefined
  inbox: readonly InboxRow[] = []
  effects: readonly Effect[] = []
  /** Called before each; an answer stands for the store's. */
  onCommit: (batch: Batch) => Promise<Committed | undefined> = async () => undefined
  /** May throw. */
  onLoad: () => void = () => undefined

  async load(): Promise<{ state: Conversation | undefined; inbox: readonly InboxRow[]; effects: readonly Effect[] }> {
    this.loads += 1
    this.onLoad()
    return { state: this.state, inbox: this.inbox, effects: this.effects }
  }

  async commit(batch: Batch): Promise<Committed> {
    const answer = await this.onCommit(batch)
    if (answer) return answer
    this.batches.push(batch)
    const { done = [], tried, conversation } = batch
    this.inbox = this.inbox.filter(({ order }) => !done.includes(order))
    if (tried) this.inbox = this.inbox.map((row) => (row.order === tried.order ? { ...row, tries: row.tries + 1 } : row))
    if (!conversation) return []
    this.state = conversation.state
    this.effects = [...this.effects, ...conversation.effects].filter(({ key }) => !conversation.effectsDone.includes(key))
    return []
  }

  /** Orders of the rows that are done, as they were committed. */
  done(): readonly number[] {
    return this.batches.flatMap(({ done = [] }) => done)
  }
}

export interface RunnerBed {
  readonly runner: ConversationRunner
  readonly rows: MemoryRows
  readonly clock: ManualClock
  readonly lines: string[]
  /** `commit`, `effect <kind>`, `action <kind>`, `create <content>`. */
  readonly journal: string[]
  row(order: number, request: Request): InboxRow
  stop(): void
}

export function runnerBed(own: Partial<Pick<RunnerDeps, 'rules' | 'layout' | 'act'>> = {}): RunnerBed {
  const clock = manualClock()
  const rows = new MemoryRows()
  const lines: string[] = []
  const journal: string[] = []
  const stopping = new AbortController()
  const retry = new Retry(clock, stopping.signal)
  const log = logInto(lines)
  const commits = new CommitQueue(rows, retry, log)
  const runner = new ConversationRunner(ID, {
    store: { installId: 'i', load: async () => rows.load(), conversationOfSession: async () => undefined },
    commits: {
      async commit(batch) {
        const accepted = await commits.commit(batch)
        journal.push('commit')
        return accepted
      },
    },
    clock,
    log,
    retry,
    verbosities: new Verbosities(),
    preferences: new ChannelPreferences(),
    rules: DEFAULT_RULES,
    allowances: new Allowances(() => undefined),
    offers: { of: () => undefined },
    capacity: new Capacity(DEFAULT_SETTINGS.agentsAtOnce, () => undefined),
    layout,
    clean: (text) => text,
    act: {
      effect: (_, { kind }: Effect) => void journal.push(`effect ${kind}`),
      action: (_, { kind }: Action) => void journal.push(`action ${kind}`),
      create: (_, { content }) => void journal.push(`create ${content}`),
      edit: (_, { content }) => void journal.push(`edit ${content.text}`),
      changed: () => undefined,
      posted: () => undefined,
    },
    ...own,
  })
  return {
    runner,
    rows,
    clock,
    lines,
    journal,
    stop: () => stopping.abort(),
    /** On record, and not handed to the runner yet. */
    row(order, request) {
      const row: InboxRow = {
        order,
        at: clock.now(),
        request,
        conversation: { id: ID, guildId: GUILD, channelId: CHANNEL, directory: '/p', inThread: false },
        receipt: 'not-needed',
        tries: 0,
        error: undefined,
      }
      rows.inbox = [...rows.inbox, row]
      return row
    },
  }
}
