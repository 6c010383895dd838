/** Where a check happens: a guild with two people, a client that is logged in, and what it has heard. */
import type { Bot, Emulator, EmulatorOptions, Guild, Person } from '../../src/index.ts'
import type { Connect, ContractClient, Heard, KeptSession, Question, Seen } from './client.ts'

export type Start = (options: EmulatorOptions) => Promise<Emulator>

export interface Visit {
  readonly client: ContractClient
  /** The first thing heard that fits; it counts as looked at, so that the next look finds the next one. */
  hears<K extends Heard['kind']>(
    kind: K,
    fits?: (heard: Extract<Heard, { kind: K }>) => boolean,
  ): Promise<Extract<Heard, { kind: K }>>
  asked(): Promise<Question>
  /** Messages heard so far, in their order. */
  messages(): readonly Seen[]
  /** Resolves when it holds; looked at again after everything that is heard, and now and then. */
  until(what: string, holds: () => boolean): Promise<void>
}

export interface House extends Visit {
  readonly emulator: Emulator
  readonly ada: Person
  readonly ben: Person
  readonly guild: Guild
  readonly channelId: string
  readonly bot: Bot
  /** Another client of the same bot: the first one after a restart. */
  again(session?: KeptSession): Promise<Visit>
  /** A client with a token that is nobody's. */
  stranger(): Promise<void>
}

export interface Setting {
  readonly start: Start
  readonly connect: Connect
  readonly options: EmulatorOptions
  /** How long a check waits for what it expects, ms. */
  readonly patience: number
}

export async function withHouse(setting: Setting, act: (house: House) => Promise<void>): Promise<void> {
  const emulator = await setting.start({ rateLimits: false, seed: 4, ...setting.options })
  const { world } = emulator
  const [ada, ben] = [world.user('ada'), world.user('ben')]
  const guild = world.guild({ name: 'Workshop', owner: ada })
  guild.join(ben)
  const { id: channelId } = guild.textChannel('general')
  const bot = world.bot({ name: 'helper', guildMembersIntent: true })
  guild.addBot(bot)
  const clients: ContractClient[] = []
  const visit = async (session?: KeptSession) => {
    const heard: Heard[] = []
    const client = setting.connect(emulator, bot, (one) => void heard.push(one))
    clients.push(client)
    await within(setting.patience, 'the client is ready', client.connect(session))
    return createVisit(client, heard, setting.patience)
  }
  try {
    const stranger = async () => {
      const client = setting.connect(emulator, { ...bot, token: `${bot.token}x` }, () => undefined)
      clients.push(client)
      await client.connect()
    }
    await act({ ...(await visit()), emulator, ada, ben, guild, channelId, bot, again: visit, stranger })
  } finally {
    await Promise.all(clients.map((client) => client.stop()))
    await emulator.stop()
  }
}

function createVisit(client: ContractClient, heard: readonly Heard[], patience: number): Visit {
  const looked = new Set<Heard>()
  const until = (what: string, holds: () => boolean) => within(patience, what, poll(holds, patience))
  const hears: Visit['hears'] = async (kind, fits = () => true) => {
    type Wanted = Extract<Heard, { kind: typeof kind }>
    const find = () => heard.find((one): one is Wanted => one.kind === kind && !looked.has(one) && fits(one as Wanted))
    await until(`"${kind}" is heard`, () => find() !== undefined)
    const found = find() as Wanted
    looked.add(found)
    return found
  }
  return {
    client,
    hears,
    until,
    asked: async () => (await hears('asked')).question,
    messages: () => heard.flatMap((one) => (one.kind === 'message' ? [one.message] : [])),
  }
}

async function poll(holds: () => boolean, patience: number): Promise<void> {
  const end = performance.now() + patience
  while (!holds() && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 2))
  if (!holds()) throw new Error('it did not come to be')
}

async function within<T>(ms: number, what: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`Waited ${ms} ms: ${what}`)), ms + 50)
  })
  try {
    return await Promise.race([promise, late])
  } catch (error) {
    throw new Error(`${what}: ${String(error)}`, { cause: error })
  } finally {
    clearTimeout(timer)
  }
}
