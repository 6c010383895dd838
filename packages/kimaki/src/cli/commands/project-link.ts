/** `kimaki project link`: makes a Discord channel the place of a project folder. */
import { UsageError } from '../../base/errors.ts'
import { jsonForTerminal } from '../../base/text.ts'
import type { ChatPort } from '../../ports/chat.ts'
import type { FolderRecords, Project, StorePort, TrustDecision } from '../../ports/store.ts'
import { composedOf, defineCliCommand } from '../command.ts'
import type { Config } from '../config.ts'
import { EXIT_OK } from '../status.ts'
import { checkSnowflake } from '../snowflake.ts'

/** What the caller names; the server is Discord's to say. */
interface LinkRequest extends Omit<Project, 'guildId'> {
  readonly guildId: string | undefined
  readonly trust: TrustDecision
}

interface Linked extends Project {
  /** What the folder brings may run. */
  readonly isTrusted: boolean
  /** The folder that the channel was the place of before, if it was another one. */
  readonly replaced?: string | undefined
  /** What does not work yet, as a sentence. */
  readonly warning?: string | undefined
}

export const projectLink = defineCliCommand({
  usage: 'project link <folder>',
  description: 'make a Discord channel the place of a project folder',
  examples: ['kimaki project link . --channel 123456789012345678'],
  options: {
    channel: { flag: '--channel <channel>', description: 'the text channel: its id, <#id>, or its address', required: true },
    guild: { flag: '--guild <id>', description: 'id of its server (default: as Discord says)' },
    trust: { flag: '--trust', description: 'run the plugins and other programs that the folder brings' },
    force: { flag: '--force', description: 'link a folder that holds everything: /, home, the data folder' },
    json: { flag: '--json', description: 'tell as JSON what became of it' },
  },
  async run({ config, args: [folder = ''], options, print }) {
    const { guild, trust = false, force = false, json } = options
    const { readChannel } = await import('../projects/channel-address.ts')
    const channel = readChannel(options.channel)
    if (channel instanceof Error) return channel
    const wrongId = guild === undefined ? undefined : checkSnowflake('--guild', guild)
    if (wrongId) return wrongId
    const { realDirectory } = await import('../directory.ts')
    const directory = realDirectory(folder)
    if (directory instanceof Error) return directory
    const { askForTrust, askOnTerminal } = await import('../trust.ts')
    const asked = {
      directory,
      dataDir: config.dataDir,
      projectsDir: config.projectsDir,
      trust,
      force,
      print: json ? () => undefined : print,
      ask: json ? undefined : askOnTerminal(),
    }
    const decision = await askForTrust(asked)
    if (decision instanceof Error) return decision
    const request: LinkRequest = {
      channelId: channel.channelId,
      guildId: guild ?? channel.guildId,
      directory,
      trust: decision,
    }
    const { throughBotOrStore } = await import('../control/bot-or-store.ts')
    const linked = await throughBotOrStore<Linked>(config, {
      call: { method: 'POST', path: '/projects', body: request },
      withStore: (store) => linkInStore(config, request, store),
    })
    if (linked instanceof Error) return linked
    if (json) {
      print(jsonForTerminal(linked))
      return EXIT_OK
    }
    print(`${linked.directory} is now the project of channel ${linked.channelId}`)
    if (linked.replaced !== undefined) print(`Before, that channel was the project ${linked.replaced}.`)
    if (!linked.isTrusted) print(UNTRUSTED)
    if (linked.warning !== undefined) print(linked.warning)
    return EXIT_OK
  },
  routes: {
    'POST /projects': async (body, bot) => {
      const composed = composedOf(bot)
      if (composed instanceof Error) return composed
      const request = readRequest(body)
      if (request instanceof Error) return request
      const found = await lookUp(composed.chat, request)
      if (found instanceof Error) return found
      const refused = await composed.owners?.claim(request.channelId)
      if (refused) return refused
      const replaced = replacedBy(composed.projects.of(request.channelId), request)
      const { isTrusted } = await decide(composed.store, request)
      await composed.projects.link(projectOf(found.linked), found.newest)
      bot.links.publish([request.directory])
      // A server that runs with another trust is ended now, not at the next message.
      composed.agent.warm([request.directory])
      return { ...found.linked, isTrusted, replaced }
    },
  },
})

