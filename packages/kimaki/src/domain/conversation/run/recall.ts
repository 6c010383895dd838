/**
 * Messages that were edited or deleted when they were with the session already. OpenCode reads a message when a step begins, so one that
 * came while a step ran can still be changed, or emptied: OpenCode lets no message leave a session that works, but its parts.
 *
 *     wanted ──(delivered; one effect at a time)──▶ asked ──nobody has read it──▶ withdrawn, or it has its new words
 *       ▲                                            │  └────read meanwhile─────▶ the thread says that it came too late
 *       └──(its author wants something else by now)──┘
 *
 * R1. The session decides, not the replica: only a message that no step has read is changed (`opencode/session/unread/recall.ts`).
 * R2. Meanwhile nothing is submitted, interrupted or ended: the message keeps its place, and the answer comes after what is told of it.
 * R3. An emptied message is a question to OpenCode all the same. Once all before it is answered, the run is stopped, if there is one, and the
 *     message leaves the session. Until then nothing is submitted, and the turn stays open: what the run has begun is nobody's to read.
 */
import { mayBeCommand } from '../../message/intent.ts'
import type { IncomingMessage } from '../../message/incoming.ts'
import { rewordedParts } from '../../message/reword.ts'
import { andThen, noEffects, updatePrompt, withAction, type Change } from '../change.ts'
import {
  isDelivered,
  isLive,
  isRecalled,
  isSending,
  type Prompt,
  type PromptPhase,
  type Recall,
  type Submitted,
} from '../prompt.ts'
import { inTurn, type Conversation } from '../state.ts'
import { isComplete, isIdle, isPickedUp, newestUser, vainMessages } from './derive.ts'
import { readSession, type Abort, type ReadSession, type RecallMessage, type RunOutcome } from './effects.ts'

/** With the session, or on its way there, and as far as the replica tells nobody has read it. */
export function mayBeUnread({ turn }: Conversation, prompt: Prompt): boolean {
  if (!isLive(prompt) || !('messageId' in prompt.phase)) return false
  // It is being found out.
  if (isRecalled(prompt)) return true
  if (!isDelivered(prompt) || !turn.isSynced) return true
  const { messageId } = prompt.phase
  return !turn.messages.some(({ id }) => id === messageId) || !isPickedUp(turn.messages, messageId)
}

/** A command's words are OpenCode's; and what would be a command is none in the middle of a session. */
export function mayBeReworded({ command, message, phase, recall }: Prompt, edited: IncomingMessage): boolean {
  if (command || mayBeCommand(edited.text) || !('parts' in phase)) return false
  // Deleted is deleted.
  if (isRecalled({ phase, recall }) && !(recall && 'message' in recall)) return false
  return rewordedParts(phase.parts, message.text, edited.text) !== undefined
}

/** `message`: what it is to say; undefined: it is to go. What was wanted before no longer counts. */
export function wantRecall(
  state: Conversation,
  { id, message: known, recall }: Prompt,
  message: IncomingMessage | undefined,
): Conversation {
  const pending = recall?.kind === 'wanted' || recall?.kind === 'asked' ? recall : undefined
  const times = recall && 'times' in recall ? recall.times : 0
  // Discord tells a link's preview as an edit, too.
  if (message && message.text === (pending?.message ?? known).text) return state
  const news: Recall = { kind: pending?.kind ?? 'wanted', times, ...(message && { message }) }
  return updatePrompt(state, id, (prompt) => ({ ...prompt, recall: news }))
}

export const recall = (state: Conversation): Change =>
  state.turn.prompts
    .filter((prompt) => isLive(prompt) && prompt.recall?.kind === 'wanted' && !isSending(prompt))
    .reduce<Change>((change, prompt) => andThen(change, (next) => recallOne(next, prompt)), noEffects(state))

function recallOne(state: Conversation, prompt: Prompt): Change {
  const { id, phase, recall: wanted } = prompt
  if (wanted?.kind !== 'wanted' || !isSubmitted(phase)) return noEffects(state)
  const { message, times } = wanted
  const reworded = message && { message, parts: rewordedParts(phase.parts, prompt.message.text, message.text) ?? phase.parts }
  // Nothing of it stands anywhere.
  if (state.session.kind !== 'open') return noEffects(updatePrompt(state, id, (known) => changed(known, reworded)))
  const effect: RecallMessage = {
    key: `recall/${phase.messageId}/${times + 1}`,
    kind: 'recall',
    owner: 'run',
    directory: state.directory,
    session: state.session.id,
    promptId: id,
    messageId: phase.messageId,
    ...(reworded && { reworded }),
  }
  const asked = updatePrompt(state, id, (known) => ({ ...known, recall: { ...wanted, kind: 'asked', times: times + 1 } }))
  return { ...noEffects(asked), effects: [effect] }
}

