/**
 * The merge of the worktree of this thread.
 *
 *     merging ──▶ merged ──▶ undoing ──▶ undone
 *        ├──▶ failed
 *        └──▶ conflict: the agent resolves it ──(its turn ends)──▶ merging ──▶ merged
 *                                                                    └──▶ stuck: a card ──(Try again)──▶ merging
 *                                                                                └──(Abort rebase)──▶ aborting ──▶ failed
 *
 * G1. One merge at a time; the last one can be taken back, also when its turn is closed.
 * G2. Each step is an effect with a key of its own (`step`), so a press that comes twice acts once.
 */
import type { Effect, Outcome } from '../../effect.ts'
import { defineFeature, keep, onOutcome, type FeatureChange } from '../../feature.ts'
import { promptIdOf } from '../../prompt.ts'
import type { MergeAsked } from '../../request.ts'
import type { Conversation } from '../../state.ts'
import { worktreeOf } from './worktree.ts'

interface Merged {
  readonly branch: string
  readonly target: string
  readonly from: string
  readonly to: string
  readonly commits: number
}

type MergePhase =
  | { readonly kind: 'merging' | 'aborting' }
  | { readonly kind: 'conflict' | 'stuck'; readonly files: readonly string[] }
  | { readonly kind: 'again' }
  | { readonly kind: 'failed'; readonly text: string }
  /** `refusal`: why it was not taken back. */
  | { readonly kind: 'merged' | 'undoing' | 'undone'; readonly merged: Merged; readonly refusal?: string }

export interface Merge {
  readonly id: string
  readonly target?: string
  /** Undefined: a program asked for it. */
  readonly userId: string | undefined
  readonly step: number
  readonly phase: MergePhase
  /** The message that asks the agent to resolve the conflict is a prompt: it may be one before the outcome is heard. */
  readonly isAsked?: true
  /** In a turn that is closed. */
  readonly isTold?: true
}

export interface MergeEffect extends Effect {
  readonly kind: 'merge-worktree'
  readonly act: 'merge' | 'abort' | 'undo'
  readonly id: string
  readonly step: number
  readonly source: string
  readonly directory: string
  readonly target: string | undefined
  readonly merged?: Merged
  readonly thread: { readonly guildId: string; readonly channelId: string; readonly id: string; readonly directory: string }
  /** Who asked for this step, and who for the merge; undefined: a program. */
  readonly userId: string | undefined
  readonly authorId: string | undefined
}

export type MergeOutcome = Outcome<
  { readonly kind: 'merged'; readonly merged: Merged } | { readonly kind: 'conflict'; readonly files: readonly string[] }
>

type MergeSlice = Merge | null

export const merge = defineFeature<MergeSlice>({
  name: 'merge',
  version: 1,
  initial: null,
  on: {
    'merge-asked': onAsked,
    'prompt-added': (known, { promptId }) =>
      keep(known !== null && promptId === conflictPrompt(known) ? { ...known, isAsked: true } : known),
  },
  due: (known, state) => (known?.phase.kind === 'again' ? next(known, 'merge', state, known.userId) : keep(known)),
  buttons: {
    'merge-again': (known, about, { userId }, state) => onPress(known, { act: 'merge', about, userId }, state),
    'merge-abort': (known, about, { userId }, state) => onPress(known, { act: 'abort', about, userId }, state),
    'merge-undo': (known, about, { userId }, state) => onPress(known, { act: 'undo', about, userId }, state),
  },
  outcomes: { 'merge-worktree': onOutcome(onDone) },
  gates: { submit: (known) => (isUnderWay(known) ? 'the worktree is being merged' : undefined) },
  isBusy: isUnderWay,
  closeTurn(known) {
    if (known === null || isUnderWay(known)) return known
    if (known.phase.kind === 'conflict') return known.isAsked ? { ...known, phase: { kind: 'again' } } : known
    return known.isTold ? known : { ...known, isTold: true }
  },
})

