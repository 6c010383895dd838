/** A guild with a bot, an owner and a project channel in the emulator, and chats of the real adapter that write down what they hear. */
import { startEmulator, type Bot, type Emulator, type EmulatorOptions, type Guild, type Person } from 'discord-emulator'
import { assertConforms, conformance } from 'discord-emulator/conformance'
import { createChat, type ChatOptions } from '../../src/discord/chat.ts'
import type { IncomingMessage } from '../../src/domain/message/incoming.ts'
import type { Post } from '../../src/domain/conversation/posts/post.ts'
import type {
  ChatError,
  ChatEvent,
  ChatFatal,
  ChatPort,
  ChatReady,
  GatewayPosition,
  IdentifyRecords,
} from '../../src/ports/chat.ts'
import type { Log } from '../../src/ports/host.ts'
import type { Outgoing } from '../../src/view/blocks.ts'

export interface World {
  readonly emulator: Emulator
  readonly guild: Guild
  readonly bot: Bot
  readonly owner: Person
  readonly channelId: string
  chat(options?: Partial<ChatSetup>): Chat
  /** Journal entries of the gateway, in order. */
  gatewaySteps(): readonly string[]
  stop(): Promise<void>
}

interface ChatSetup {
  readonly position: GatewayPosition | undefined
  readonly options: Partial<ChatOptions>
  /** Further project channels. */
  readonly projects: readonly string[]
}

export interface Chat {
  readonly port: ChatPort
  readonly events: readonly ChatEvent[]
  readonly fatals: readonly ChatFatal[]
  /** Lines of the log, facts included. */
  readonly lines: readonly string[]
  start(): Promise<ChatReady | ChatFatal>
  messages(): readonly IncomingMessage[]
  texts(): readonly string[]
  /** The position that came with the last event: what the product would have committed. */
  position(): GatewayPosition | undefined
  /** The first value that is not undefined; looks again after every event, log line and change of the emulated world. */
  until<T>(what: string, look: () => T | undefined): Promise<T>
}

export async function openWorld(options: EmulatorOptions = {}): Promise<World> {
  const spec = conformance()
  const emulator = await startEmulator({ rateLimits: false, onExchange: spec.onExchange, ...options })
  const { world } = emulator
  const owner = world.user('Ann')
  const guild = world.guild({ name: 'Lab', owner })
  const bot = world.bot({ name: 'kimaki', token: 'TOP-SECRET-TOKEN' })
  guild.addBot(bot)
  const channelId = guild.textChannel('project').id
  const chats: Chat[] = []
  return {
    emulator,
    guild,
    bot,
    owner,
    channelId,
    chat(setup = {}) {
      const chat = openChat(emulator, { bot, channelId }, setup)
      chats.push(chat)
      return chat
    },
    gatewaySteps: () => emulator.journal.entries.flatMap((entry) => (entry.kind === 'gateway' ? [entry.what] : [])),
    async stop() {
      await Promise.all(chats.map((chat) => chat.port.stop()))
      await emulator.stop()
      assertConforms(spec)
    },
  }
}

/** A record of gateway sessions that lasts as long as the test. */
export function inMemory(): IdentifyRecords {
  let kept: readonly number[] = []
  return { read: async () => kept, write: async (times) => void (kept = times) }
}

function openChat(emulator: Emulator, { bot, channelId }: { bot: Bot; channelId: string }, setup: Partial<ChatSetup>): Chat {
  const events: ChatEvent[] = []
  const fatals: ChatFatal[] = []
  const lines: string[] = []
  const listeners = new Set<() => void>()
  const changed = () => listeners.forEach((listener) => listener())
  const note = (message: string, facts?: Readonly<Record<string, unknown>>) => {
    lines.push(`${message} ${JSON.stringify(facts ?? {})}`)
    changed()
  }
  const log: Log = { debug: note, info: note, warn: note, error: note }
  const port = createChat({ token: bot.token, apiUrl: emulator.apiUrl, log, identifies: inMemory(), ...setup.options })
  const messages = () => events.flatMap((event) => (event.kind === 'message' ? [event.message] : []))
  return {
    port,
    events,
    fatals,
    lines,
    start: () =>
      port.start({
        position: setup.position,
        isProjectChannel: (id) => id === channelId || setup.projects?.includes(id) === true,
        onEvent(event) {
          events.push(event)
          changed()
        },
        onFatal(fatal) {
          fatals.push(fatal)
          changed()
        },
      }),
    messages,
    texts: () => messages().map(({ text }) => text),
    position: () => events.findLast((event) => event.position !== undefined)?.position,
    until: (what, look) =>
      untilSeen(what, look, [(listener) => subscribe(listeners, listener), (listener) => emulator.world.onChange(listener)]),
  }
}

type Subscribe = (listener: () => void) => () => void

const subscribe = (listeners: Set<() => void>, listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

const PATIENCE_MS = 20_000

function untilSeen<T>(what: string, look: () => T | undefined, sources: readonly Subscribe[]): Promise<T> {
  return new Promise((resolve, reject) => {
    const settle = (end: () => void) => {
      clearTimeout(timer)
      for (const leave of leaving) leave()
      end()
    }
    const attempt = () => {
      const seen = look()
      if (seen !== undefined) settle(() => resolve(seen))
    }
    const timer = setTimeout(() => settle(() => reject(new Error(`Waited ${PATIENCE_MS} ms in vain for ${what}`))), PATIENCE_MS)
    const leaving = sources.map((source) => source(attempt))
    attempt()
  })
}

/** The value of a call that must have worked. */
export function value<T>(result: T | ChatError): T {
  if (result instanceof Error) throw new Error(`call failed: ${result.name}: ${result.message}`)
  return result
}

export const outgoing = (
  content: string,
  more: Partial<Pick<Outgoing, 'notify' | 'file' | 'components'> & Pick<Post, 'pings'>> = {},
) => ({
  blocks: ['b'],
  content,
  file: more.file,
  notify: more.notify ?? false,
  ...(more.components && { components: more.components }),
  pings: more.pings,
})
