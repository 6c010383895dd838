/**
 * What a feature may see, remember, ask and do. It stands beside the run: it owns its slice of the conversation, sees the rest read-only,
 * and asks the run for things. The types forbid more, so no feature can depend on the order in which features are asked. One file a
 * feature, one line in `features/index.ts`.
 */
import type { AllowanceChange, StandingAllowance } from '../allowance.ts'
import type { PermissionRule } from '../agent.ts'
import type { Intent } from '../message/intent.ts'
import type { Offered } from '../offered.ts'
import type { ContextMessage, IncomingMessage } from '../message/incoming.ts'
import type { PreferenceChange, Scope } from '../models/preferences.ts'
import type { Verbosity } from '../prefs.ts'
import type { Settings } from '../settings.ts'
import type { Action, AnyOutcome, Effect } from './effect.ts'
import type { RunEvent } from './event.ts'
import type { FailReason } from './prompt.ts'
import type { Answered, Beginning, MergeAsked, TakenPress } from './request.ts'
import type { Conversation } from './state.ts'

export interface Feature<Slice = unknown> {
  /** Its key in `Conversation.features`: on record, so it keeps its name. */
  readonly name: string
  /** Raised when the slice's shape changes: a slice of another version is read by `read`, or begins anew. */
  readonly version: number
  readonly initial: Slice
  /** A slice from the cache, as `save` wrote it; undefined: unreadable, the feature begins anew. */
  read?(json: unknown, version: number): Slice | undefined
  /** What of the slice is put on record; the default is all of it. */
  save?(slice: Slice): unknown
  /** The run has taken an input. By the kind of the event: of other kinds the feature does not hear. */
  readonly on?: Reactions<Slice>
  /** Asked after every input: what follows from where things stand. An effect's key is derived from what it is about, so asking twice is fine. */
  due?(slice: Slice, conversation: Conversation, heldBy: HeldBy, moment: Moment): FeatureChange<Slice>
  /** Asked of every new message before anybody takes it: what the feature remembers of it, and whether it goes no further. */
  screens?(slice: Slice, taken: ScreenedMessage, conversation: Conversation): Screening<Slice>
  /** A message for this feature; undefined: the message is a prompt. Each kind of intent belongs to one feature. */
  readonly takes?: Partial<Record<Intent['kind'], TakeMessage<Slice>>>
  /** Requests it has taken by their ids: the same request again is not taken twice. */
  hasTaken?(slice: Slice, id: string): boolean
  /** By the action of the button. */
  readonly buttons?: Readonly<
    Record<string, (slice: Slice, about: string, press: PressNow, conversation: Conversation) => FeatureChange<Slice>>
  >
  /** By the kind of an effect it owns. */
  readonly outcomes?: Readonly<Record<string, OutcomeHandler<Slice>>>
  /** What it asked to be told by a running effect or action. */
  report?(slice: Slice, report: unknown, conversation: Conversation): FeatureChange<Slice>
  alarm?(slice: Slice, name: string, conversation: Conversation): FeatureChange<Slice>
  /** What it holds back, and why: the sentence an operator reads. */
  readonly gates?: Partial<Record<Gate, (slice: Slice, conversation: Conversation) => string | undefined>>
  /** What the session may do beside what its first prompt brings; these rules come last, so they count. */
  rules?(slice: Slice): readonly PermissionRule[]
  /** It stopped the run that answers this user message, and its own block says so: the prompts end without a word. */
  hasStopped?(slice: Slice, userMessageId: string): boolean
  /** What this user message asked a terminal counts as answered, however it looks: nobody waits for it. */
  isPassed?(slice: Slice, userMessageId: string): boolean
  /** The message a thread is needed for. */
  needsThread?(slice: Slice): ThreadOpener | undefined
  /** It has work under way that no turn waits for. */
  isBusy?(slice: Slice): boolean
  /** The turn is closed: what of the slice belonged to it goes. The very slice when nothing goes. */
  closeTurn?(slice: Slice): Slice
  /** Keys of its blocks that outlive the turn. */
  outlives?(slice: Slice): readonly string[]
}

export type Reactions<Slice> = {
  readonly [Kind in RunEvent['kind']]?: (
    slice: Slice,
    event: Extract<RunEvent, { readonly kind: Kind }>,
    conversation: Conversation,
  ) => FeatureChange<Slice>
}

/** What is so beside the conversation as it takes an input. */
export interface Moment {
  /** Unix ms. */
  readonly at: number
  readonly settings: Settings
  /** What people have allowed for the project folder. */
  readonly allowed: readonly StandingAllowance[]
  /** The verbosity was set for the channel; else it is the default. */
  readonly isVerbosityOwn?: boolean
  /** What OpenCode offers in the project folder; undefined: it was never asked. */
  readonly offered?: Offered | undefined
}

export interface PressNow extends TakenPress {
  readonly moment: Moment
}

/**
 * What may be held back: submitting prompts, stopping a step for a newer message, releasing the queue, ending an answered run; and working in
 * the folder of the conversation, where that is not there yet: its session is not opened, its shell commands wait.
 */
