/**
 * Closes a turn whose every block has its post on record (I5): it is replaced by an empty one, and each feature lets go of what belonged to it.
 * What a feature has under way outlives the turn with its posts, and the turn does not wait for them: a shell command's message may change
 * every second.
 */
import { sliceOf, type Feature } from './feature.ts'
import { FEATURES } from './features/index.ts'
import { isStale } from './posts/post.ts'
import { isLeaving, isLive, type Prompt } from './prompt.ts'
import { isIdle } from './run/derive.ts'
import { NEW_TURN, type Conversation } from './state.ts'

/** `allShown`: every block of the view has its post on record (or there is nowhere left to show it). The very state when nothing is closed. */
export function closeTurn(state: Conversation, allShown: boolean, features: readonly Feature[] = FEATURES): Conversation {
  const { turn, posts } = state
  const slices = features.map((feature) => [feature, sliceOf(state, feature)] as const)
  const outliving = new Set(slices.flatMap(([feature, slice]) => feature.outlives?.(slice) ?? []))
  const isPosting = posts.outbox.length > 0 || posts.editable.some((post) => isStale(post) && !outliving.has(post.key))
  const isOpen = turn.prompts.some((prompt) => isLive(prompt) || isChanging(prompt))
  if (!allShown || !turn.isSynced || !isIdle(state) || isOpen || isPosting) return state
  const closed = slices.map(([feature, slice]) => [feature, slice, feature.closeTurn ? feature.closeTurn(slice) : slice] as const)
  const nothingToClose = turn.prompts.length + turn.messages.length === 0 && closed.every(([, before, after]) => before === after)
  if (nothingToClose) return state
  const editable = posts.editable.filter(({ key }) => outliving.has(key))
  return {
    ...state,
    closedUpTo: Math.max(state.closedUpTo, ...turn.messages.map(({ created }) => created)),
    features: { ...state.features, ...Object.fromEntries(closed.map(([{ name }, , slice]) => [name, slice])) },
    turn: NEW_TURN,
    posts: { posted: new Set(editable.map(({ key }) => key)), outbox: [], editable },
  }
}

/** Its message is just being changed in the session, or taken out of it. */
const isChanging = (prompt: Prompt): boolean => prompt.recall?.kind === 'asked' || isLeaving(prompt)

/** Something is under way that no turn waits for. */
export const isBusyBeside = (state: Conversation, features: readonly Feature[] = FEATURES): boolean =>
  features.some((feature) => feature.isBusy?.(sliceOf(state, feature)) ?? false)
