/**
 * What becomes of a slash command, and of a press in its answer: decided at once, or after work outside the conversation.
 *
 *     invoked ─▶ run (pure) ──▶ reply, requests, words said
 *                    └─ work ─▶ effect `command-work` ─▶ reply, requests
 *                                     ▲         └─ work ──┐
 *                                     └───────────────────┘ each step is a row: after a crash it runs again with the same arguments
 */
import { timeOfSnowflake } from '../../base/ids.ts'
import type { AllowanceChange } from '../allowance.ts'
import type { IncomingMessage } from '../message/incoming.ts'
import { threadNameFrom } from '../naming.ts'
import type { Effect, Outcome } from './effect.ts'
import type { FeatureRequest } from './feature.ts'
import type { AttachedFile, MessageContent } from './posts/post.ts'
import { replyTo } from './reply.ts'
import type { Beginning, ButtonPress, CommandInvocation, Meanwhile } from './request.ts'
import type { Conversation } from './state.ts'

export interface CommandAnswer {
  /** What the person reads. Undefined: the answer comes with the work, or with the conversation that is begun. */
  readonly reply?: string | MessageContent
  /** Files that go along with it. Of a press, without a reply: the message that was pressed stays as it is, and has these. */
  readonly attached?: readonly AttachedFile[]
  readonly requests?: readonly FeatureRequest[]
  readonly effects?: readonly Effect[]
  readonly allowances?: readonly AllowanceChange[]
  /** Something to do outside the conversation: what the command's `work` is given. */
  readonly work?: CommandArgs
  /** What must not happen until the work is over, with all that follows it. */
  readonly meanwhile?: Meanwhile
  /** Of a press: see `Asker`. */
  readonly keeps?: true
}

/** Goes on record as JSON. */
export type CommandArgs = Readonly<Record<string, string | number | boolean | null | readonly string[]>>

/** Who invoked a command, or pressed a button in its answer, which is renewed, and how it is answered. */
export type Asker = Omit<CommandInvocation, 'options' | 'target'> & {
  readonly isPress?: true
  /** The message that was pressed keeps its words and buttons: what is said goes to the person alone. */
  readonly keeps?: true
}

export interface CommandWork extends Effect {
  readonly kind: 'command-work'
  readonly asker: Asker
  readonly args: CommandArgs
  /** From 1: work may be followed by more. */
  readonly step: number
  readonly directory: string
  /** The session that is open in the thread. */
  readonly session: string | undefined
  readonly meanwhile?: Meanwhile
}

export type WorkOutcome = Outcome<{ readonly kind: 'answered'; readonly answer: CommandAnswer }>

/** Of a press in the answer to the command `name`; undefined where an earlier version put it on record, which nobody can answer. */
export function askerOf({ followUp, ...press }: ButtonPress, name: string): Asker | undefined {
  const { id, guildId, channelId, userId, userName } = press
  return followUp && { id, ...followUp, name, guildId, channelId, userId, userName, isPress: true }
}

/** The effects that an answer asks for: its reply, its work, and its own. */
export function effectsOf(state: Conversation, asker: Asker, answer: CommandAnswer, step = 1): readonly Effect[] {
  const { reply, work, attached, effects = [] } = answer
  const content = typeof reply === 'string' ? { text: reply, buttons: [] } : reply
  const isPart = work !== undefined
  const answered = { ...asker, ...(isPart && { part: step }) }
  const said =
    content || attached
      ? [replyTo(answered, content, { isError: content && isError(asker, content), isAside: asker.keeps, attached })]
      : []
  return [...effects, ...worksOf(state, asker, answer, step), ...said]
}

/** What a person reads of an error begins with its mark. */
const isError = ({ isPress }: Asker, { text }: MessageContent): boolean => isPress !== true && text.startsWith('✗')

function worksOf(
  { directory, session }: Conversation,
  asker: Asker,
  { work, meanwhile }: CommandAnswer,
  step: number,
): readonly CommandWork[] {
  if (!work) return []
  const facts = { asker, args: work, step, directory, session: session.kind === 'open' ? session.id : undefined }
  const key = `command-work/${asker.id}/${step}`
  return [{ key, kind: 'command-work', owner: 'commands', ...facts, ...(meanwhile && { meanwhile }) }]
}

/** The words of a command as a message of the person who invoked it: taken by whoever takes such words when somebody writes them. */
export function saidBy(
  { id, guildId, userId, userName, files = [] }: Asker,
  words: string,
  { id: thread, channelId }: Pick<Conversation, 'id' | 'channelId'>,
): IncomingMessage {
  return {
    id,
    guildId,
    channelId: thread,
    projectChannelId: channelId,
    inThread: true,
    author: { kind: 'person', id: userId, name: userName },
    text: words,
    titleText: words,
    mentionsBot: false,
    reply: undefined,
    attachments: files,
    sentAt: new Date(timeOfSnowflake(id)).toISOString(),
  }
}

/** Begins a conversation of its own in the project channel `channelId`; the person is answered with its thread. */
export function launchFor(asker: Asker, words: string, channelId: string, begins: Partial<Beginning> = {}): FeatureRequest {
  const message: IncomingMessage = { ...saidBy(asker, words, { id: channelId, channelId }), inThread: false }
  return { kind: 'launch', message, begins: { name: threadNameFrom(words), ...begins }, asker }
}
