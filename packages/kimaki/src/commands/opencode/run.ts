/** OpenCode's own commands: each by its name in Discord, all of them by `/run` and `/queue-command`. They are words: `/name arguments`. */
import type { FeatureRequest } from '../../domain/conversation/feature.ts'
import { launchFor } from '../../domain/conversation/command.ts'
import type { Moment } from '../../domain/conversation/feature.ts'
import type { CommandInvocation } from '../../domain/conversation/request.ts'
import type { Conversation } from '../../domain/conversation/state.ts'
import type { RunCommand, SpokenAnswer } from '../../domain/conversation/step.ts'
import type { Offered } from '../../domain/offered.ts'
import { cut, oneLine } from '../../base/text.ts'
import { messageText, plain } from '../../view/text/notice.ts'
import type { Propose, SlashCommand } from '../declaration.ts'
import { GIVEN } from './given.ts'
import { isOffered, namesOf, type Named } from './names.ts'

const NAME_MAX = 100
const CHOICES_MAX = 25

const COMMAND = {
  kind: 'string',
  name: 'command',
  description: 'A command, a skill or an MCP prompt of this project',
  required: true,
  autocomplete: true,
} as const

export const runOffered: SlashCommand = {
  name: 'run',
  description: "Run one of OpenCode's own commands, skills or MCP prompts (slash, custom)",
  where: 'channel-or-thread',
  visibility: 'public',
  options: [COMMAND, ...GIVEN],
  proposes: { command: proposeCommands },
  run: (state, command, { offered }) => {
    const name = commandIn(offered, command)
    return name === undefined
      ? { reply: notOfferedText(String(command.options['command'])) }
      : said(state, command, call(name, command))
  },
}

export const queueOffered: SlashCommand = {
  name: 'queue-command',
  description: "Queue one of OpenCode's own commands: it runs when the agent has nothing else to do (later, next)",
  where: 'thread',
  visibility: 'public',
  options: [COMMAND, ...GIVEN],
  proposes: { command: proposeCommands },
  run: (_state, command, { offered }) => {
    const name = commandIn(offered, command)
    if (name === undefined) return { reply: notOfferedText(String(command.options['command'])) }
    const words = call(name, command)
    return { says: `${words}. queue`, reply: withFiles(messageText(command.userName, words), command) }
  },
}

/** One that is registered under a name of its own; undefined: it is no such name. */
export function offeredCommand(name: string, isTaken: (name: string) => boolean): SlashCommand | undefined {
  if (!isOffered(name)) return undefined
  return {
    name,
    description: '',
    where: 'channel-or-thread',
    visibility: 'public',
    options: [],
    run: (...invoked) => runNamed(isTaken, ...invoked),
  }
}

function runNamed(isTaken: (name: string) => boolean, ...[state, command, { offered }]: Parameters<RunCommand>): SpokenAnswer {
  const meant = offered && namesOf(offered, isTaken).get(command.name)
  if (!meant) return { reply: notOfferedText(command.name) }
  return meant.kind === 'agent' ? spokenTo(state, command, meant) : said(state, command, call(meant.offered.name, command))
}

/** The prompt of an agent goes to that agent, who answers in the thread from then on. */
function spokenTo(state: Conversation, command: CommandInvocation, { offered }: Extract<Named, { kind: 'agent' }>): SpokenAnswer {
  const words = String(command.options['prompt'] ?? '').trim()
  if (words === '') return { reply: `✗ nothing to ask ${plain(offered.name, NAME_MAX)}: the prompt is empty` }
  return said(state, command, words, offered.name)
}

/** In a thread the words are said there; in a channel they begin a conversation. */
function said(state: Conversation, command: CommandInvocation, words: string, agent?: string): SpokenAnswer {
  const { options: _options, ...asker } = command
  if (isChannel(state)) return { requests: [launchFor(asker, words, state.channelId, agent === undefined ? {} : { agent })] }
  const to = agent === undefined ? '' : `(to ${plain(agent, NAME_MAX)}) `
  return {
    says: words,
    reply: withFiles(messageText(command.userName, to + words), command),
    ...(agent !== undefined && { requests: [chosen(agent)] }),
  }
}

const withFiles = (text: string, { files = [] }: Pick<CommandInvocation, 'files'>): string =>
  files.length === 0 ? text : `${text}\nwith ${files.map(({ name }) => plain(name, NAME_MAX)).join(', ')}`

const chosen = (agent: string): FeatureRequest => ({
  kind: 'set-preference',
  scope: 'session',
  change: { name: 'agent', value: agent },
})

/** Commands are taken by a conversation of the channel where there is no thread of ours: it has the channel's id. */
const isChannel = ({ id, channelId }: Conversation): boolean => id === channelId

const call = (name: string, { options }: CommandInvocation): string => `/${name} ${String(options['arguments'] ?? '')}`.trim()

/** OpenCode's name of what was chosen, or typed: with a slash, or as Discord has it. */
function commandIn(offered: Moment['offered'], { options }: CommandInvocation): string | undefined {
  const typed = String(options['command'] ?? '').trim()
  const known = offered?.commands.find(({ name }) => name === typed || name === typed.replace(/^\//, ''))
  return known?.name ?? discordNamesOf(offered).get(typed.replace(/^\//, ''))
}

function discordNamesOf(offered: Offered | undefined): ReadonlyMap<string, string> {
  if (!offered) return new Map()
  return new Map([...namesOf({ ...offered, agents: [] }, () => false)].map(([name, named]) => [name, named.offered.name]))
}

const SOURCES = { command: 'cmd', mcp: 'mcp', skill: 'skill' } as const

async function proposeCommands({ offers }: Parameters<Propose>[0], { directory, typed }: Parameters<Propose>[1]) {
  const offered = await offers.read(directory)
  if (offered instanceof Error) return offered
  const wanted = folded(typed.trim().replace(/^\//, ''))
  return offered.commands
    .filter(({ name, description }) => name.length <= NAME_MAX && folded(`${name} ${description}`).includes(wanted))
    .toSorted((a, b) => rank(a.name, wanted) - rank(b.name, wanted))
    .slice(0, CHOICES_MAX)
    .map(({ name, source, description }) => ({
      name: cut(`/${name} [${SOURCES[source]}] ${oneLine(description)}`.trim(), NAME_MAX),
      value: name,
    }))
}

const folded = (text: string): string => text.toLowerCase()

/** What begins with the words that were typed stands first, then what has them in its name. */
const rank = (name: string, wanted: string): number => {
  const at = folded(name).indexOf(wanted)
  return at === 0 ? 0 : at > 0 ? 1 : 2
}

const notOfferedText = (name: string): string =>
  `✗ OpenCode does not know ${plain(name, NAME_MAX)} in this project\nIt may belong to another project of this server. \`/run\` lists what there is here.`