/** Of the message that asks the agent to resolve the conflict of this step. */
export const conflictMessage = ({ id, step }: Pick<Merge, 'id' | 'step'>): string => `merge:${id}:${step}`

const conflictPrompt = (known: Merge): string => promptIdOf(conflictMessage(known))

function isUnderWay(known: MergeSlice): boolean {
  const kind = known?.phase.kind
  return kind === 'merging' || kind === 'aborting' || kind === 'undoing' || kind === 'again'
}

function onAsked(known: MergeSlice, asked: MergeAsked, state: Conversation): FeatureChange<MergeSlice> {
  if (known?.id === asked.id || isUnderWay(known)) return keep(known)
  if (asked.act === 'undo') return known?.phase.kind === 'merged' ? next(known, 'undo', state, asked.userId) : keep(known)
  const { id, target, userId } = asked
  return next(
    { id, userId, step: 0, phase: { kind: 'merging' }, ...(target !== undefined && { target }) },
    'merge',
    state,
    userId,
  )
}

const PHASES = { merge: 'merging', abort: 'aborting' } as const
const PRESSED_IN = { merge: 'stuck', abort: 'stuck', undo: 'merged' } as const

function onPress(
  known: MergeSlice,
  { act, about, userId }: { readonly act: MergeEffect['act']; readonly about: string; readonly userId: string },
  state: Conversation,
): FeatureChange<MergeSlice> {
  if (known?.id !== about || known.phase.kind !== PRESSED_IN[act]) return keep(known)
  return next(known, act, state, userId)
}

function next(known: Merge, act: MergeEffect['act'], state: Conversation, userId: string | undefined): FeatureChange<MergeSlice> {
  const worktree = worktreeOf(state)
  if (!worktree) return keep(known)
  const { id, guildId, channelId, directory } = state
  const step = known.step + 1
  const merged = 'merged' in known.phase ? known.phase.merged : undefined
  const phase: MergePhase =
    merged && act === 'undo' ? { kind: 'undoing', merged } : { kind: act === 'undo' ? 'merging' : PHASES[act] }
  const { isTold: _told, isAsked: _asked, ...rest } = known
  const effect: MergeEffect = {
    key: `merge-worktree/${known.id}/${step}`,
    kind: 'merge-worktree',
    owner: 'merge',
    act,
    id: known.id,
    step,
    source: worktree.source,
    directory: worktree.directory,
    target: known.target,
    ...(merged && { merged }),
    thread: { id, guildId, channelId, directory },
    userId,
    authorId: known.userId,
  }
  return { slice: { ...rest, step, phase }, effects: [effect] }
}

function onDone(known: MergeSlice, effect: MergeEffect, outcome: MergeOutcome): FeatureChange<MergeSlice> {
  if (known?.id !== effect.id || known.step !== effect.step) return keep(known)
  return keep({ ...known, phase: phaseAfter(known, effect, outcome) })
}

function phaseAfter({ phase }: Merge, { act, step }: MergeEffect, outcome: MergeOutcome): MergePhase {
  const text = outcome.kind === 'failed' ? outcome.text : `✗ unexpected outcome: ${outcome.kind}`
  if (act === 'undo' && 'merged' in phase)
    return outcome.kind === 'done'
      ? { kind: 'undone', merged: phase.merged }
      : { kind: 'merged', merged: phase.merged, refusal: text }
  if (act === 'abort') return { kind: 'failed', text: outcome.kind === 'done' ? ABORTED : text }
  if (outcome.kind === 'merged') return { kind: 'merged', merged: outcome.merged }
  if (outcome.kind === 'conflict') return { kind: step === 1 ? 'conflict' : 'stuck', files: outcome.files }
  return { kind: 'failed', text }
}

const ABORTED = '⬦ not merged: the rebase was given up, and the branch stands where it stood'
