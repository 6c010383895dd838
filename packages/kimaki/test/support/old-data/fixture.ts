/**
 * The recorded data folder: what of it is kept, and where.
 *
 * It was written by the bot of b1cd8ee, the last one whose state was one flat record: the real bot, the real OpenCode and the emulator were
 * led into a state in which as much as possible was under way, in ten threads; then the bot was killed with SIGKILL. Kept are its database
 * and OpenCode's as SQL, Discord's messages, and what that bot's own store made of its rows. It cannot be recorded again by a newer bot.
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { ModelEntry } from 'checker'
import type { StorePort } from '../../../src/ports/store.ts'

export type Kept = 'kimaki.sql' | 'opencode.sql' | 'world.json' | 'expected.json'

/** What stands in the kept files instead of what differs from run to run. The OpenCode server on record has a pid that no machine gives out. */
export const HOUSE = '/home/ada/house'
export const ADDRESS = '127.0.0.1:1'

/** What Discord held when the bot was killed, and what the model had been asked. */
export interface RecordedWorld {
  /** First commit of the project: OpenCode's name for it. */
  readonly commit: string
  readonly guild: string
  readonly owner: string
  readonly bot: string
  readonly application: string
  readonly channel: string
  /** Ids of the threads the tests speak of (`unopened`: of the message it is to be opened from). */
  readonly places: Readonly<Record<Place, string>>
  readonly threads: readonly { readonly id: string; readonly name: string }[]
  /** In order of their ids. */
  readonly messages: readonly RecordedMessage[]
  readonly asked: readonly ModelEntry[]
}

export type Place = 'done' | 'named' | 'overtaken' | 'busy' | 'source' | 'aside' | 'limited' | 'waiting' | 'asking' | 'unopened'

/** In its last form. */
export interface RecordedMessage {
  readonly id: string
  readonly channel: string
  /** `starter`: Discord's own message at the head of a thread. */
  readonly by: 'person' | 'bot' | 'starter'
  readonly content: string
  readonly components?: readonly unknown[]
}

/** What the store of the recorded bot made of its own rows. */
export interface Expected {
  readonly conversations: Readonly<Record<string, Loaded>>
  readonly open: readonly string[]
  readonly cursors: Readonly<Record<string, string>>
}

export interface Loaded {
  /** `null`: undefined. */
  readonly state: Readonly<Record<string, unknown>>
  readonly inbox: readonly unknown[]
  readonly effects: readonly unknown[]
}

const fileOf = (name: Kept): string => fileURLToPath(new URL(`kept/${name}`, import.meta.url))
export const read = (name: Kept): string => readFileSync(fileOf(name), 'utf8')
export const recordedWorld = (): RecordedWorld => JSON.parse(read('world.json')) as RecordedWorld
/** Without what nobody ever read: whether an author was a bot, and their roles. */
export const expected = (): Expected =>
  JSON.parse(read('expected.json'), (key, value: unknown) =>
    key === 'authorIsBot' || key === 'roleIds' ? undefined : value,
  ) as Expected

/** As JSON can hold it: sets as sorted lists. */
export const plain = (value: unknown): unknown =>
  value === undefined
    ? null
    : JSON.parse(JSON.stringify(value, (_key, held: unknown) => (held instanceof Set ? [...held].map(String).toSorted() : held)))

export async function everythingIn(store: StorePort, conversations: readonly string[]): Promise<Expected> {
  const loaded = await Promise.all(
    conversations.map(async (id) => {
      const { state, inbox, effects } = await store.load(id)
      const fields = Object.entries(state ?? {}).map(([name, value]) => [name, plain(value)])
      return [id, { state: Object.fromEntries(fields), inbox: plain(inbox), effects: plain(effects) }]
    }),
  )
  return {
    conversations: Object.fromEntries(loaded) as Expected['conversations'],
    open: (await store.openConversations()).toSorted(),
    cursors: Object.fromEntries(await store.cursors()),
  }
}
