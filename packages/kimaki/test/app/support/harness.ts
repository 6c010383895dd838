/** The bot itself around fakes: a real store in a temporary file, everything outside hand-made. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Bot } from '../../../src/app/bot.ts'
import { loadProjects } from '../../../src/app/intake/projects.ts'
import type { AuditEntry } from '../../../src/domain/conversation/features/asks/audit.ts'
import type { CommandInvocation } from '../../../src/domain/conversation/request.ts'
import type { IncomingMessage } from '../../../src/domain/message/incoming.ts'
import { DEFAULT_SETTINGS, type Settings } from '../../../src/domain/settings.ts'
import type { Clock } from '../../../src/base/clock.ts'
import type { DiffToShow } from '../../../src/ports/git/diffs.ts'
import type { Files } from '../../../src/ports/host.ts'
import type { ChatEvent } from '../../../src/ports/chat.ts'
import type { Log } from '../../../src/ports/host.ts'
import type { Acceptance, Batch, StorePort } from '../../../src/ports/store.ts'
import { createStore } from '../../../src/store/store.ts'
import { manualClock, type ManualClock } from './clock.ts'
import { FakeAgent } from './fake-agent.ts'
import { FakeChanges, fakeDiffs } from './fake-changes.ts'
import { FakeChat } from './fake-chat.ts'
import { fakeFolders, type FakeFolders } from './fake-folders.ts'
import { FakeTerminals } from './fake-terminals.ts'
import { fakeGit, type FakeGit } from './fake-git.ts'
import { FakeTranscriber } from './fake-transcriber.ts'
import { fakeShell, type FakeShell } from './fake-shell.ts'
import { quiet, until } from './until.ts'
import { CHANNEL, GUILD, OWNER, SESSION, answer, message, nextId, ownerAccess, run, text } from '../../support/conversation.ts'

export const DIRECTORY = '/project/garden'

/** One process of the bot, from its start until it is stopped or killed. */
export interface BotRun {
  readonly folders: FakeFolders
  readonly chat: FakeChat
  readonly agent: FakeAgent
  readonly git: FakeGit
  readonly shell: FakeShell
  readonly transcriber: FakeTranscriber
  readonly changes: FakeChanges
  /** Diffs of which a page was made. */
  readonly shownDiffs: readonly DiffToShow[]
  readonly store: StorePort
  readonly lines: string[]
  /** What the audit file was told. */
  readonly audited: AuditEntry[]
  /** A live message of the owner. */
  send(text: string, facts?: Partial<IncomingMessage>): IncomingMessage
  /** In the thread of an earlier message. */
  reply(to: { readonly id: string }, text: string): IncomingMessage
  /** The newest prompt of the session is answered, as the stream tells it. */
  answer(id: string, words: string, session?: string): void
  texts(): readonly string[]
  readonly waits: Bot['waits']
  readonly why: Bot['why']
  readonly tasks: Bot['tasks']
  submit(acceptance: Acceptance): Promise<void>
  stop(): Promise<void>
}

interface Fakes {
  readonly chat: FakeChat
  readonly agent: FakeAgent
  readonly folders: FakeFolders
  readonly store: StorePort
}

export interface Harness {
  readonly clock: ManualClock
  readonly file: string
  /** What terminals do, whichever bot looks. */
  readonly terminals: FakeTerminals
  /** Files of the data folder, by path. */
  readonly saved: ReadonlyMap<string, Uint8Array>
  /** A bot on the harness's data; `before` may prepare the fakes. The bot before it is left as `kill -9` would leave it. */
  run(before?: (fakes: Fakes) => Partial<StorePort> | void): Promise<BotRun>
  close(): Promise<void>
}

export function openStore(file: string): StorePort {
  const store = createStore(file)
  if (store instanceof Error) throw store
  return store
}

