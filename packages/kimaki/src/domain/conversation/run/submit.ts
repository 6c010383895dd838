/** A prompt on its way to the agent: first prepared, then submitted, in order of arrival. */
import type { HeldBy } from '../feature.ts'
import { deriveId } from '../../../base/ids.ts'
import { answersFor } from '../../message/incoming.ts'
import { leadingCommand, mayBeCommand } from '../../message/intent.ts'
import { promptParts } from '../../message/prompt.ts'
import type { AnsweredBy, CommandCall } from '../../agent.ts'
import { andThen, noEffects, updatePrompt, type Change } from '../change.ts'
import {
  isDelivered,
  isLeaving,
  isLive,
  isRecalled,
  isSending,
  isSubmitted,
  promptIdOf,
  messageIdOf,
  type Prompt,
  type Submitted,
} from '../prompt.ts'
import { inTurn, type Conversation } from '../state.ts'
import { isIdle, vainMessages } from './derive.ts'
import type { Prepare, SubmitPrompt } from './effects.ts'

export function prepare(state: Conversation): Change {
  return state.turn.prompts
    .filter((prompt) => prompt.phase.kind === 'waiting')
    .reduce<Change>((change, prompt) => andThen(change, (next) => prepareOne(next, prompt)), noEffects(state))
}

function prepareOne(state: Conversation, prompt: Prompt): Change {
  const { id, message } = prompt
  const withStarter = needsStarter(state, prompt)
  if (message.attachments.length === 0 && !mayBeCommand(message.text) && !withStarter)
    return noEffects(updatePrompt(state, id, (known) => ({ ...known, phase: { kind: 'ready', prepared: [] } })))
  const effect: Prepare = {
    key: `prepare/${id}`,
    kind: 'prepare',
    owner: 'run',
    promptId: id,
    directory: state.directory,
    message,
    ...(withStarter && { withStarter }),
  }
  const preparing = updatePrompt(state, id, (known) => ({ ...known, phase: { kind: 'preparing' } }))
  return { ...noEffects(preparing), effects: [effect] }
}

/**
 * The first prompt of a thread that a person opened: the session knows nothing of what the thread is about. In a thread of ours the first
 * prompt is the starter itself, written in the channel. Nothing that Discord tells with the message says whether the thread has a starter.
 */
function needsStarter(state: Conversation, { id, message, begins }: Prompt): boolean {
  const { id: threadId, thread, session, closedUpTo, turn } = state
  const isFirst = session.kind !== 'open' && closedUpTo === 0 && turn.prompts.find(isLive)?.id === id
  const isAPrompt = (thread.kind === 'open' && thread.fromPrompt) || turn.prompts.some((prompt) => prompt.message.id === threadId)
  return isFirst && message.inThread && message.channelId === threadId && !isAPrompt && !begins
}

/** How many agents may work at once, over all conversations, and whether one more may begin. */
export interface Room {
  readonly atMost: number
  readonly isFree: boolean
}

/** The oldest prompt that is not in the session goes there next; later ones wait until it is delivered (I1). */
export function submit(state: Conversation, heldBy: HeldBy, { isFree, atMost }: Room): Change {
  const { session } = state
  const next = nextToSubmit(state, heldBy)
  if (session.kind !== 'open' || !next) return noEffects(state)
  if (!isFree && wouldBegin(state)) return { ...noEffects(state), events: [{ kind: 'no-room', promptId: next.id, atMost }] }
  const command = next.command ?? commandOf(next)
  const submitted = submittedAs(state, session.id, next, command)
  if (!submitted) return noEffects(state)
  const sending = updatePrompt(inTurn(state, { failure: undefined }), next.id, (prompt) => ({
    ...prompt,
    ...(command && { command }),
    phase: { kind: 'sending', ...submitted },
  }))
  const noReply = isFollowed(state, next, heldBy)
  return { ...noEffects(sending), effects: [submission(state, session.id, { prompt: next, submitted, command, noReply })] }
}

/** Undefined also where somebody holds it back, or where its files are still being fetched. */
function nextToSubmit(state: Conversation, heldBy: HeldBy): Prompt | undefined {
  const next = state.turn.prompts.find((prompt) => isLive(prompt) && !isDelivered(prompt))
  const isReady = next?.phase.kind === 'ready' || next?.phase.kind === 'resend'
  return state.session.kind === 'open' && isReady && heldBy('submit', state) === undefined ? next : undefined
}

/** To submit something would set one more agent to work; one that works, for us or for a terminal, takes it in as it is. */
const wouldBegin = (state: Conversation): boolean => isIdle(state) && !state.turn.prompts.some(isSubmitted)

