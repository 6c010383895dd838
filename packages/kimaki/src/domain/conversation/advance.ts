/**
 * What is due now? Rules that look only at the state, asked after every input: each names the effects and hints that follow from
 * where things stand. An effect's key is derived from what it is about, so asking twice does no harm.
 */
import { deriveId } from '../../base/ids.ts'
import { leadingCommand, mayBeCommand } from '../message/intent.ts'
import { promptParts } from '../message/prompt.ts'
import { threadNameFrom } from '../naming.ts'
import { forkNext } from './aside.ts'
import { endTogether, followedBy, unchanged, updatePrompt, type Change } from './change.ts'
import { stopRun } from './on-outcome.ts'
import { isLive, isQueued, isSeen, type HandedOver, type Prompt } from './prompt.ts'
import { promoteNext } from './queue.ts'
import { coveredPrompts, finalAnswer, isIdle, isOverfull, isRunaway } from './run.ts'
import { runCommands } from './shell.ts'
import type { CommandCall } from './agent.ts'
import type { Conversation } from './state.ts'

export function advance(change: Change): Change {
  return [promoteNext, openThread, runCommands, openSession, forkNext, prepare, handOver, stopRunaway, finish].reduce(
    followedBy,
    change,
  )
}

/** Live, and its turn has come. */
const isDue = (prompt: Prompt): boolean => isLive(prompt) && !isQueued(prompt)

function openThread(state: Conversation): Change {
  const [first] = [...state.prompts, ...state.commands]
  if (state.thread.kind !== 'none' || !first) return unchanged(state)
  const { id: messageId, titleText, authorId } = first.message
  const name = threadNameFrom(titleText)
  return {
    state: { ...state, thread: { kind: 'opening' } },
    effects: [{ key: `open-thread/${state.id}`, kind: 'open-thread', channelId: state.channelId, messageId, name, authorId }],
    hints: [],
  }
}

function openSession(state: Conversation): Change {
  const first = state.prompts.find(isDue)
  if (state.session.kind !== 'none' || !first) return unchanged(state)
  return {
    state: { ...state, session: { kind: 'opening' } },
    effects: [{ key: `open-session/${state.id}/${first.id}`, kind: 'open-session', directory: state.directory, mark: state.id }],
    hints: [],
  }
}

function prepare(state: Conversation): Change {
  return state.prompts
    .filter((prompt) => prompt.phase.kind === 'waiting')
    .reduce<Change>((change, prompt) => followedBy(change, (next) => prepareOne(next, prompt)), unchanged(state))
}

function prepareOne(state: Conversation, { id, message }: Prompt): Change {
  if (message.attachments.length === 0 && !mayBeCommand(message.text))
    return unchanged(updatePrompt(state, id, (prompt) => ({ ...prompt, phase: { kind: 'ready', prepared: [] } })))
  return {
    state: updatePrompt(state, id, (prompt) => ({ ...prompt, phase: { kind: 'preparing' } })),
    effects: [{ key: `prepare/${id}`, kind: 'prepare', promptId: id, directory: state.directory, message }],
    hints: [],
  }
}

/** The oldest prompt that is not in the session goes there next; those behind it wait until it is seen. */
function handOver(state: Conversation): Change {
  const { session } = state
  const next = state.prompts.find((prompt) => isDue(prompt) && !isSeen(prompt))
  // What is lost goes first, and is known once the session was read; one that was cut off may stand before one that is on its way.
  const busy =
    !state.mirrored ||
    state.suspect?.lost ||
    state.interrupting !== undefined ||
    state.prompts.some(({ phase }) => phase.kind === 'handing')
  if (session.kind !== 'open' || !next || busy) return unchanged(state)
  const command = next.command ?? commandOf(next)
  const handed = handedOver(state, session.id, next, command)
  if (!handed) return unchanged(state)
  return {
    state: updatePrompt({ ...state, failure: undefined }, next.id, (prompt) => ({
      ...prompt,
      ...(command && { command }),
      phase: { kind: 'handing', ...handed },
    })),
    effects: [
      {
        key: `prompt/${handed.messageId}/${handed.resends}`,
        kind: 'prompt',
        promptId: next.id,
        directory: state.directory,
        session: session.id,
        messageId: handed.messageId,
        parts: handed.parts,
        resend: handed.resends > 0,
        ...takenOut(state, next, handed, command !== undefined),
        behind: state.prompts.filter(isSeen).map(({ phase }) => phase.messageId),
        ...(handed.resends === 0 && !command && isFollowed(state, next) && { followed: true }),
        ...(command && { command }),
        ...(next.waited && { waited: true }),
        ...(next.aside && { as: next.aside.fork.as }),
        guildId: state.guildId,
        authorId: next.message.authorId,
      },
    ],
    hints: [],
  }
}

