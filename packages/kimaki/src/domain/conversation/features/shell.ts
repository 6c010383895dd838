/**
 * Shell commands of people (`!command`). They stand beside the prompts: the agent knows nothing of them and goes on, and two may run
 * at once.
 *
 *     waiting ──(the thread stands, then the command's message)──▶ running ──▶ ended
 *
 * `running`: the effect is on record. A command runs once or not at all: an effect found on record later was cut off, and is told. The
 * message is also the claim to the command: Discord creates it once for all processes that have our token, and only the process that wrote
 * it runs the command. A command belongs to no turn: one that has not ended outlives the closing, with its message.
 */
import { boundaryBefore } from '../../../base/text.ts'
import { authorUserId } from '../../message/incoming.ts'
import { blockKey } from '../posts/block-key.ts'
import type { Action, Effect, Outcome } from '../effect.ts'
import {
  defineFeature,
  keep,
  onOutcome,
  type FeatureChange,
  type HeldBy,
  type TakenMessage,
  type ThreadOpener,
} from '../feature.ts'
import type { Conversation } from '../state.ts'
import { isWaiting, queue } from './queue.ts'

/** Of the output, in UTF-16 units: more than a message can show. */
const OUTPUT_KEPT = 2000

export interface ShellCommand {
  /** That of its message, e.g. `discord:1234`. */
  readonly id: string
  readonly message: ThreadOpener
  readonly command: string
  /** The newest of its output. */
  readonly output: string
  /** A person asked it to end. */
  readonly stoppedBy?: string
  readonly phase:
    | { readonly kind: 'waiting' | 'running' }
    | { readonly kind: 'ended'; readonly end: CommandEnd; readonly tookMs: number }
  /** All of its output, once it has ended. Not on record: the post that shows it is, from the same commit on. */
  readonly wholeOutput?: CommandOutput
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
  /** Another process with our token runs it: the message is not ours. */
  | { readonly kind: 'elsewhere' }
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

export interface RunShell extends Effect {
  readonly kind: 'shell'
  readonly commandId: string
  /** As it was written. */
  readonly command: string
  readonly directory: string
  readonly guildId: string
  readonly userId: string | undefined
  /** Another process wrote the command's message. */
  readonly isForeign?: true
}

export type ShellOutcome = Outcome<{
  readonly kind: 'command-ended'
  readonly end: CommandEnd
  readonly tookMs: number
  /** Without it the output stays what was reported last. */
  readonly output: CommandOutput | undefined
}>

/** A command has printed more: all of its output until now. */
export interface ShellReport {
  readonly commandId: string
  readonly text: string
}

/** Should the process end before, so has the command. */
export interface StopCommand extends Action {
  readonly kind: 'stop-command'
  readonly commandId: string
}

type ShellSlice = readonly ShellCommand[]

export const isRunning = ({ phase }: ShellCommand): boolean => phase.kind !== 'ended'

export const shell = defineFeature<ShellSlice>({
  name: 'shell',
  version: 1,
  initial: [],
  save: (commands) => commands.map(({ wholeOutput: _wholeOutput, ...command }) => command),
  takes: { shell: take },
  hasTaken: (commands, id) => commands.some((command) => command.id === id),
  needsThread: (commands) => commands[0]?.message,
  due: start,
  on: {
    // The queue tells the reason, if somebody waits in it.
    'thread-closed': (commands, { untold }, state) =>
      dropCommands(commands, queue.of(state).some(isWaiting) ? undefined : untold),
  },
  buttons: { 'stop-shell': (commands, about, { userName }) => stop(commands, about, userName) },
  outcomes: { shell: onOutcome(onCommandEnd) },
  report: (commands, report) => keep(onOutput(commands, report as ShellReport)),
  isBusy: (commands) => commands.some(isRunning),
  closeTurn: (commands) => (commands.every(isRunning) ? commands : commands.filter(isRunning)),
  outlives: (commands) => commands.filter(isRunning).map(({ id }) => shellKey(id)),
})

/** Of the block that shows a command. */
export const shellKey = (id: string): string => blockKey('shell', id)

function take(
  commands: ShellSlice,
  { id, message, intent }: TakenMessage & { readonly intent: { readonly kind: string; readonly command?: string } },
): FeatureChange<ShellSlice> {
  const { author, titleText } = message
  const opener: ThreadOpener = { id: message.id, author, titleText }
  return keep([...commands, { id, message: opener, command: intent.command ?? '', output: '', phase: { kind: 'waiting' } }])
}

function start(commands: ShellSlice, state: Conversation, heldBy: HeldBy): FeatureChange<ShellSlice> {
  const { thread, directory, guildId, posts } = state
  const stands = (key: string) => posts.posted.has(key) && posts.outbox.every(({ blocks }) => !blocks.includes(key))
  const due = commands.filter(({ id, phase }) => phase.kind === 'waiting' && stands(shellKey(id)))
  if (thread.kind !== 'open' || due.length === 0 || heldBy('use-folder', state) !== undefined) return keep(commands)
  return {
    slice: commands.map((command) => (due.includes(command) ? { ...command, phase: { kind: 'running' } } : command)),
    effects: due.map(({ id, command, message }): RunShell => {
      const key = shellKey(id)
      const userId = authorUserId(message.author)
      const { isForeign } = posts.editable.find((post) => post.key === key) ?? {}
      return {
        key,
        kind: 'shell',
        owner: 'shell',
        commandId: id,
        command,
        directory,
        guildId,
        userId,
        ...(isForeign && { isForeign }),
      }
    }),
  }
}

const onOutput = (commands: ShellSlice, { commandId, text }: ShellReport): ShellSlice =>
  update(commands, commandId, (command) => (command.phase.kind === 'running' ? { ...command, output: newest(text) } : command))

function onCommandEnd(commands: ShellSlice, { commandId }: RunShell, outcome: ShellOutcome): FeatureChange<ShellSlice> {
  if (outcome.kind === 'failed') return keep(end(commands, commandId, { kind: 'not-run', text: outcome.text }))
  if (outcome.kind !== 'command-ended') return keep(commands)
  const { end: how, tookMs, output } = outcome
  return keep(
    update(commands, commandId, (command) => {
      if (!isRunning(command)) return command
      const by = how.kind === 'stopped' ? { ...how, by: command.stoppedBy } : how
      return {
        ...command,
        phase: { kind: 'ended', end: by, tookMs },
        ...(output && { output: newest(output.text), wholeOutput: output }),
      }
    }),
  )
}

function stop(commands: ShellSlice, id: string, by: string): FeatureChange<ShellSlice> {
  const canStop = commands.some((command) => command.id === id && isRunning(command) && command.stoppedBy === undefined)
  if (!canStop) return keep(commands)
  return { slice: update(commands, id, (command) => ({ ...command, stoppedBy: by })), actions: [stopCommand(id)] }
}

/** Nobody could see them: what runs is stopped. `text` is told once, by the last of them. */
function dropCommands(commands: ShellSlice, text: string | undefined): FeatureChange<ShellSlice> {
  const running = commands.filter(isRunning)
  const endOf = (id: string): CommandEnd =>
    text !== undefined && id === running.at(-1)?.id ? { kind: 'not-run', text } : { kind: 'dropped' }
  return {
    slice: running.reduce((next, { id }) => end(next, id, endOf(id)), commands),
    actions: running.map(({ id }) => stopCommand(id)),
  }
}

const stopCommand = (commandId: string): StopCommand => ({ kind: 'stop-command', commandId })

const end = (commands: ShellSlice, id: string, how: CommandEnd): ShellSlice =>
  update(commands, id, (command) =>
    isRunning(command) ? { ...command, phase: { kind: 'ended', end: how, tookMs: 0 } } : command,
  )

/** The very slice when nothing changes. */
function update(commands: ShellSlice, id: string, change: (command: ShellCommand) => ShellCommand): ShellSlice {
  const next = commands.map((command) => (command.id === id ? change(command) : command))
  return next.every((command, index) => command === commands[index]) ? commands : next
}

const newest = (text: string): string => text.slice(boundaryBefore(text, text.length - OUTPUT_KEPT))