const UNTRUSTED =
  'It is not trusted: no plugin, MCP server, agent or instruction of the folder is used. Once you have looked at them, link it again with --trust.'

const replacedBy = (before: Project | undefined, { directory }: LinkRequest): string | undefined =>
  before?.directory === directory ? undefined : before?.directory

const decide = (
  store: { readonly folders: FolderRecords },
  { directory, trust }: LinkRequest,
): ReturnType<FolderRecords['decide']> => store.folders.decide(directory, trust)

interface Found {
  readonly linked: Omit<Linked, 'isTrusted'>
  /**
   * The newest message of the channel, as Discord tells it: this machine's clock may be off. Undefined without an answer; then messages
   * count from the first connection on.
   */
  readonly newest: string | undefined
}

async function lookUp(chat: Pick<ChatPort, 'inspect' | 'newestIn'>, request: LinkRequest): Promise<Found | Error> {
  const { checkProjectChannel } = await import('../../app/project-channel.ts')
  const channel = await checkProjectChannel(chat, request)
  if (channel instanceof Error) return channel
  const newest = await chat.newestIn(request.channelId)
  const { channelId, directory } = request
  return { linked: { channelId, directory, ...channel }, newest: newest instanceof Error ? undefined : newest }
}

/** No bot runs: this process asks Discord itself, if it has the token. */
async function linkInStore(config: Config, request: LinkRequest, store: StorePort): Promise<Linked | Error> {
  const found = config.token === undefined ? unchecked(request) : await askDiscord(config, request)
  if (found instanceof Error) return found
  const before = (await store.projects()).find(({ channelId }) => channelId === request.channelId)
  const { isTrusted } = await decide(store, request)
  await store.linkProject(projectOf(found.linked), found.newest)
  return { ...found.linked, isTrusted, replaced: replacedBy(before, request) }
}

async function askDiscord(config: Config, request: LinkRequest): Promise<Found | Error> {
  const { ownersOf, withDiscord } = await import('../projects/offline.ts')
  const found = await withDiscord(config, (chat) => lookUp(chat, request))
  if (found instanceof Error) return found
  return (await ownersOf(config)?.claim(request.channelId)) ?? found
}

function unchecked({ guildId, channelId, directory }: LinkRequest): Found | UsageError {
  if (guildId === undefined)
    return new UsageError({
      reason:
        'Without KIMAKI_BOT_TOKEN, Discord cannot be asked which server the channel belongs to. Set the token, or give --guild <id>.',
    })
  const warning =
    'Without KIMAKI_BOT_TOKEN, Discord could not be asked: whether this is a text channel of that server was not checked.'
  return { linked: { channelId, directory, guildId, warning }, newest: undefined }
}

const projectOf = ({ channelId, guildId, directory }: Project): Project => ({ channelId, guildId, directory })

function readRequest(body: unknown): LinkRequest | UsageError {
  const { channelId, guildId, directory, trust } = recordOf(body)
  if (typeof channelId !== 'string' || typeof directory !== 'string' || (guildId !== undefined && typeof guildId !== 'string'))
    return new UsageError({ reason: 'channelId and directory are needed, and guildId is a text' })
  const { isTrusted, programs } = recordOf(trust)
  if (!Array.isArray(programs) || (isTrusted !== undefined && typeof isTrusted !== 'boolean'))
    return new UsageError({ reason: 'trust is needed: the programs that the folder brings, and isTrusted if somebody was asked' })
  return { channelId, guildId, directory, trust: { isTrusted, programs: programs.map(String) } }
}

const recordOf = (value: unknown): Readonly<Record<string, unknown>> =>
  (typeof value === 'object' && value !== null ? value : {}) as Readonly<Record<string, unknown>>