/** Where it stands, a message posted again would keep its place; and its run would read later ones before it. */
function takenOut(
  state: Conversation,
  { order }: Prompt,
  { messageId, resends }: HandedOver,
  isCommand: boolean,
): { readonly takeOut?: readonly string[] } {
  const later = state.prompts.flatMap((one) => (one.order > order && one.phase.kind === 'cut' ? [one.phase.messageId] : []))
  const takeOut = resends > 0 && !isCommand && isOvertaken(state, messageId) ? [messageId, ...later] : later
  return takeOut.length > 0 ? { takeOut } : {}
}

/** By a message that was posted while it was in the session, or by one that may have been. */
function isOvertaken({ messages }: Conversation, messageId: string): boolean {
  const created = messages.find(({ id }) => id === messageId)?.created ?? 0
  return messages.some((message) => message.kind === 'user' && message.id !== messageId && message.created >= created)
}

/** Many messages that wait together are one run, not one each: the session reads them with the last. */
const isFollowed = ({ prompts }: Conversation, { id }: Prompt): boolean =>
  prompts.slice(prompts.findIndex((prompt) => prompt.id === id) + 1).some(({ phase }) => phase.kind === 'ready')

/** What it says now, not when its files were fetched: it may have been edited. */
const commandOf = ({ message, phase }: Prompt): CommandCall | undefined =>
  phase.kind === 'ready' && phase.commands
    ? leadingCommand(message.text, (name) => phase.commands?.includes(name) ?? false)
    : undefined

function handedOver(
  state: Conversation,
  session: string,
  { id, message, phase, aside }: Prompt,
  command: CommandCall | undefined,
): HandedOver | undefined {
  if (phase.kind === 'cut') return { messageId: phase.messageId, parts: phase.parts, resends: phase.resends }
  if (phase.kind !== 'ready') return undefined
  const partId = partIds(deriveId('prt_', state.install, session, id))
  // Its words are the command's.
  const spoken = command ? { ...message, text: '' } : message
  const parts = promptParts({ message: spoken, prepared: phase.prepared, partId, agent: undefined, asideOf: aside?.parent })
  return { messageId: deriveId('msg_', state.install, session, id), parts, resends: 0 }
}

/** OpenCode orders the parts of a message by id: one derived stem, then a number that grows. */
function partIds(stem: string): () => string {
  let count = 0
  return () => `${stem.slice(0, -2)}${String((count += 1)).padStart(2, '0')}`
}

function stopRunaway(state: Conversation): Change {
  if (isIdle(state)) return unchanged(state)
  const kind = isRunaway(state) ? 'runaway' : isOverfull(state) ? 'overfull' : undefined
  if (!kind) return unchanged(state)
  const covered = coveredPrompts(state)
  if (covered.length === 0) return unchanged(state)
  const ids = new Set(covered.map(({ id }) => id))
  return stopRun(endTogether(state, ({ id }) => ids.has(id), { kind: 'failed', reason: { kind } }))
}

/** The run is over. A failure ends its prompts at once; an answer ends them when its footer's facts have come. */
function finish(state: Conversation): Change {
  const answer = isIdle(state) ? finalAnswer(state) : undefined
  const covered = coveredPrompts(state)
  const [first] = covered
  // Before the thread stands the answer cannot be put on record, and an ended prompt would not be looked at again.
  if (!answer || !first || !state.mirrored || state.thread.kind === 'opening') return unchanged(state)
  const ids = new Set(covered.map(({ id }) => id))
  if (answer.failure)
    return unchanged(
      endTogether(state, ({ id }) => ids.has(id), { kind: 'failed', reason: { kind: 'agent', failure: answer.failure } }),
    )
  if (state.footers[answer.id]) return unchanged(endTogether(state, ({ id }) => ids.has(id), { kind: 'answered', by: answer.id }))
  return { ...unchanged(state), hints: [{ kind: 'describe', answer, startedAt: first.phase.created }] }
}