export async function openHarness(settings: Partial<Settings> = {}): Promise<Harness> {
  const folder = mkdtempSync(join(tmpdir(), 'kimaki-app-'))
  const file = join(folder, 'data.db')
  const clock = manualClock()
  const saved = new Map<string, Uint8Array>()
  const terminals = new FakeTerminals(clock)
  const runs: { readonly bot: BotRun; readonly kill: () => void }[] = []
  const first = openStore(file)
  await first.linkProject({ channelId: CHANNEL, guildId: GUILD, directory: DIRECTORY }, '100000000000000000')
  await first.close()
  return {
    clock,
    file,
    terminals,
    saved,
    async run(before) {
      const opened = openStore(file)
      const earlier = runs.at(-1)
      earlier?.kill()
      const chat = new FakeChat()
      const process = mortal(clock)
      const agent = new FakeAgent(clock)
      if (earlier) chat.inherit(earlier.bot.chat)
      if (earlier) agent.inherit(earlier.bot.agent)
      const folders = fakeFolders()
      const store: StorePort = { ...opened, ...before?.({ chat, agent, folders, store: opened }) }
      const commit: StorePort['commit'] = async (batch) => (process.isDead ? never : store.commit(batch))
      const bot = await begin({
        clock: process.clock,
        chat,
        agent,
        folders,
        store: { ...store, commit },
        settings,
        saved,
        terminals,
      })
      runs.push({ bot, kill: process.kill })
      return bot
    },
    async close() {
      const last = runs.pop()
      for (const { kill } of runs) kill()
      await last?.bot.stop().catch(() => undefined)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A process of its own: once killed, its timers never fire and nothing of it is written any more. */
function mortal(clock: Clock): { readonly clock: Clock; readonly isDead: boolean; kill(): void } {
  let isDead = false
  return {
    clock: { now: clock.now, after: (ms, callback) => clock.after(ms, () => isDead || callback()) },
    get isDead() {
      return isDead
    },
    kill: () => void (isDead = true),
  }
}

async function begin({
  clock,
  chat,
  agent,
  folders,
  store,
  settings,
  saved,
  terminals,
}: Fakes & {
  readonly terminals: FakeTerminals
  readonly clock: Clock
  readonly settings: Partial<Settings>
  readonly saved: Map<string, Uint8Array>
}): Promise<BotRun> {
  const lines: string[] = []
  const audited: AuditEntry[] = []
  const shell = fakeShell()
  const git = fakeGit()
  const transcriber = new FakeTranscriber()
  const changes = new FakeChanges()
  const shownDiffs: DiffToShow[] = []
  const files: Files = {
    ownerOf: ([pattern]) => /^\/saved\/(\d+)\//.exec(pattern ?? '')?.[1],
    old: async () => ({ files: 0, bytes: 0 }),
    deleteOld: async () => undefined,
    async saveAttachment(id, name, data) {
      const path = `/saved/${id}/${name}`
      saved.set(path, data)
      return path
    },
    async saveUpload(directory, name, data) {
      const path = `${directory}/uploads/${name}`
      saved.set(path, data)
      return path
    },
    read: async (path) => saved.get(path),
    async remove(paths) {
      for (const path of paths) saved.delete(path)
    },
  }
  const bot = new Bot({
    store,
    chat,
    agent,
    shell,
    terminals,
    clock,
    log: logInto(lines),
    git,
    transcriber,
    audit: { write: async (entry) => void audited.push(entry) },
    diffs: fakeDiffs(changes, files, shownDiffs),
    files,
    projects: await loadProjects(store),
    folders,
    accounts: { read: () => ({ providers: [], order: [] }) },
    settings: { ...DEFAULT_SETTINGS, ...settings },
    onFatal: () => undefined,
  })
  await bot.start()
  const send = (words: string, facts?: Partial<IncomingMessage>): IncomingMessage => {
    const sent = message(words, facts)
    chat.write(sent)
    return sent
  }
  return {
    chat,
    agent,
    git,
    shell,
    transcriber,
    changes,
    shownDiffs,
    folders,
    store,
    lines,
    audited,
    send,
    reply: (to, words) => send(words, { channelId: to.id, inThread: true }),
    answer(id, words, session = SESSION) {
      const user = agent.user(agent.prompts.findLast((prompt) => prompt.session === session))
      for (const event of run(user, answer(id, user, [text(`prt_${id}`, words)]))) agent.emit({ ...event, session })
    },
    texts: () => chat.posts.map(({ content }) => content),
    waits: bot.waits,
    tasks: bot.tasks,
    why: async (threadId, look) => bot.why(threadId, look),
    submit: async (acceptance) => void (await bot.accept(acceptance)),
    stop: async () => bot.stop(),
  }
}

export function logInto(lines: string[]): Log {
  const write = (line: string, facts?: Readonly<Record<string, unknown>>): void =>
    void lines.push(`${line} ${JSON.stringify(facts ?? {})}`)
  return { debug: () => undefined, info: write, warn: write, error: write }
}

/** The owner invokes a slash command, in the project channel or in a thread. */
export function commandEvent(
  channelId: string,
  name: string,
  facts: Partial<CommandInvocation> = {},
): Extract<ChatEvent, { kind: 'command' }> {
  const id = nextId()
  return {
    kind: 'command',
    command: {
      id,
      applicationId: '1',
      token: `token-${id}`,
      name,
      options: {},
      guildId: GUILD,
      channelId,
      userId: OWNER,
      userName: 'Ann',
      ...facts,
    },
    place: { channelId, projectChannelId: CHANNEL, inThread: channelId !== CHANNEL },
    access: ownerAccess,
    position: undefined,
  }
}

/** A first message and its prompt, up to the moment the agent has it. */
export async function prompted(bot: BotRun, words = 'plant a tree'): Promise<IncomingMessage> {
  const before = bot.agent.prompts.length
  const sent = bot.send(words)
  await until('the prompt', () => bot.agent.prompts.length > before)
  await quiet()
  return sent
}

/** Every turn is closed, and nothing is under way. */
export const allClosed = (bot: BotRun): Promise<void> =>
  until('the turn to be closed', async () => (await bot.store.openConversations()).length === 0)

export const postsIn = (bot: BotRun, channelId: string): readonly string[] =>
  bot.chat.posts.filter((post) => post.channelId === channelId).map(({ content }) => content)

export const never = new Promise<never>(() => undefined)

/** For `run`: the process hangs at the first commit of such a batch, and is killed there. `after`: the commit has happened. */
export const hangsAt =
  (isMeant: (batch: Batch) => boolean, side: 'before' | 'after' = 'before') =>
  ({ store }: { readonly store: StorePort }): Pick<StorePort, 'commit'> => ({
    async commit(batch) {
      if (!isMeant(batch)) return store.commit(batch)
      if (side === 'after') await store.commit(batch)
      return never
    },
  })

/** The batch has the outcome of such an effect. */
export const endsEffect =
  (kind: string) =>
  (batch: Batch): boolean =>
    batch.conversation?.effectsDone.some((key) => key.startsWith(`${kind}/`)) ?? false
