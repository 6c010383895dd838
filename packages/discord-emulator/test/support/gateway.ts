/** Two ways to the gateway: a raw socket that shows every payload, and the real client. */
import { Client, GatewayDispatchEvents, GatewayIntentBits as I } from '@discordjs/core'
import { WebSocketManager, type CompressionMethod, type SessionInfo } from '@discordjs/ws'
import { onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import type { Bot, Emulator } from '../../src/index.ts'
import { restOf, type Json } from './town.ts'

export const TEXT_INTENTS: I = I.Guilds | I.GuildMessages | I.MessageContent

interface Payload {
  readonly op: number
  readonly t: string | null
  readonly s: number | null
  readonly d: Json
}

export interface RawClient {
  readonly received: readonly Payload[]
  send(op: number, d: unknown): void
  sendText(text: string | Buffer): void
  /** The first payload, received already or later, that fits. */
  next(fits: (payload: Payload) => boolean): Promise<Payload>
  event(name: string): Promise<Payload>
  /** The close code. */
  readonly closed: Promise<number>
  close(code: number): void
}

/** Connects and waits for HELLO; `decode` undoes a transport compression. */
export async function dial(
  emulator: Emulator,
  { query = '?v=10&encoding=json', decode = async (data: Buffer) => data.toString() } = {},
): Promise<RawClient> {
  const socket = new WebSocket(`${emulator.origin.replace('http', 'ws')}/gateway${query}`)
  onTestFinished(() => socket.terminate())
  const received: Payload[] = []
  const waiting = new Set<() => void>()
  let decoding: Promise<unknown> = Promise.resolve()
  socket.on('message', (data: Buffer) => {
    const earlier = decoding
    const receive = async () => {
      await earlier
      received.push(JSON.parse(await decode(data)) as Payload)
      for (const look of waiting) look()
    }
    decoding = receive()
  })
  socket.on('error', () => undefined)
  const closed = new Promise<number>((resolve) => socket.once('close', resolve))
  const next = (fits: (payload: Payload) => boolean) =>
    new Promise<Payload>((resolve) => {
      const look = () => {
        const found = received.find(fits)
        if (found === undefined) return
        waiting.delete(look)
        resolve(found)
      }
      waiting.add(look)
      look()
    })
  const client: RawClient = {
    received,
    send: (op, d) => socket.send(JSON.stringify({ op, d })),
    sendText: (text) => socket.send(text),
    next,
    event: (name) => next(({ t }) => t === name),
    closed,
    close: (code) => socket.close(code),
  }
  await Promise.race([next(({ op }) => op === 10), closed])
  return client
}

/** A raw client that has identified, with its READY. */
export async function identified(emulator: Emulator, bot: Bot, intents: number = TEXT_INTENTS) {
  const client = await dial(emulator)
  client.send(2, { token: bot.token, intents, properties: {} })
  return { client, ready: await client.event('READY') }
}

export interface RealClient {
  readonly client: Client
  readonly manager: WebSocketManager
  readonly dispatches: readonly { readonly event: string; readonly data: unknown }[]
  readonly session: { current: SessionInfo | null }
}

/** The real client; `session` is where it keeps what it needs to resume, as a bot that survives a restart would. */
export function realClient(
  emulator: Emulator,
  bot: Bot,
  { session = { current: null as SessionInfo | null }, compression = null as CompressionMethod | null } = {},
): RealClient {
  const rest = restOf(emulator, bot)
  const manager = new WebSocketManager({
    token: bot.token,
    intents: TEXT_INTENTS,
    compression,
    rest,
    retrieveSessionInfo: () => session.current,
    updateSessionInfo: (_shard, info) => void (session.current = info),
    buildIdentifyThrottler: () => ({ waitForIdentify: async () => undefined }),
  })
  const client = new Client({ rest, gateway: manager })
  const dispatches: { readonly event: string; readonly data: unknown }[] = []
  for (const event of Object.values(GatewayDispatchEvents)) {
    client.on(event as GatewayDispatchEvents.MessageCreate, ({ data }) => void dispatches.push({ event, data }))
  }
  onTestFinished(async () => manager.destroy({ code: 1000 }))
  return { client, manager, dispatches, session }
}
