/** Collects the facts for `kimaki doctor`, whether the bot runs or not. It changes nothing: a folder that is not there is not made. */
import { execFile } from 'node:child_process'
import { existsSync, lstatSync, readdirSync, statfsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { checkProjectChannel } from '../../app/project-channel.ts'
import { createChat } from '../../discord/chat.ts'
import { diagnose } from '../../discord/diagnose.ts'
import { canShrink } from '../../host/images/shrinker.ts'
import { findBinary } from '../../opencode/process/binary.ts'
import { isRecorded, refusedVersion, versionOf } from '../../opencode/process/version.ts'
import type { Project } from '../../ports/store.ts'
import type { Config } from '../config.ts'
import { gatewayHost } from '../credentials.ts'
import { throughBotOrStore } from '../control/bot-or-store.ts'
import { callControl, lookAtPort } from '../control/call.ts'
import { isBesideNewer } from '../saved/newer-opencode.ts'
import type { Facts } from './verdicts.ts'

const ANSWER_MS = 3000
const OTHERS = 0o077

export async function look(config: Config, now: () => number): Promise<Facts> {
  const { apiUrl, token, dataDir, environment } = config
  const data = dataFacts(dataDir)
  const asked = diagnose(apiUrl, token).then((discord) => ({ discord, now: now() }))
  const [git, opencode, lock, discord, hasSharp] = await Promise.all([
    gitVersion(),
    opencodeFacts(environment),
    lockFacts(config),
    asked,
    canShrink(),
  ])
  const channels = await channelFacts(config, { data, lock, discord: discord.discord })
  return {
    node: process.versions.node,
    git,
    opencode,
    hasSharp,
    lock,
    data,
    hasToken: token !== undefined,
    gateway: gatewayHost(config),
    ...discord,
    channels,
  }
}

function gitVersion(): Promise<string | undefined> {
  return new Promise((resolve) =>
    execFile('git', ['--version'], { timeout: ANSWER_MS }, (error, stdout) =>
      resolve(error ? undefined : stdout.trim().replace(/^git version /, '')),
    ),
  )
}

async function opencodeFacts(environment: Config['environment']): Promise<Facts['opencode']> {
  return { ...(await versionFacts(environment)), isBesideNewer: isBesideNewer(environment) }
}

async function versionFacts(environment: Config['environment']): Promise<Omit<Facts['opencode'], 'isBesideNewer'>> {
  const binary = findBinary(environment['OPENCODE_PATH'])
  if (binary instanceof Error) return { version: undefined, refused: binary.message, isTried: false }
  const version = await versionOf(binary, environment)
  if (version === undefined) return { version, refused: undefined, isTried: false }
  return { version, refused: refusedVersion(version)?.message, isTried: isRecorded(version) }
}

async function lockFacts({ dataDir, lockPort: port }: Config): Promise<Facts['lock']> {
  const bot = await callControl({ dataDir, method: 'GET', path: '/status', timeoutMs: ANSWER_MS })
  if (bot.kind === 'answer' && bot.status === 200) return { port, holder: { pid: Number((bot.body as { pid?: unknown }).pid) } }
  const holder = await lookAtPort(port, ANSWER_MS)
  if (holder.kind === 'nobody') return { port, holder: 'nobody' }
  // Nothing else answers so. Its socket did not: it hangs, or another command is at work.
  const isKimaki = holder.kind === 'answer' && (holder.body as { readonly kimaki?: unknown } | null)?.kimaki !== undefined
  return { port, holder: isKimaki || holder.kind === 'silent' ? 'silent' : 'foreign' }
}

function dataFacts(folder: string): Facts['data'] {
  if (!existsSync(folder)) return { folder, isThere: false, open: [], strangers: [], freeBytes: freeBytes(dirname(folder)) }
  const user = process.geteuid?.()
  const found = [folder, ...namesIn(folder)].flatMap((path) => lstatSync(path, { throwIfNoEntry: false }) ?? [])
  const paths = [folder, ...namesIn(folder)]
  const where = (isWanted: (stats: (typeof found)[number]) => boolean): string[] =>
    user === undefined ? [] : paths.filter((_, index) => found[index] !== undefined && isWanted(found[index]))
  // A folder that is closed closes what is in it.
  const isClosed = found[0] !== undefined && (found[0].mode & OTHERS) === 0
  return {
    folder,
    isThere: true,
    open: isClosed ? [] : where((stats) => !stats.isSymbolicLink() && (stats.mode & OTHERS) !== 0),
    strangers: where(({ uid }) => uid !== user),
    freeBytes: freeBytes(folder),
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name))
  } catch {
    return []
  }
}

function freeBytes(folder: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize
  } catch {
    return dirname(folder) === folder ? undefined : freeBytes(dirname(folder))
  }
}

async function channelFacts(
  config: Config,
  { data, lock, discord }: Pick<Facts, 'data' | 'lock' | 'discord'>,
): Promise<Facts['channels']> {
  if (!existsSync(config.database)) return []
  if (data.open.length + data.strangers.length > 0) return { unknown: 'Mend the files first.' }
  if (typeof lock.holder === 'string' && lock.holder !== 'nobody') return { unknown: 'Mend what holds the port first.' }
  const projects = await throughBotOrStore<readonly Project[]>(config, {
    call: { method: 'GET', path: '/projects' },
    withStore: (store) => store.projects(),
  })
  if (projects instanceof Error) return { unknown: projects.message }
  if (projects.length === 0) return []
  if (config.token === undefined || discord.kind !== 'answer' || discord.status !== 200)
    return { unknown: 'Discord could not be asked about them: mend what stands above first.' }
  return inspectAll(config, config.token, projects)
}

async function inspectAll({ apiUrl }: Config, token: string, projects: readonly Project[]): Promise<Facts['channels']> {
  const quiet = (): void => undefined
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet }
  const chat = createChat({ token, apiUrl, log, identifies: { read: async () => [], write: async () => undefined } })
  try {
    return await Promise.all(
      projects.map(async ({ channelId: id, guildId }) => {
        const found = await checkProjectChannel(chat, { channelId: id, guildId })
        return { id, trouble: found instanceof Error ? found.message : found.warning }
      }),
    )
  } finally {
    await chat.stop()
  }
}