export type Gate = 'submit' | 'interrupt' | 'release-queue' | 'finish' | 'use-folder'

/** Who holds it back (`gates.ts`): the reason, as a sentence an operator reads; undefined: nobody. */
export type HeldBy = (gate: Gate, state: Conversation) => string | undefined

export interface FeatureChange<Slice> {
  readonly slice: Slice
  readonly effects?: readonly Effect[]
  readonly actions?: readonly Action[]
  readonly allowances?: readonly AllowanceChange[]
  readonly requests?: readonly FeatureRequest[]
}

/** What a feature may ask of the run. */
export type FeatureRequest =
  /** `waited`: it stood in the queue before. */
  | {
      readonly kind: 'add-prompt'
      readonly id: string
      readonly order: number
      readonly message: IncomingMessage
      readonly acceptedAt: number
      readonly waited: boolean
    }
  /** It waits in the queue, if there is something to wait for; else it is a prompt at once. `atMost`: so many wait there at most. */
  | {
      readonly kind: 'queue-message'
      readonly id: string
      readonly order: number
      readonly message: IncomingMessage
      readonly acceptedAt: number
      readonly atMost: number
    }
  /** What people said to each other goes with this prompt, which was not prepared yet. */
  | { readonly kind: 'give-context'; readonly promptId: string; readonly context: readonly ContextMessage[] }
  /** A person ends the run; what the agent has not read yet runs next, or is dropped. */
  | { readonly kind: 'stop-run'; readonly by: string; readonly unread: 'keep' | 'drop' }
  /** The run is ended for this reason; what the agent has not read yet runs next. */
  | { readonly kind: 'end-run'; readonly reason: FailReason }
  /** A conversation of its own is begun in the project channel; `asker` is answered with its thread. */
  | { readonly kind: 'launch'; readonly message: IncomingMessage; readonly begins: Beginning; readonly asker: Answered }
  /** A person has the worktree of the thread merged, or the last merge taken back. */
  | (MergeAsked & { readonly kind: 'merge-asked' })
  /** The session works in this folder from now on. */
  | { readonly kind: 'work-in'; readonly directory: string }
  /** There is no folder to work in: whoever waits is told, and what was waiting ends. */
  | { readonly kind: 'end-all'; readonly text: string }
  /** A person takes messages that wait out of the queue, by the ids of the prompts they would become. */
  | { readonly kind: 'unqueue'; readonly ids: readonly string[]; readonly by: string }
  /** A person chooses how much the threads of the channel show. */
  | { readonly kind: 'set-verbosity'; readonly level: Verbosity }
  /** A person chooses who answers in this thread, in the channel or everywhere, or what the channel listens to. */
  | { readonly kind: 'set-preference'; readonly scope: Scope; readonly change: PreferenceChange }

export interface TakenMessage {
  readonly id: string
  readonly order: number
  readonly message: IncomingMessage
  /** Unix ms. */
  readonly at: number
}

export interface ScreenedMessage extends TakenMessage {
  readonly intent: Intent
}

export interface Screening<Slice> {
  readonly slice: Slice
  readonly isHeld: boolean
}

export type TakeMessage<Slice> = (
  slice: Slice,
  taken: ScreenedMessage & { readonly settings: Settings },
  conversation: Conversation,
) => FeatureChange<Slice> | undefined

export type ThreadOpener = Pick<IncomingMessage, 'id' | 'author' | 'titleText'>

export type OutcomeHandler<Slice> = (
  slice: Slice,
  effect: Effect,
  outcome: AnyOutcome,
  conversation: Conversation,
) => FeatureChange<Slice>

/** A feature as the run knows it, and the reader of its slice. */
export type Defined<Slice> = Feature & { of(conversation: Pick<Conversation, 'features'>): Slice }

/** The one place that knows the type of a slice: only this feature writes below its name. */
export function defineFeature<Slice>(feature: Feature<Slice>): Defined<Slice> {
  const of = (conversation: Pick<Conversation, 'features'>): Slice => sliceOf(conversation, erased) as Slice
  const erased = feature as unknown as Feature
  return { ...erased, of }
}

export const sliceOf = (
  { features }: Pick<Conversation, 'features'>,
  { name, initial }: Pick<Feature, 'name' | 'initial'>,
): unknown => features[name] ?? initial

export type Reaction = (slice: unknown, event: RunEvent, conversation: Conversation) => FeatureChange<unknown>

/** What the feature does about events of this kind: the table guarantees that the reaction gets no other. */
export const reactionTo = ({ on }: Feature, kind: RunEvent['kind']): Reaction | undefined => on?.[kind] as Reaction | undefined

/** A handler for the effects of one kind, with their types: an outcome returns to whoever owns the effect, and nobody else makes that kind. */
export const onOutcome = <Slice>(
  handle: (slice: Slice, effect: never, outcome: never, conversation: Conversation) => FeatureChange<Slice>,
): OutcomeHandler<Slice> => handle as OutcomeHandler<Slice>

export const keep = <Slice>(slice: Slice): FeatureChange<Slice> => ({ slice })
