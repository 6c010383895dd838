/** Slash commands in crash runs. What one does shows by its tag: in words for the agent, or in a line that a shell command leaves. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Interaction } from 'discord-emulator'
import type { Harness, Project } from '../../support/harness.ts'
import type { Random } from '../random.ts'
import { sessionOf } from './evidence.ts'

export interface Invocation {
  readonly name: string
  /** Where it was invoked: a thread, or the channel of a project. */
  readonly placeId: string
  readonly tag: string
  readonly proof: Proof
  readonly use: Pick<Interaction, 'id' | 'state' | 'response'>
}

/** By what it shows that the command has acted, and how often. */
export type Proof =
  /** A line in a file. */
  | 'mark'
  /** The agent was told its words. */
  | 'words'
  /** A thread, and a session under its mark. */
  | 'thread'
  /** The agent that is chosen for the thread. */
  | 'agent'
  /** What the channel's threads show. */
  | 'verbosity'
  /** A board of the channel. */
  | 'pinned'
  /** A summary in the session of the thread. */
  | 'summary'
  /** From where on the session of the thread is undone. */
  | 'undone'
  /** Done twice it is done once, or it only tells. */
  | 'answer'

interface Kind {
  readonly name: string
  readonly in: 'thread' | 'channel'
  readonly proof: Proof
  /** Undefined: not just now. */
  values?(tag: string, around: Around): Readonly<Record<string, string>> | undefined
  /** Of a command in the menu of a message. */
  readonly onMessage?: true
}

interface Around {
  readonly harness: Harness
  readonly random: Random
  readonly threadId: string
}

const MARKS = 'marks.txt'
const AGENTS = ['calm', 'keen'] as const
const VERBOSITIES = ['text_only', 'text_and_essential_tools', 'tools_and_text'] as const

const words =
  (option: string) =>
  (tag: string): Readonly<Record<string, string>> => ({ [option]: `words ${tag}` })
/** In quotes: to a shell, what follows a # is no command. */
export const leaving = (tag: string): string => `echo '${tag}' >> ${MARKS}`
const note = (tag: string): Readonly<Record<string, string>> => ({ command: 'note', arguments: tag })

/** One that stands here twice is invoked twice as often. */
const KINDS: readonly Kind[] = [
  { name: 'run-shell-command', in: 'thread', proof: 'mark', values: (tag) => ({ command: leaving(tag) }) },
  { name: 'run-shell-command', in: 'channel', proof: 'mark', values: (tag) => ({ command: leaving(tag) }) },
  { name: 'queue', in: 'thread', proof: 'words', values: words('message') },
  { name: 'queue', in: 'thread', proof: 'words', values: words('message') },
  { name: 'queue-command', in: 'thread', proof: 'words', values: note },
  { name: 'run', in: 'thread', proof: 'words', values: note },
  { name: 'run', in: 'channel', proof: 'words', values: note },
  { name: 'note-cmd', in: 'thread', proof: 'words', values: words('arguments') },
  { name: 'note-cmd', in: 'channel', proof: 'words', values: words('arguments') },
  { name: 'calm-agent', in: 'thread', proof: 'words', values: words('prompt') },
  { name: 'keen-agent', in: 'channel', proof: 'words', values: words('prompt') },
  { name: 'new-session', in: 'channel', proof: 'words', values: words('prompt') },
  {
    name: 'new-session',
    in: 'thread',
    proof: 'words',
    values: (tag, { random }) => ({ prompt: `words ${tag}`, agent: random.pick(AGENTS) }),
  },
  { name: 'btw', in: 'thread', proof: 'words', values: words('prompt') },
  { name: 'Fork from here', in: 'thread', proof: 'thread', onMessage: true },
  { name: 'Fork from here', in: 'thread', proof: 'thread', onMessage: true },
  {
    name: 'resume',
    in: 'channel',
    proof: 'thread',
    values(_tag, { harness, threadId }) {
      const session = sessionOf(harness, threadId)
      return session === undefined ? undefined : { session }
    },
  },
  { name: 'clear-queue', in: 'thread', proof: 'answer' },
  { name: 'abort', in: 'thread', proof: 'answer' },
  { name: 'abort', in: 'thread', proof: 'answer', values: () => ({ unread: 'drop' }) },
  { name: 'undo', in: 'thread', proof: 'undone' },
  { name: 'undo', in: 'thread', proof: 'undone' },
  { name: 'redo', in: 'thread', proof: 'undone' },
  { name: 'compact', in: 'thread', proof: 'summary' },
  { name: 'agent', in: 'thread', proof: 'agent', values: (_tag, { random }) => ({ agent: random.pick(AGENTS) }) },
  { name: 'model', in: 'thread', proof: 'answer', values: () => ({ model: 'scripted' }) },
  { name: 'verbosity', in: 'channel', proof: 'verbosity', values: (_tag, { random }) => ({ level: random.pick(VERBOSITIES) }) },
  { name: 'board', in: 'channel', proof: 'pinned', values: () => ({ do: 'pin' }) },
  { name: 'mention-mode', in: 'channel', proof: 'answer', values: () => ({ state: 'off' }) },
  { name: 'share', in: 'thread', proof: 'answer', values: () => ({ state: 'off' }) },
  { name: 'restart-opencode-server', in: 'channel', proof: 'answer' },
  { name: 'context-usage', in: 'thread', proof: 'answer' },
  { name: 'last-sessions', in: 'channel', proof: 'answer' },
  { name: 'why', in: 'thread', proof: 'answer' },
]

/** A command and agents of the project's own. */
export function offerIn({ directory }: Project): void {
  const put = (path: string, text: string): void => {
    const file = join(directory, '.opencode', path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
  put('command/note.md', '---\ndescription: Takes a note\n---\nTake note of $ARGUMENTS\n')
  for (const agent of AGENTS) put(`agent/${agent}.md`, `---\ndescription: Is ${agent}\nmode: primary\n---\nYou are ${agent}.\n`)
  // What is not on record, a diff of what was undone would name.
  writeFileSync(join(directory, '.gitignore'), [...readIfAny(join(directory, '.gitignore')), MARKS, ''].join('\n'))
}

const readIfAny = (file: string): readonly string[] => {
  try {
    return [readFileSync(file, 'utf8')]
  } catch {
    return []
  }
}

/** Undefined where the thread is not there yet, or the command cannot be invoked just now. */
export function invoke(
  around: Around & { readonly channelId: string; readonly messageId: string; readonly nth: number },
): Invocation | undefined {
  const { harness, random, threadId, channelId, messageId, nth } = around
  const { owner, emulator } = harness
  const { name, in: where, proof, values, onMessage } = random.pick(KINDS)
  if (!emulator.world.channel(threadId)) return undefined
  const tag = `#c${nth}.`
  const filled = values ? values(tag, around) : {}
  if (!filled) return undefined
  const placeId = where === 'thread' ? threadId : channelId
  try {
    const use = onMessage ? owner.contextMenu(threadId, name, messageId) : owner.command(placeId, name, filled)
    return { name, placeId, tag, proof, use }
  } catch {
    // No bot has registered it yet, or the message is gone.
    return undefined
  }
}
