/**
 * Shell commands of people (`!command`). They stand beside the prompts: the agent knows nothing of them and goes on, and two may run
 * at once.
 *
 *     waiting ──(the thread stands)──▶ running ──▶ ended
 *
 * `running`: the effect is on record. It is done once or not at all: one that is found on record later was cut off, and is told.
 */
import { boundaryBefore } from '../../base/text.ts'
import type { IncomingMessage } from '../message/incoming.ts'
import { unchanged, type Change } from './change.ts'
import type { Effect, Outcome } from './effect.ts'
import type { Conversation } from './state.ts'

/** Of the output, in UTF-16 units: more than a card can show. */
const SAID_KEPT = 2000

export interface ShellCommand {
  /** That of its message, e.g. `discord:1234`. */
  readonly id: string
  readonly message: Pick<IncomingMessage, 'id' | 'authorId' | 'titleText'>
  readonly command: string
  /** The newest of its output. */
  readonly said: string
  /** A person asked it to end. */
  readonly stoppedBy?: string
  readonly phase:
    | { readonly kind: 'waiting' | 'running' }
    | { readonly kind: 'ended'; readonly end: CommandEnd; readonly tookMs: number }
  /** All of its output, once it has ended. Not on record: the post that shows it is, from the same commit on. */
  readonly whole?: CommandOutput
}

export type CommandEnd =
  /** `background`: something it started goes on. */
  | { readonly kind: 'exited'; readonly code: number; readonly background: boolean }
  | { readonly kind: 'killed'; readonly signal: string; readonly background: boolean }
  | { readonly kind: 'timed-out' }
  /** By a person; undefined: because Kimaki stopped. */
  | { readonly kind: 'stopped'; readonly by: string | undefined }
  /** An earlier process had begun it, or was about to. */
  | { readonly kind: 'cut-off' }
  /** Nobody could run it when it was written. */
  | { readonly kind: 'late' }
  /** `text`: the line people read. */
  | { readonly kind: 'not-run'; readonly text: string }
  /** Its thread is gone, and somebody else tells. */
  | { readonly kind: 'dropped' }

export interface CommandOutput {
  /** At most about a million units. */
  readonly text: string
  /** Set when `text` is not all of it. */
  readonly overflow:
    | {
        /** UTF-16 units. */
        readonly omitted: number
        /** On the bot's machine. */
        readonly file: string | undefined
        readonly complete: boolean
      }
    | undefined
}

export type ShellEffect = Extract<Effect, { kind: 'shell' }>

export const isGoing = ({ phase }: ShellCommand): boolean => phase.kind !== 'ended'

/** Of the card that shows it. */
export const commandKey = (id: string): string => `shell/${id}`

export function addCommand(state: Conversation, added: Pick<ShellCommand, 'id' | 'message' | 'command'>): Conversation {
  if (state.commands.some(({ id }) => id === added.id)) return state
  const { id, authorId, titleText } = added.message
  const one: ShellCommand = { ...added, message: { id, authorId, titleText }, said: '', phase: { kind: 'waiting' } }
  return { ...state, commands: [...state.commands, one] }
}

export function runCommands(state: Conversation): Change {
  const due = state.commands.filter(({ phase }) => phase.kind === 'waiting')
  if (state.thread.kind !== 'open' || due.length === 0) return unchanged(state)
  const begun = due.reduce((next, { id }) => update(next, id, (one) => ({ ...one, phase: { kind: 'running' } })), state)
  const { directory, guildId } = state
  const effects = due.map(({ id, command, message: { authorId } }): ShellEffect => {
    return { key: commandKey(id), kind: 'shell', commandId: id, command, directory, guildId, authorId }
  })
  return { ...unchanged(begun), effects }
}

export const onOutput = (state: Conversation, id: string, text: string): Conversation =>
  update(state, id, (one) => (one.phase.kind === 'running' ? { ...one, said: newest(text) } : one))

export function onCommandEnd(state: Conversation, { commandId }: ShellEffect, outcome: Outcome): Conversation {
  if (outcome.kind === 'failed') return endCommand(state, commandId, { kind: 'not-run', text: outcome.text })
  if (outcome.kind !== 'command-ended') return state
  const { end, tookMs, output } = outcome
  return update(state, commandId, (one) => {
    if (!isGoing(one)) return one
    const by = end.kind === 'stopped' ? { ...end, by: one.stoppedBy } : end
    return {
      ...one,
      phase: { kind: 'ended', end: by, tookMs },
      ...(output && { said: newest(output.text), whole: output }),
    }
  })
}

export function stopCommand(state: Conversation, id: string, by: string): Change {
  const running = state.commands.some((one) => one.id === id && one.phase.kind === 'running' && one.stoppedBy === undefined)
  if (!running) return unchanged(state)
  return {
    ...unchanged(update(state, id, (one) => ({ ...one, stoppedBy: by }))),
    hints: [{ kind: 'stop-command', commandId: id }],
  }
}

/** Nobody could see them: what runs is stopped. `text` is told once, by the last of them. */
export function dropCommands(state: Conversation, text: string | undefined): Change {
  const going = state.commands.filter(isGoing)
  const end = (id: string): CommandEnd =>
    text !== undefined && id === going.at(-1)?.id ? { kind: 'not-run', text } : { kind: 'dropped' }
  return {
    ...unchanged(going.reduce((next, { id }) => endCommand(next, id, end(id)), state)),
    hints: going.map(({ id }) => ({ kind: 'stop-command', commandId: id })),
  }
}

const endCommand = (state: Conversation, id: string, end: CommandEnd): Conversation =>
  update(state, id, (one) => (isGoing(one) ? { ...one, phase: { kind: 'ended', end, tookMs: 0 } } : one))

/** The very state when nothing changes. */
function update(state: Conversation, id: string, change: (command: ShellCommand) => ShellCommand): Conversation {
  const commands = state.commands.map((one) => (one.id === id ? change(one) : one))
  return commands.every((one, index) => one === state.commands[index]) ? state : { ...state, commands }
}

const newest = (text: string): string => text.slice(boundaryBefore(text, text.length - SAID_KEPT))