const isSubmitted = (phase: PromptPhase): phase is Extract<PromptPhase, Submitted> => 'messageId' in phase

export function onRecalled(state: Conversation, { promptId, messageId, reworded }: RecallMessage, { kind }: RunOutcome): Change {
  const prompt = state.turn.prompts.find(({ id }) => id === promptId)
  const asked = prompt?.recall
  if (!prompt || asked?.kind !== 'asked') return noEffects(state)
  const isDone = kind === 'emptied' || kind === 'reworded' || kind === 'absent'
  // Of a prompt that has ended otherwise nothing more is told; but its message may have been emptied.
  if (!isLive(prompt) || !isDone) {
    const what = asked.message ? 'edited' : 'deleted'
    const known = updatePrompt(state, promptId, kind === 'emptied' ? emptied(messageId) : over)
    return isLive(prompt) ? { ...noEffects(known), events: [{ kind: 'came-too-late', promptId, what }] } : noEffects(known)
  }
  const next = updatePrompt(state, promptId, (known) => changed(known, reworded, kind === 'emptied' ? messageId : undefined))
  // Its author wants something else by now.
  const isOutdated = reworded !== undefined && asked.message?.text !== reworded.message.text
  const again = isOutdated ? updatePrompt(next, promptId, (known) => ({ ...known, recall: { ...asked, kind: 'wanted' } })) : next
  const messages = kind === 'absent' ? again.turn.messages.filter(({ id }) => id !== messageId) : again.turn.messages
  // What stood before it may have waited to be read with it.
  const look: ReadSession = { ...readSession(200), ifQuiet: true }
  return withAction(inTurn(again, { messages }), look)
}

function changed(prompt: Prompt, reworded: RecallMessage['reworded'], emptiedId?: string): Prompt {
  const known = over(prompt)
  if (!reworded) {
    const gone: Prompt = { ...known, phase: { kind: 'ended', end: { kind: 'withdrawn' } } }
    return emptiedId === undefined ? gone : emptied(emptiedId)(gone)
  }
  const { message, parts } = reworded
  return { ...known, message, phase: isSubmitted(known.phase) ? { ...known.phase, parts } : known.phase }
}

const emptied =
  (messageId: string) =>
  (prompt: Prompt): Prompt => ({ ...prompt, recall: { kind: 'emptied', messageId } })

const over = (prompt: Prompt): Prompt =>
  prompt.recall && 'times' in prompt.recall ? { ...prompt, recall: { kind: 'over', times: prompt.recall.times } } : prompt

/** R3. The step that would answer nothing is stopped as soon as it could begin. */
export function stopVain(state: Conversation): Change {
  const { turn, session } = state
  const vain = vainMessages(state)
  const newest = turn.messages.findLast(({ kind }) => kind === 'user')
  if (!turn.isSynced || session.kind !== 'open' || !newest || !vain.has(newest.id)) return noEffects(state)
  const prompt = turn.prompts.find(({ recall: known }) => known?.kind === 'emptied' && known.messageId === newest.id)
  if (prompt?.recall?.kind !== 'emptied' || prompt.recall.leaves || turn.prompts.some(isSending)) return noEffects(state)
  const asked = newestUser(state)
  if (!isIdle(state) && asked && !isComplete(state, asked.id)) return noEffects(state)
  const abort: Abort = {
    key: `abort/${session.id}/vain/${newest.id}`,
    kind: 'abort',
    owner: 'run',
    directory: state.directory,
    session: session.id,
    drop: [...vain],
    promptId: prompt.id,
  }
  return { ...noEffects(leaving(state, prompt.id, 'asked')), effects: [abort] }
}

export const hasLeft = (state: Conversation, { promptId }: Abort): Conversation =>
  promptId === undefined ? state : leaving(state, promptId, 'done')

const leaving = (state: Conversation, promptId: string, leaves: 'asked' | 'done'): Conversation =>
  updatePrompt(state, promptId, (prompt) =>
    prompt.recall?.kind === 'emptied' ? { ...prompt, recall: { ...prompt.recall, leaves } } : prompt,
  )
