/**
 * What the first start asks at a terminal. Nothing is done before the last answer: whoever cancels leaves nothing half done.
 *
 *     try it │ own bot ─▶ token ─▶ intent ─▶ server ─▶ projects ─▶ [token saved ─▶ channels made]
 *     gateway ─▶ [registered] ─▶ let into a server ─▶ projects ─▶ [channels made]
 *     --add-channels                          server ─▶ projects ─▶ [channels made]
 */
import { UsageError } from '../../base/errors.ts'
import { asArgument } from '../../base/text.ts'
import { newFolderName } from '../../domain/project.ts'
import { createFolders } from '../../host/folders.ts'
import type { FolderReport, ProjectFolders } from '../../ports/projects.ts'
import type { TrustDecision } from '../../ports/store.ts'
import { prepareDataDir } from '../data-folder.ts'
import type { Config } from '../config.ts'
import { gatewayPlaces, withToken } from '../credentials.ts'
import { createProjectFolders } from '../folders/project-folders.ts'
import { addedLines, addProject, welcomeServer } from '../projects/add.ts'
import { addressOf } from '../projects/channel-address.ts'
import { saveToken } from '../saved/credentials.ts'
import { EXIT_FAILURE, EXIT_OK } from '../status.ts'
import { askForBot, knownBot, letIn, type ReadyBot } from './bot.ts'
import { survey } from './candidates.ts'
import {
  ask,
  begin,
  Cancelled,
  cancelled,
  choose,
  chooseSome,
  confirm,
  during,
  end,
  EXIT_CANCELLED,
  say,
  warn,
  type Option,
} from './prompts.ts'

/** `ready`: the bot can start. Else the code to exit with. */
export type Ending = { readonly kind: 'ready'; readonly token: string } | { readonly kind: 'exit'; readonly code: number }

interface Choices {
  readonly chosen: readonly Chosen[]
  /** Name of a folder that is to be made. */
  readonly created: string | undefined
}

interface Chosen {
  readonly directory: string
  readonly trust: TrustDecision
}

/** `projects`: the bot is known, and only folders are asked for. */
export async function runWizard(
  config: Config,
  asks: 'everything' | 'projects' | 'gateway',
  callback?: string,
): Promise<Ending | Error> {
  const unsafe = prepareDataDir(config.dataDir)
  if (unsafe) return unsafe
  try {
    begin('Kimaki: Discord as the control surface for OpenCode')
    if (asks === 'projects') return await moreProjects(config)
    if (asks === 'gateway') return await throughGateway(config, callback)
    const way = await choose('How do you want to begin?', [
      ...gatewayOption(config),
      { value: 'own', label: 'With a bot of your own', hint: 'takes two minutes' },
      { value: 'try', label: 'Try it first', hint: 'no account' },
    ])
    if (way === 'gateway') return await throughGateway(config, callback)
    return way === 'try' ? tryIt() : await ownBot(config)
  } catch (error) {
    if (!(error instanceof Cancelled)) throw error
    cancelled()
    return { kind: 'exit', code: EXIT_CANCELLED }
  }
}

function tryIt(): Ending {
  say(
    'The playground is the whole of Kimaki with a Discord and a model',
    'that live in this machine. In a checkout of the repository:',
  )
  say('npm install && npm run playground')
  end('It prints the address of its page.')
  return { kind: 'exit', code: EXIT_OK }
}

async function ownBot(config: Config): Promise<Ending> {
  return withProjects(config, await askForBot(config))
}

/** The first choice, once somebody has named one. The address that the program comes with is not proposed. */
function gatewayOption({ dataDir, environment }: Config): readonly Option[] {
  const places = gatewayPlaces(dataDir, environment)
  if (places instanceof UsageError || !places.isNamed) return []
  const label = `Through the gateway at ${new URL(places.website).host}`
  return [{ value: 'gateway', label, hint: 'no bot of your own' }]
}

