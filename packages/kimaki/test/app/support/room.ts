/** The bot's own rooms around fakes: a real store in a temporary file, everything outside hand-made. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createBot, type Bot } from '../../../src/app/bot.ts'
import { loadProjects } from '../../../src/app/intake/projects.ts'
import type { IncomingMessage } from '../../../src/domain/message/incoming.ts'
import type { Clock } from '../../../src/base/clock.ts'
import type { Log } from '../../../src/ports/host.ts'
import type { StorePort } from '../../../src/ports/store.ts'
import { createStore } from '../../../src/store/store.ts'
import { manualClock, type ManualClock } from './clock.ts'
import { fakeAgent, type FakeAgent } from './fake-agent.ts'
import { fakeShell, type FakeShell } from './fake-shell.ts'
import { fakeChat, position, type FakeChat } from './fake-chat.ts'
import { quiet, until } from './until.ts'
import { CHANNEL, GUILD, SESSION, answer, message, ownerAccess, run, text } from '../../support/conversation.ts'

const DIRECTORY = '/project/garden'

export interface Life {
  readonly bot: Bot
  readonly chat: FakeChat
  readonly agent: FakeAgent
  readonly shell: FakeShell
  readonly store: StorePort
  readonly lines: string[]
  /** A live message of the owner. */
  send(text: string, facts?: Partial<IncomingMessage>): IncomingMessage
  /** In the thread of an earlier message. */
  reply(to: { readonly id: string }, text: string): IncomingMessage
  /** The newest prompt of the session is answered, as the stream tells it. */
  answer(id: string, words: string): void
  texts(): readonly string[]
}

export interface Room {
  readonly clock: ManualClock
  readonly file: string
  /** A bot on the room's data; `before` may prepare the fakes. The bot before it is left as `kill -9` would leave it. */
  live(before?: (parts: { chat: FakeChat; agent: FakeAgent; store: StorePort }) => Partial<StorePort> | void): Promise<Life>
  close(): Promise<void>
}

export function openStore(file: string): StorePort {
  const store = createStore(file)
  if (store instanceof Error) throw store
  return store
}

export async function openRoom(): Promise<Room> {
  const folder = mkdtempSync(join(tmpdir(), 'kimaki-app-'))
  const file = join(folder, 'data.db')
  const clock = manualClock()
  const lives: { readonly life: Life; readonly kill: () => void }[] = []
  const first = openStore(file)
  await first.linkProject({ channelId: CHANNEL, guildId: GUILD, directory: DIRECTORY }, '100000000000000000')
  await first.close()
  return {
    clock,
    file,
    async live(before) {
      const opened = openStore(file)
      lives.at(-1)?.kill()
      const earlier = lives.at(-1)?.life
      const chat = fakeChat()
      // Discord outlives the bot.
      if (earlier) chat.posts.push(...earlier.chat.posts)
      if (earlier) chat.started.push(...earlier.chat.started)
      const own = mortal(clock)
      const agent = fakeAgent(clock)
      if (earlier) agent.session = earlier.agent.session
      for (const [mark, session] of earlier?.agent.forks ?? []) agent.forks.set(mark, session)
      const store: StorePort = { ...opened, ...before?.({ chat, agent, store: opened }) }
      const commit: StorePort['commit'] = async (batch) => (own.dead ? new Promise(() => undefined) : store.commit(batch))
      const life = await begin({ clock: own.clock, chat, agent, store: { ...store, commit } })
      lives.push({ life, kill: own.kill })
      return life
    },
    async close() {
      const last = lives.pop()
      for (const { kill } of lives) kill()
      await last?.life.bot.stop().catch(() => undefined)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

type Parts = Pick<Life, 'chat' | 'agent' | 'store'> & { readonly clock: Clock }

/** A process of its own: once killed, its timers never fire and nothing of it is written any more. */
function mortal(clock: Clock): { readonly clock: Clock; readonly dead: boolean; kill(): void } {
  let dead = false
  return {
    clock: { now: clock.now, after: (ms, callback) => clock.after(ms, () => dead || callback()) },
    get dead() {
      return dead
    },
    kill: () => void (dead = true),
  }
}

async function begin({ clock, chat, agent, store }: Parts): Promise<Life> {
  const lines: string[] = []
  const shell = fakeShell()
  let sequence = 1
  const bot = createBot({
    store,
    chat,
    agent,
    shell,
    clock,
    log: logInto(lines),
    git: { branch: async () => 'main' },
    files: { saveAttachment: async (name) => `/saved/${name}` },
    projects: await loadProjects(store),
    onFatal: () => undefined,
  })
  await bot.start()
  const send = (words: string, facts?: Partial<IncomingMessage>): IncomingMessage => {
    const sent = message(words, facts)
    chat.heard?.onEvent({ kind: 'message', message: sent, access: ownerAccess, position: position((sequence += 1)) })
    return sent
  }
  return {
    bot,
    chat,
    agent,
    shell,
    store,
    lines,
    send,
    reply: (to, words) => send(words, { channelId: to.id, inThread: true }),
    answer(id, words) {
      const user = agent.user(agent.prompts.findLast(({ session }) => session === SESSION))
      for (const event of run(user, answer(id, user, [text(`prt_${id}`, words)]))) agent.tell(event)
    },
    texts: () => chat.posts.map(({ content }) => content),
  }
}

export function logInto(lines: string[]): Log {
  const write = (line: string, facts?: Readonly<Record<string, unknown>>): void =>
    void lines.push(`${line} ${JSON.stringify(facts ?? {})}`)
  return { debug: () => undefined, info: write, warn: write, error: write }
}

/** A first message and its prompt, up to the moment the agent has it. */
export async function asked(life: Life, words = 'plant a tree'): Promise<IncomingMessage> {
  const before = life.agent.prompts.length
  const sent = life.send(words)
  await until('the prompt', () => life.agent.prompts.length > before)
  await quiet()
  return sent
}
