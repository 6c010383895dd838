/** Adds a folder as a project, for the commands that do: through the bot, or in this process while none runs. */
import { UsageError } from '../../base/errors.ts'
import type { ChatPort } from '../../ports/chat.ts'
import type { GuildName } from '../../ports/channels.ts'
import type { AddedProject, ProjectSetup } from '../../ports/projects.ts'
import type { Project, TrustDecision } from '../../ports/store.ts'
import type { Config } from '../config.ts'
import { throughBotOrStore } from '../control/bot-or-store.ts'
import { addressOf } from './channel-address.ts'
import { withSetup } from './offline.ts'

export interface AddRequest {
  /** Undefined: the only server of the bot. */
  readonly guildId: string | undefined
  readonly directory: string
  readonly trust: TrustDecision
}

/** Made channels wait for Discord's limits. */
const ANSWER_MS = 70_000

type Chat = Pick<ChatPort, 'channels'>

export const addProject = async (config: Config, request: AddRequest): Promise<AddedProject | Error> =>
  throughBotOrStore<AddedProject>(config, {
    call: { method: 'POST', path: '/projects/add', body: request },
    answerMs: ANSWER_MS,
    withStore: (store) => withSetup(config, store, (setup, chat) => addWith(setup, chat, request)),
  })

/** The first channel of the server; undefined: it had one before. */
export const welcomeServer = async (config: Config, guildId: string): Promise<Project | undefined | Error> =>
  throughBotOrStore<{ readonly made: Project | undefined }>(config, {
    call: { method: 'POST', path: '/projects/welcome', body: { guildId } },
    answerMs: ANSWER_MS,
    withStore: (store) => withSetup(config, store, (setup) => welcomeWith(setup, guildId)),
  }).then((answer) => (answer instanceof Error ? answer : answer.made))

export async function welcomeWith(
  setup: Pick<ProjectSetup, 'welcome'>,
  guildId: unknown,
): Promise<{ readonly made: Project | undefined } | Error> {
  if (typeof guildId !== 'string') return new UsageError({ reason: 'guildId is needed' })
  const made = await setup.welcome(guildId)
  return made instanceof Error ? made : { made }
}

export async function addWith(setup: Pick<ProjectSetup, 'add'>, chat: Chat, request: AddRequest): Promise<AddedProject | Error> {
  const guildId = request.guildId ?? (await onlyServer(chat))
  if (guildId instanceof Error) return guildId
  return setup.add({ ...request, guildId })
}

async function onlyServer({ channels }: Chat): Promise<string | Error> {
  const servers = await channels.servers()
  if (servers instanceof Error) return servers
  const [only] = servers
  if (only === undefined)
    return new UsageError({ reason: 'The bot is in no server yet. Invite it: kimaki --install-url prints the address.' })
  return servers.length === 1
    ? only.id
    : new UsageError({ reason: `The bot is in several servers. Add --guild <id>: ${named(servers)}.` })
}

const named = (servers: readonly GuildName[]): string => servers.map(({ id, name }) => `${id} (${name})`).join(', ')

export function readAddRequest(body: unknown): AddRequest | UsageError {
  const { guildId, directory, trust } = recordOf(body)
  const { isTrusted, programs } = recordOf(trust)
  if (typeof directory !== 'string' || (guildId !== undefined && typeof guildId !== 'string') || !Array.isArray(programs))
    return new UsageError({ reason: 'directory and trust are needed, and guildId is a text' })
  return {
    guildId,
    directory,
    trust: { isTrusted: typeof isTrusted === 'boolean' ? isTrusted : undefined, programs: programs.map(String) },
  }
}

const recordOf = (value: unknown): Readonly<Record<string, unknown>> =>
  (typeof value === 'object' && value !== null ? value : {}) as Readonly<Record<string, unknown>>

/** What is said to whoever added it. */
export const addedLines = ({ directory, isOld, isTrusted, warning, ...channel }: AddedProject): readonly string[] => [
  `${directory} ${isOld ? 'has its channel already' : 'is a project now'}: ${addressOf(channel)}`,
  ...(isTrusted ? [] : [UNTRUSTED]),
  ...(warning === undefined ? [] : [warning]),
]

const UNTRUSTED =
  'It is not trusted: no plugin, MCP server, agent or instruction of the folder is used. Once you have looked at them, add it again with --trust.'