async function throughGateway(config: Config, callback: string | undefined): Promise<Ending | Error> {
  const bot = await letIn(config, callback)
  return bot instanceof Error ? bot : withProjects(withToken(config, bot.token), bot)
}

async function moreProjects(config: Config): Promise<Ending | Error> {
  const bot = await knownBot(config)
  return bot instanceof Error ? bot : withProjects(config, bot)
}

async function withProjects(config: Config, bot: ReadyBot): Promise<Ending> {
  const folders = createProjectFolders(config, createFolders())
  return apply(config, bot, folders, await askForProjects(config, folders))
}

const NEW = 'new'

async function askForProjects(config: Config, folders: ProjectFolders): Promise<Choices> {
  const { candidates: found, lacksModel } = await during('Looking for your projects', async () => survey(config, folders))
  if (lacksModel) {
    warn('OpenCode knows no provider of a model yet. Log in to one, now or later:')
    say('npx opencode auth login')
  }
  const picked = await chooseSome('Which folders become projects? (space chooses)', [
    ...found.map(({ directory, why }) => ({ value: directory, label: directory, hint: why })),
    { value: NEW, label: 'A new folder' },
  ])
  const chosen: Chosen[] = []
  for (const directory of picked.filter((value) => value !== NEW)) {
    const report = await folders.inspect(directory)
    if (report instanceof Error) warn(report.message)
    else chosen.push({ directory: report.directory, trust: await askForTrust(report) })
  }
  const created = picked.includes(NEW) ? newFolderName(await ask('Name of the new folder', wrongName)) : undefined
  return { chosen, created }
}

const wrongName = (text: string): string | undefined =>
  newFolderName(text) === undefined ? 'A letter or a digit has to be in it.' : undefined

const MOST_LINES = 12

async function askForTrust({ directory, programs }: FolderReport): Promise<TrustDecision> {
  if (programs.length === 0) return { isTrusted: undefined, programs }
  const more = programs.length - MOST_LINES
  say(
    `${directory} brings programs that OpenCode would run as you, at the first message:`,
    ...programs.slice(0, MOST_LINES).map((line) => `  ${line}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
  )
  return { isTrusted: await confirm('Do you trust this folder, so that they may run?'), programs }
}

/** From here on nobody is asked any more. Run again, it goes on where it stopped. */
async function apply(
  config: Config,
  { token, guild, isSaved }: ReadyBot,
  folders: ProjectFolders,
  { chosen, created }: Choices,
): Promise<Ending> {
  if (!isSaved && config.environment['KIMAKI_BOT_TOKEN']?.trim() !== token) saveToken(config.dataDir, token)
  const made = created === undefined ? undefined : await folders.make(created, true)
  if (made instanceof Error) warn(made.message)
  const isMade = made !== undefined && !(made instanceof UsageError)
  const all = isMade ? [...chosen, { directory: made.directory, trust: { isTrusted: undefined, programs: [] } }] : chosen
  let failures = 0
  for (const { directory, trust } of all) {
    const added = await addProject(withToken(config, token), { guildId: guild.id, directory, trust })
    if (added instanceof Error) {
      failures += 1
      warn(`${directory} has no channel yet: ${added.message}`)
      say(`kimaki project add ${asArgument(directory)}`)
    } else say(...addedLines(added))
  }
  if (failures > 0 && failures === all.length) {
    end('The token is saved. Mend that, then run kimaki again.')
    return { kind: 'exit', code: EXIT_FAILURE }
  }
  await welcomeOnce(withToken(config, token), guild.id)
  end('Kimaki starts. Write in one of its channels to begin.')
  return { kind: 'ready', token }
}

/** What hinders it hinders nothing else: it is a place to try things. */
async function welcomeOnce(config: Config, guildId: string): Promise<void> {
  if (config.environment['KIMAKI_NO_DEFAULT_CHANNEL'] === '1') return
  const made = await welcomeServer(config, guildId)
  if (made instanceof Error) warn(`There is no channel to try things in: ${made.message}`)
  else if (made !== undefined) say('A channel to try things in, with a tutorial:', addressOf(made))
}