/** The order of the prompt that only waits for another agent to end. */
export function waitsForRoom(state: Conversation, heldBy: HeldBy): number | undefined {
  return wouldBegin(state) ? nextToSubmit(state, heldBy)?.order : undefined
}

/**
 * Why the run itself submits nothing now. Order would break while the session is unread, a message is missing from it or is being changed in
 * it, or another submit or interrupt is in flight.
 */
export function submitIsHeld({ turn }: Conversation): string | undefined {
  if (!turn.isSynced) return 'the session has not been read yet'
  if (turn.suspicion?.isLost) return 'a message may be missing in the session'
  if (turn.interrupting !== undefined) return 'the run is being stopped'
  if (turn.prompts.some(isRecalled)) return 'a message is being taken back'
  if (turn.prompts.some(isLeaving)) return 'a message that was taken back is leaving the session'
  return turn.prompts.some(isSending) ? 'another message is being submitted' : undefined
}

const ofSession = ({ session }: Conversation): AnsweredBy | undefined =>
  session.kind === 'open' ? session.answeredBy : undefined

function submission(
  state: Conversation,
  session: string,
  {
    prompt,
    submitted: { messageId, parts, resends },
    command,
    noReply,
  }: {
    readonly prompt: Prompt
    readonly submitted: Submitted
    readonly command: CommandCall | undefined
    readonly noReply: boolean
  },
): SubmitPrompt {
  const removeFirst = removedFirst(state, prompt)
  const answeredBy = prompt.begins?.session?.answeredBy ?? ofSession(state)
  return {
    key: `prompt/${messageId}/${resends}`,
    kind: 'prompt',
    owner: 'run',
    promptId: prompt.id,
    userId: answersFor(prompt.message),
    guildId: state.guildId,
    waited: prompt.waited ?? false,
    directory: state.directory,
    session,
    messageId,
    parts,
    resend: resends > 0,
    after: state.turn.prompts.filter(isDelivered).map(({ phase }) => phase.messageId),
    ...(removeFirst.length > 0 && { removeFirst }),
    ...(resends === 0 && !command && noReply && { noReply: true }),
    ...(command && { command }),
    ...(answeredBy && { answeredBy }),
  }
}

/** The run of a message that is posted again would read later ones before it. What was taken back and never read goes too, if the session lets it go. */
function removedFirst(state: Conversation, { order }: Prompt): readonly string[] {
  const later = state.turn.prompts.flatMap((prompt) =>
    prompt.order > order && prompt.phase.kind === 'resend' ? [prompt.phase.messageId] : [],
  )
  return [...later, ...vainMessages(state)]
}

/** Many messages that wait together are one run, not one each: the session reads them with the last. */
function isFollowed(state: Conversation, { id }: Prompt, heldBy: HeldBy): boolean {
  const { prompts } = state.turn
  const isBehind = prompts.slice(prompts.findIndex((prompt) => prompt.id === id) + 1).some(({ phase }) => phase.kind === 'ready')
  // The next one may wait for something that this one does not: nobody may wait for both.
  return isBehind && heldBy('submit', inTurn(state, { prompts: prompts.filter((prompt) => prompt.id !== id) })) === undefined
}

/** The words the message has now, not when its files were fetched: it may have been edited. */
const commandOf = ({ message, phase }: Prompt): CommandCall | undefined =>
  phase.kind === 'ready' && phase.commands
    ? leadingCommand(message.text, (name) => phase.commands?.includes(name) ?? false)
    : undefined

function submittedAs(
  { install }: Conversation,
  session: string,
  { id, message, phase, begins }: Prompt,
  command: CommandCall | undefined,
): Submitted | undefined {
  if (phase.kind === 'resend') return { messageId: phase.messageId, parts: phase.parts, resends: phase.resends }
  if (phase.kind !== 'ready') return undefined
  const partId = partIds(deriveId('prt_', install, session, id))
  // The words of a command's message are the command's.
  const spoken = command ? { ...message, text: '' } : message
  const copyOf = begins?.copyOf?.session
  const { prepared, starter } = phase
  const parts = promptParts({ message: spoken, prepared, partId, agent: undefined, copyOf, starter })
  return { messageId: messageIdOf(install, session, id), parts, resends: 0 }
}

/** As which a message of Discord stands in the session. */
export const sessionMessageId = (install: string, session: string, messageId: string): string =>
  messageIdOf(install, session, promptIdOf(messageId))

/** OpenCode orders the parts of a message by id: one derived stem, then a number that grows. */
function partIds(stem: string): () => string {
  let count = 0
  return () => `${stem.slice(0, -2)}${String((count += 1)).padStart(2, '0')}`
}
