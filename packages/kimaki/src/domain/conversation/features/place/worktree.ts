/**
 * The worktree that the session of this thread works in: it is made before the session is, and what is written meanwhile waits.
 *
 *     wanted ─▶ making ──▶ made: the session works there
 *                  └─────▶ failed. Asked for: what waits ends, and is told. By itself: the session works in the project folder
 *
 * P1. While it is being made nothing works in the folder of the conversation (the gate `use-folder`).
 * P2. It is decided before the session is opened, once: a conversation that has a session keeps its folder.
 */
import type { PermissionRule } from '../../../agent.ts'
import { derivedSlug, type Worktree, type WorktreeWanted } from '../../../worktree.ts'
import type { Effect, Outcome } from '../../effect.ts'
import { defineFeature, keep, onOutcome, type FeatureChange } from '../../feature.ts'
import { isLive } from '../../prompt.ts'
import type { Beginning } from '../../request.ts'
import type { Conversation } from '../../state.ts'

interface Request extends WorktreeWanted {
  /** Nobody asked for this one: the channel does so for all. */
  readonly isAutomatic?: true
}

/** `isTold`: in a turn that is closed. */
type WorktreePlace =
  | { readonly kind: 'wanted' | 'making'; readonly request: Request }
  | {
      readonly kind: 'made'
      readonly request: Request
      readonly worktree: Worktree
      readonly warnings: readonly string[]
      readonly isTold?: true
    }
  /** `text`: the line people read. `isRead`: they read it where the message that waited ends. */
  | {
      readonly kind: 'failed'
      readonly request: Request
      readonly text: string
      readonly isRead?: true
      readonly isTold?: true
    }

type WorktreeSlice = WorktreePlace | null

export interface MakeWorktreeEffect extends Effect {
  readonly kind: 'make-worktree'
  readonly id: string
  readonly source: string
  readonly request: WorktreeWanted
}

export type WorktreeOutcome = Outcome<{
  readonly kind: 'worktree-made'
  readonly worktree: Worktree
  readonly warnings: readonly string[]
}>

/** What people allow for the project holds in its worktrees, too. */
export const projectFolderOf = (state: Pick<Conversation, 'features' | 'directory'>): string =>
  worktreeOf(state)?.source ?? state.directory

const isPending = (place: WorktreeSlice): boolean => place?.kind === 'wanted' || place?.kind === 'making'

export const worktree = defineFeature<WorktreeSlice>({
  name: 'worktree',
  version: 1,
  initial: null,
  on: { begun: (place, { beginning }) => keep(place ?? wantedBy(beginning)) },
  due: (place, state) => begin(place ?? wantedByChannel(state), state),
  outcomes: { 'make-worktree': onOutcome(onMade) },
  gates: { 'use-folder': (place) => (isPending(place) ? 'its worktree is being made' : undefined) },
  rules: (place) => (place?.kind === 'made' ? withoutCheckout(place.worktree) : []),
  isBusy: isPending,
  closeTurn: (place) =>
    place === null || isPending(place) || ('isTold' in place && place.isTold)
      ? place
      : ({ ...place, isTold: true } as WorktreePlace),
})

/** The worktree in which this conversation works. */
export function worktreeOf(state: Pick<Conversation, 'features'>): Worktree | undefined {
  const place = worktree.of(state)
  return place?.kind === 'made' ? place.worktree : undefined
}

const wantedBy = ({ worktree: request }: Beginning): WorktreeSlice => (request ? { kind: 'wanted', request } : null)

/** What begins in the channel, by a message or for one: not threads of people, and not what goes on with a session. */
function wantedByChannel({ preferences, session, closedUpTo, turn }: Conversation): WorktreeSlice {
  const first = turn.prompts.find(isLive)
  if (!preferences.channel.worktrees || session.kind !== 'none' || closedUpTo !== 0 || !first) return null
  const { message, begins } = first
  if (message.inThread || begins?.session || begins?.cwd !== undefined) return null
  const slug = derivedSlug(message.titleText, `thread-${message.id.replaceAll(/[^\da-z]/g, '').slice(-8)}`)
  return { kind: 'wanted', request: { slug, isAutomatic: true } }
}

function begin(place: WorktreeSlice, { id, directory, thread }: Conversation): FeatureChange<WorktreeSlice> {
  if (place?.kind !== 'wanted' || thread.kind !== 'open') return keep(place)
  const { isAutomatic: _, ...request } = place.request
  const effect: MakeWorktreeEffect = {
    key: `make-worktree/${id}`,
    kind: 'make-worktree',
    owner: 'worktree',
    id,
    source: directory,
    request,
  }
  return { slice: { kind: 'making', request: place.request }, effects: [effect] }
}

function onMade(
  place: WorktreeSlice,
  _effect: MakeWorktreeEffect,
  outcome: WorktreeOutcome,
  { turn }: Conversation,
): FeatureChange<WorktreeSlice> {
  if (place?.kind !== 'making') return keep(place)
  const { request } = place
  if (outcome.kind === 'worktree-made') {
    const { worktree: made, warnings } = outcome
    return {
      slice: { kind: 'made', request, worktree: made, warnings },
      requests: [{ kind: 'work-in', directory: made.directory }],
    }
  }
  const text = outcome.kind === 'failed' ? outcome.text : `✗ unexpected outcome: ${outcome.kind}`
  if (request.isAutomatic) return keep({ kind: 'failed', request, text })
  const isRead = turn.prompts.some(isLive)
  const slice: WorktreePlace = { kind: 'failed', request, text, ...(isRead && { isRead }) }
  return isRead ? { slice, requests: [{ kind: 'end-all', text: `${text}\n${NEXT}` }] } : keep(slice)
}

const NEXT = 'Your next message here begins a session in the project folder.'

/** The checkout that the worktree was made from: tools that name a file there are refused, whatever the project allows. */
function withoutCheckout({ source }: Worktree): readonly PermissionRule[] {
  const rule = { permission: 'external_directory', action: 'deny' } as const
  return [source, `${source}/*`].map((pattern) => ({ ...rule, pattern }))
}
