/** A small guild for a test: an emulator that stops with the test, a person, a channel, a bot, and a way to call REST. */
import { API } from '@discordjs/core'
import { REST, type RESTOptions } from '@discordjs/rest'
import { expect, onTestFinished } from 'vitest'
import { conformance } from '../../src/conformance.ts'
import { startEmulator, type Bot, type BotOptions, type Emulator, type EmulatorOptions } from '../../src/index.ts'

export interface Answer {
  readonly status: number
  readonly headers: Headers
  // What the emulator answers is looked at field by field; its shape is the conformance test's business.
  readonly body: Json
}

export interface Json {
  readonly [key: string]: Json
  readonly [index: number]: Json
}

export type Town = Awaited<ReturnType<typeof buildTown>>

export async function buildTown(options: EmulatorOptions = {}, botOptions: Partial<BotOptions> = {}, permissions?: bigint) {
  const spec = conformance()
  const emulator = await startEmulator({ onExchange: spec.onExchange, ...options })
  onTestFinished(async () => {
    await emulator.stop()
    // Some tests ask for routes that do not exist: those have no schema, and need none.
    expect(spec.report().violations).toEqual([])
  })
  const { world } = emulator
  const alice = world.user('Alice')
  const guild = world.guild({ name: 'Town', owner: alice })
  const channel = guild.textChannel('general')
  const bot = world.bot({ name: 'helper', ...botOptions })
  guild.addBot(bot, permissions === undefined ? {} : { permissions })
  return { emulator, world, alice, guild, channel, bot, call: caller(emulator, bot), api: apiOf(emulator, bot) }
}

/** Raw REST: what goes over the wire, nothing retried. */
export function caller(emulator: Emulator, bot: Pick<Bot, 'token'>) {
  return async (method: string, path: string, body?: unknown): Promise<Answer> => {
    const form = body instanceof FormData
    const headers = {
      Authorization: `Bot ${bot.token}`,
      ...(body === undefined || form ? {} : { 'Content-Type': 'application/json' }),
    }
    const sent = body === undefined ? {} : { body: form ? body : JSON.stringify(body) }
    const response = await fetch(`${emulator.apiUrl}/v10${path}`, { method, headers, ...sent })
    const answer = await response.text()
    return { status: response.status, headers: response.headers, body: (answer === '' ? {} : JSON.parse(answer)) as Json }
  }
}

export function restOf(emulator: Emulator, bot: Bot, options: Partial<RESTOptions> = {}): REST {
  return new REST({ version: '10', api: emulator.apiUrl, ...options }).setToken(bot.token)
}

/** The real client's view of REST. */
export function apiOf(emulator: Emulator, bot: Bot, options: Partial<RESTOptions> = {}): API {
  return new API(restOf(emulator, bot, options))
}

/** A field that should be a text. */
export function text(json: Json | undefined): string {
  return typeof json === 'string' ? json : JSON.stringify(json)
}

/** The code of the refusal that the action meets. */
export function codeOf(action: () => unknown): number | undefined {
  try {
    action()
    return undefined
  } catch (error) {
    return (error as { readonly code?: number }).code
  }
}
