/** What the file of an effect declares: its kind, why it is safe after a crash, what proves that, whose rights it needs, and how it runs. */
import type { AnyOutcome, Effect } from '../../domain/conversation/effect.ts'
import type { Settings } from '../../domain/settings.ts'
import type { Accounts } from '../../ports/accounts.ts'
import type { AgentPort } from '../../ports/agent.ts'
import type { Inquiry, Offers } from '../../commands/declaration.ts'
import type { DiffsPort } from '../../ports/git/diffs.ts'
import type { Clock } from '../../base/clock.ts'
import type { KeyedSerialQueue } from '../../base/serial.ts'
import type { ChatPort } from '../../ports/chat.ts'
import type { GitPort } from '../../ports/git/git.ts'
import type { Images } from '../../ports/images.ts'
import type { Audit, Files, Log } from '../../ports/host.ts'
import type { ProjectSetup } from '../../ports/projects.ts'
import type { ShellPort } from '../../ports/shell.ts'
import type { InboxRow, StorePort } from '../../ports/store.ts'
import type { TaskKeeper } from '../../ports/tasks.ts'
import type { UpgradePort } from '../../ports/upgrade.ts'
import type { TerminalsPort } from '../../ports/agent/terminals.ts'
import type { Transcriber } from '../../ports/voice/transcriber.ts'
import type { Access } from '../authorize.ts'
import type { CommitQueue } from '../commit-queue.ts'
import type { ConversationHandle } from '../conversation/handle.ts'
import type { UnderWay } from '../conversation/under-way.ts'
import type { RecentIds } from '../recent-ids.ts'
import type { Places } from '../places.ts'
import type { Retry } from '../retry.ts'
import type { UnrecordedWords } from '../unrecorded-words.ts'

export interface EffectDeps {
  readonly chat: ChatPort
  /** Remembers a member's access for a moment. */
  readonly accessOf: ChatPort['accessOf']
  readonly agent: AgentPort
  readonly git: Pick<GitPort, 'worktrees' | 'files'>
  /** What OpenCode offers in the projects. */
  readonly offers: Offers
  readonly setup: ProjectSetup
  readonly tasks: TaskKeeper
  readonly unrecorded: Pick<UnrecordedWords, 'of' | 'forget'>
  readonly accounts: Accounts
  readonly diffs: DiffsPort
  readonly upgrade?: UpgradePort | undefined
  /** What terminals do in sessions; undefined: nobody looks. */
  readonly terminals?: Pick<TerminalsPort, 'last'> | undefined
  readonly shell: Pick<ShellPort, 'run' | 'running'>
  readonly files: Files
  /** Undefined: large images stay as they are. */
  readonly images?: Pick<Images, 'shrink'> | undefined
  readonly audit: Audit
  readonly transcriber: Transcriber
  readonly store: Pick<StorePort, 'conversationOfRequest' | 'conversationOfSession' | 'hasConversation'>
  readonly commits: Pick<CommitQueue, 'commit'>
  readonly clock: Clock
  readonly log: Log
  readonly retry: Retry
  readonly places: Pick<Places, 'changes' | 'reopened'>
  readonly settings: Settings
  /** Requests that were accepted a moment ago: their authors' rights need not be asked for again. */
  readonly recentlyAccepted: Pick<RecentIds, 'has'>
  /** Shell commands that were written a moment ago, while this process listened: no other is run. */
  readonly recentlyReceived: Pick<RecentIds, 'has'>
  /** What the session says belongs to this conversation from now on. */
  readonly bind: (session: string, conversationId: string) => void
  /** An inbox row of a conversation that was begun. */
  readonly accept: (row: InboxRow) => void
  readonly inquiry: Inquiry
  /** What `/why` says beside its finding: of this machine, not of a thread. */
  readonly remark?: string | undefined
  readonly underWay: Pick<UnderWay, 'begin'>
  /** Conversations are begun one at a time in a channel. */
  readonly beginning: KeyedSerialQueue
  /** Why the effect has to be tried once more: people may ask. */
  readonly trouble?: (reason: string) => void
}

export interface EffectDefinition<E extends Effect = Effect, O extends AnyOutcome = AnyOutcome> {
  readonly kind: E['kind']
  /** Why it is safe to run it again after a crash; `never`: a retry only tells what became of it. */
  readonly afterCrash: { readonly by: 'key' | 'probe' | 'idempotent' | 'never'; readonly why: string }
  /** What shows it: points at which the bot is killed around it, or a test (its title, word for word) that runs it twice. */
  readonly proof: { readonly points: readonly string[] } | { readonly file: string; readonly test: string }
  /** Whose rights are asked for again before it runs; without it the effect needs none. */
  access?(effect: E): Access
  /** A retry may find its work done: then the rights its author had count. */
  isDone?(deps: EffectDeps, effect: E): Promise<boolean>
  /** Resolves with what becomes an input. `isRetry`: an earlier process, or an earlier attempt, may have done it. */
  run(deps: EffectDeps, effect: E, context: { readonly isRetry: boolean; readonly conversation: ConversationHandle }): Promise<O>
}

/** The registry holds effects of every kind; each is only ever given its own. */
export const defineEffect = <E extends Effect, O extends AnyOutcome>(definition: EffectDefinition<E, O>): EffectDefinition =>
  definition
