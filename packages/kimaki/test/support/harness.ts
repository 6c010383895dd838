/** Everything a real run needs, without any account: emulator, scripted model, project folders and the bot as a process. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { check, summarise, type Verdict } from 'checker'
import {
  startEmulator,
  type Bot as Application,
  type Emulator,
  type EmulatorOptions,
  type Guild,
  type Person,
} from 'discord-emulator'
import { assertConforms, conformance } from 'discord-emulator/conformance'
import { openCodeProvider, openCodeTestEnvironment, startScriptedModel, type Rule, type ScriptedModel } from 'scripted-model'
import { componentTexts } from '../../src/discord/inbound/content/components.ts'
import type { Project as Linked } from '../../src/ports/store.ts'
import { isAllShown } from './all-shown.ts'
import { freePort, startBot, type BotProcess, type Entry } from './bot-process.ts'
import { COMPILE_CACHE, scriptedOpenCode } from './programs.ts'
import { lendOpenCode, SHARED_FOLDER, SHORT_LIVED } from './lent-opencode.ts'
import { linkInStore, linkThroughBot } from './link-project.ts'
import { endProcessesIn } from './processes-in.ts'
import { until } from './until.ts'

export interface Project {
  readonly channelId: string
  readonly directory: string
}

/** A bot inside this process, as far as a harness knows it. */
interface Inner {
  readonly running: boolean
  kill(): void
  readonly gone: Promise<void>
}

export interface Harness {
  readonly dir: string
  readonly dataDir: string
  readonly emulator: Emulator
  readonly model: ScriptedModel
  readonly guild: Guild
  /** The guild's owner: may use the bot. */
  readonly owner: Person
  readonly application: Application
  readonly env: Readonly<Record<string, string>>
  /** For a bot whose OpenCode is not the subject, in a harness of the real one. */
  readonly scripted: Readonly<Record<string, string>>
  /** A folder with a repository, linked with a channel of its own; `by` the command where that is the subject. */
  project(name: string, by?: 'command'): Promise<Project>
  /** The text of an `opencode.json` that names the scripted model, and `more`. */
  openCodeConfig(more?: Readonly<Record<string, unknown>>): string
  /** Starts the bot and waits until it is ready. */
  bot(entry?: Entry, env?: Readonly<Record<string, string>>, args?: readonly string[]): Promise<BotProcess>
  /** Takes care that a bot inside this process ends with the harness. */
  inner(bot: Inner): void
  /** What the bot says in a thread: its messages' texts (attached texts included), oldest first. */
  said(threadId: string): readonly string[]
  /** Resolves once `text` stands in a message of the bot in the thread. */
  untilSaid(threadId: string, text: string | RegExp, timeoutMs?: number): Promise<string>
  /** Resolves once so many runs in the thread have told their end with a footer. */
  untilFooters(threadId: string, count: number): Promise<unknown>
  /** The thread as a person reads it once all that is on record is shown, without what differs from run to run: for snapshots. */
  transcript(threadId: string): Promise<string>
  /** Threads and sessions of `aside` are left out. */
  verdict(aside?: { readonly threads: ReadonlySet<string>; readonly sessions: ReadonlySet<string> }): Verdict
  /** Fails with the checker's sentences unless nothing is lost, doubled or out of order. */
  expectFaithful(): Verdict
  stop(): Promise<void>
}

export const INTERRUPTED = /^⬦ interrupted/
const FOOTER = /^\*[^*\n]+ ⋅ [^\n]*\*$/m
const REFUSED = /^(✗|⬦ (?:stopped by|not answered here))/
/** The card of an ask names the run that was stopped by its answer with the number of the tag. */
const STOPPED = /: the run was stopped$/m
const TAKEN_OUT = /^⬦ taken out of the queue/
const QUEUED = /\. queue$/
const PROGRAMS: Readonly<Record<OpenCodeChoice, () => Readonly<Record<string, string>>>> = {
  scripted: scriptedOpenCode,
  lent: () => ({}),
  real: () => ({}),
  none: () => ({ OPENCODE_PATH: '/bin/false' }),
}
/** On an idle machine all takes a few seconds; on a busy one a first answer of a cold OpenCode took half a minute. */
const PATIENCE_MS = 90_000
/** A server that is lent serves every project of the bot, those that are linked later too. */
const ONE_SERVER = ['--opencode-servers', '1']

/**
 * Which OpenCode the bots find. `scripted`: a process that plays it, starts at once and is held to the real one by a contract. `lent`: the
 * real one, which the test run lends to one harness after the other. `real`: the real one, started and ended by the bot. `none`: no
 * message reaches an agent.
 */
export type OpenCodeChoice = 'scripted' | 'lent' | 'real' | 'none'

export interface HarnessOptions {
  readonly rules: readonly Rule[]
  readonly emulator?: EmulatorOptions
  /** `scripted` unless told otherwise. */
  readonly opencode?: OpenCodeChoice
}

export async function startHarness(options: HarnessOptions): Promise<Harness> {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'kimaki-test-')))
  const dataDir = join(dir, 'data-dir')
  const spec = conformance()
  const emulator = await startEmulator({ ...options.emulator, onExchange: spec.onExchange })
  const model = await startScriptedModel({ rules: options.rules })
  const owner = emulator.world.user('ada')
  const guild = emulator.world.guild({ name: 'workshop', owner })
  const application = emulator.world.bot({ name: 'kimaki', messageContentIntent: true })
  guild.addBot(application)
  const shared = process.env[SHARED_FOLDER]
  const { opencode: choice = 'scripted' } = options
  const lent = choice === 'lent' && shared !== undefined ? await lendOpenCode(shared) : undefined
  const openCodeConfig = (more: Readonly<Record<string, unknown>> = {}): string =>
    JSON.stringify({ ...openCodeProvider(model.url), snapshot: false, lsp: false, formatter: false, ...more })
  const opencode = lent?.environment ?? { ...openCodeTestEnvironment(join(dir, 'opencode')), ...SHORT_LIVED }
  if (!lent) {
    const globalConfig = join(opencode['XDG_CONFIG_HOME'] ?? dir, 'opencode')
    mkdirSync(globalConfig, { recursive: true })
    writeFileSync(join(globalConfig, 'opencode.json'), openCodeConfig())
  }
  const env = {
    ...opencode,
    ...PROGRAMS[choice](),
    NODE_COMPILE_CACHE: COMPILE_CACHE,
    KIMAKI_BOT_TOKEN: application.token,
    KIMAKI_DATA_DIR: dataDir,
    KIMAKI_LOCK_PORT: String(await freePort()),
    KIMAKI_DISCORD_API_URL: emulator.apiUrl,
    // The pid is the bot's own; tests of the wrapper start it by name.
    KIMAKI_NO_WRAPPER: '1',
    // On a machine with much to do a short run may last 15 s, and its transcript must not depend on that.
    KIMAKI_STOP_BUTTON_AFTER_MS: '3600000',
    // People of tests write faster than people.
    KIMAKI_MAX_THREADS_PER_MINUTE: '10000',
    KIMAKI_MAX_AGENTS: '10000',
  }
  const bots: BotProcess[] = []
  const inner: Inner[] = []
  const directories: string[] = []

  const botMessages = (threadId: string): readonly { readonly content: string; readonly id: string }[] =>
    emulator.world
      .messages(threadId)
      .filter((message) => message.author.id === application.id)
      .map(({ id, content, components }) => ({ id, content: content || componentTexts(components).join('\n') }))
  const newestIn = (channelId: string): string => emulator.world.messages(channelId).at(-1)?.id ?? channelId
  const attached = new Map<string, string>()
  emulator.journal.onEntry((entry) => {
    if (entry.kind === 'message' && entry.attachedTexts.length > 0) attached.set(entry.messageId, entry.attachedTexts.join('\n'))
  })
  const said = (threadId: string): readonly string[] =>
    botMessages(threadId).map(({ id, content }) => [content, attached.get(id)].filter(Boolean).join('\n'))
  const matches = (text: string, wanted: string | RegExp): boolean =>
    typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text)

  const harness: Harness = {
    dir,
    dataDir,
    emulator,
    model,
    guild,
    owner,
    application,
    env,
    scripted: scriptedOpenCode(),
    async project(name, by) {
      const directory = join(dir, 'projects', name)
      mkdirSync(directory, { recursive: true })
      writeFileSync(join(directory, 'README.md'), `# ${name}\n`)
      // A lent server reads the settings of the user it was started for, which name no model.
      if (lent) writeFileSync(join(directory, 'opencode.json'), openCodeConfig())
      // Its plugin finds the bot of this test.
      lent?.leadTo(dataDir, directory)
      initRepository(directory)
      directories.push(directory)
      const channel = guild.textChannel(name)
      const project = { channelId: channel.id, guildId: guild.id, directory }
      if (by === 'command') await linkByCommand(env, project)
      else if ([...bots, ...inner].some((bot) => bot.running)) await linkThroughBot(dataDir, project)
      else await linkInStore(dataDir, project, newestIn(channel.id), lent?.record)
      return project
    },
    openCodeConfig,
    async bot(entry = { kind: 'source' }, more = {}, args = []) {
      const bot = startBot(entry, { ...env, ...more }, lent && args.length === 0 ? ONE_SERVER : args)
      bots.push(bot)
      await withDeadline(bot.ready, PATIENCE_MS, () => `the bot is not ready:\n${bot.stderr().slice(-3000)}`)
      return bot
    },
    inner: (bot) => void inner.push(bot),
    said,
    untilSaid: async (threadId, wanted, timeoutMs = PATIENCE_MS) =>
      emulator.world
        .until(`${String(wanted)} in thread ${threadId}`, () => said(threadId).find((text) => matches(text, wanted)), timeoutMs)
        .catch((error: unknown) => {
          throw new Error(`${String(error)}\nsaid: ${JSON.stringify(said(threadId))}\n${bots.at(-1)?.stderr().slice(-3000)}`)
        }),
    untilFooters: async (threadId, count) =>
      emulator.world.until(
        `${count} footers in thread ${threadId}`,
        () => said(threadId).filter((text) => FOOTER.test(text)).length >= count || undefined,
        PATIENCE_MS,
      ),
    async transcript(threadId) {
      await until('all posts and edits to be shown', () => isAllShown(dataDir))
      return emulator.world
        .transcript(threadId)
        .replace(/ ⟦t\d+⟧/gu, '')
        .replace(/ ⋅ (?:<1s|\d[\dhms ]*) ⋅ /g, ' ⋅ TIME ⋅ ')
        .replace(/ after (?:<1s|\d+[hms][\dhms ]*)$/gm, ' after TIME')
        .replace(/ \d+% /g, ' N% ')
        .replace(/ ⋅ <?\$[\d.]+ ⋅ /g, ' ⋅ ')
        .replace(/<t:\d+:R>/g, '<t:SOON:R>')
    },
    verdict: (aside) =>
      check({
        journal: emulator.journal.entries.filter((entry) => entry.kind !== 'message' || !aside?.threads.has(entry.channelId)),
        model: model.log.filter(({ sessionId = '' }) => !aside?.sessions.has(sessionId)),
        prompts: /#m\d+/,
        isInterrupted: (text) => INTERRUPTED.test(text),
        isRefusal: (text, tag) =>
          REFUSED.test(text) ||
          (TAKEN_OUT.test(text) && new RegExp(`${tag}\\b`).test(text)) ||
          (STOPPED.test(text) && new RegExp(`[a-z]${tag.slice(2)}\\b`).test(text)),
        isQueued: (text) => QUEUED.test(text),
      }),
    expectFaithful() {
      const verdict = harness.verdict()
      if (verdict.findings.length > 0) throw new Error(summarise(verdict))
      return verdict
    },
    async stop() {
      // As `kill -9`: an orderly stop would end the server that is lent, and takes time where it is not the subject.
      for (const bot of [...bots, ...inner]) bot.kill()
      if (lent) await Promise.all(directories.map(async (directory) => lent.letGo(directory)))
      endProcessesIn(dir)
      await Promise.all([...bots.map(async ({ exited }) => exited), ...inner.map(async ({ gone }) => gone)])
      // What was being started a moment ago.
      endProcessesIn(dir)
      await model.stop()
      await emulator.stop()
      rmSync(dir, { recursive: true, force: true, maxRetries: 5 })
      assertConforms(spec)
    },
  }
  return harness
}

async function linkByCommand(env: Readonly<Record<string, string>>, { directory, channelId }: Linked): Promise<void> {
  const args = ['project', 'link', directory, '--channel', channelId]
  const link = startBot({ kind: 'source' }, env, args)
  const { code } = await link.exited
  if (code !== 0) throw new Error(`project link ended with ${code}: ${link.stderr()}`)
}

async function withDeadline<T>(promise: Promise<T>, ms: number, what: () => string): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(what())), ms)
  return Promise.race([promise, late.promise]).finally(() => clearTimeout(timer))
}

/** A first commit of its own: OpenCode knows a project by its root commit. */
function initRepository(directory: string): void {
  const git = (...args: readonly string[]): unknown =>
    execFileSync('git', ['-C', directory, '-c', 'user.name=ada', '-c', 'user.email=ada@example.com', ...args], {
      stdio: 'ignore',
    })
  writeFileSync(join(directory, '.name'), directory)
  git('init', '-b', 'main')
  git('add', '.')
  git('commit', '-m', 'Begin')
}
