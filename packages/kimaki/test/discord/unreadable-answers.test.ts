/** Answers of Discord's routes, recorded from the emulator, with fields gone or of another kind: whoever asked gets a value, no throw. */
import { assert, asyncProperty } from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { ChatGone, ChatUnknown, Unreadable } from '../../src/base/errors.ts'
import { Identity } from '../../src/discord/gateway/identity.ts'
import { accessOf } from '../../src/discord/inbound/access.ts'
import { createCache } from '../../src/discord/inbound/cache.ts'
import { createFetchMissing } from '../../src/discord/inbound/fetch-missing.ts'
import { newestIn, readAfter } from '../../src/discord/inbound/history.ts'
import { Members } from '../../src/discord/inbound/members.ts'
import { threadStarter } from '../../src/discord/inbound/starter.ts'
import { ownThreadsAfter, threadsSince } from '../../src/discord/inbound/thread-list.ts'
import { inspect } from '../../src/discord/inspect.ts'
import { Marks } from '../../src/discord/outbound/mark.ts'
import { registerCommands } from '../../src/discord/outbound/commands.ts'
import { downloadAttachment } from '../../src/discord/outbound/files.ts'
import { ownMessagesAfter, postMessage } from '../../src/discord/outbound/post.ts'
import { openThread, startThread } from '../../src/discord/outbound/threads.ts'
import type { Rest } from '../../src/discord/rest/rest.ts'
import type { Reader } from '../../src/discord/wire/shape.ts'
import { badFrames, changed, pathsIn, type Mutation } from './unreadable.ts'
import { openWorld, outgoing, value } from './world.ts'

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 200)

interface Recording {
  /** By route, ids left out. */
  readonly answers: ReadonlyMap<string, unknown>
  readonly ids: Readonly<Record<'guild' | 'channel' | 'message' | 'thread' | 'bot' | 'owner', string>>
}

/** Nobody remembers. */
const own = { names: [], keep: async () => undefined }

let recording: Recording

beforeAll(async () => {
  const world = await openWorld()
  const { guild, owner, channelId, bot, emulator } = world
  const chat = world.chat()
  await chat.start()
  await chat.port.registerCommands(guild.id, [{ name: 'abort', description: 'Stop', options: [] }], own)
  const files = [{ name: 'a.txt', contentType: 'text/plain', data: 'x' }]
  const message = owner.send(channelId, `hello <@${bot.id}>`, { files })
  owner.send(channelId, 'about that', { replyTo: message.id })
  const thread = owner.startThread(channelId, 'work', message.id)
  const button = { ...outgoing('press'), buttons: [{ id: 'stop:x', label: 'Stop' }] }
  value(await chat.port.post(channelId, button, 'n1'))
  const old = owner.startThread(channelId, 'old', owner.send(channelId, 'old').id)
  guild.archiveThread(old.id)
  const ids = { guild: guild.id, channel: channelId, message: message.id, thread: thread.id, bot: bot.id, owner: owner.id }
  const answers = new Map<string, unknown>()
  const routes = [
    `/channels/${channelId}`,
    `/channels/${channelId}/messages`,
    `/channels/${channelId}/messages/${message.id}`,
    `/channels/${channelId}/threads/archived/public`,
    `/guilds/${guild.id}`,
    `/guilds/${guild.id}/channels`,
    `/guilds/${guild.id}/threads/active`,
    `/guilds/${guild.id}/members/${owner.id}`,
    '/users/@me',
    '/users/@me/guilds',
    '/applications/@me',
    `/applications/${bot.applicationId}/guilds/${guild.id}/commands`,
    '/gateway/bot',
  ]
  for (const route of routes) {
    const answer = await fetch(`${emulator.apiUrl}/v10${route}`, { headers: { authorization: `Bot ${bot.token}` } })
    expect([route, answer.status]).toEqual([route, 200])
    answers.set(shapeOf(route), await answer.json())
  }
  await world.stop()
  recording = { answers, ids }
})

const shapeOf = (route: string): string => route.replaceAll(/\d{5,}/g, ':id')

/** What a POST answers is what a GET of the new thing does. */
const CREATED: Readonly<Record<string, string>> = {
  '/channels/:id/messages': '/channels/:id/messages/:id',
  '/channels/:id/messages/:id/threads': '/channels/:id',
  '/channels/:id/threads': '/channels/:id',
  '/applications/:id/guilds/:id/commands': '/applications/:id/guilds/:id/commands',
}

/** The one rule of the real class that counts here: an answer is handed on as the reader reads it, or as an error. */
function restOf({ answers }: Recording, mutations: readonly Mutation[]): Rest & { readonly asked: number; unreadable: number } {
  const left = [...mutations]
  const answer = (method: string, route: string): unknown => {
    let body = answers.get(method === 'POST' ? (CREATED[shapeOf(route)] ?? '') : shapeOf(route))
    if (body === undefined) return new ChatGone({ code: 10_003, reason: `${method} ${route}` })
    // Two of three answers are as they were, so that what asks twice comes to its second question.
    const mutation = rest.asked % 3 === 0 ? left.shift() : undefined
    rest.asked += 1
    if (mutation) body = changed(body, pathsIn(body)[mutation.where % pathsIn(body).length] ?? [], mutation.to)
    return JSON.parse(JSON.stringify(body ?? null))
  }
  const rest = {
    asked: 0,
    unreadable: 0,
    stopping: new AbortController().signal,
    clean: (words: string): string => words,
    async call<T>({ method, route }: { readonly method: string; readonly route: string }, reader: Reader<T>) {
      const answered = answer(method, route)
      if (answered instanceof Error) return answered
      const known = reader(answered)
      if (!(known instanceof Unreadable)) return known
      rest.unreadable += 1
      return new ChatUnknown({ reason: known.message })
    },
    read: async <T>(route: string, reader: Reader<T>) => rest.call({ method: 'GET', route }, reader),
  }
  return rest as never
}

/** All that is asked of Discord's REST API whose answer is looked at. */
function questions(rest: Rest, { ids }: Recording): readonly (() => Promise<unknown>)[] {
  const { guild, channel, message, thread, bot, owner } = ids
  const quiet = () => undefined
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet }
  const cache = createCache()
  const facts = createFetchMissing(rest, cache)
  const members = new Members(rest)
  const guildsArrived = async () => undefined
  const marks = new Marks('token')
  const past = { rest, cache, facts, members, log, botUserId: () => bot, isProjectChannel: () => true, guildsArrived, marks }
  const posting = { rest, writer: 'w' }
  const attachment = { id: '99999', name: 'a.txt', url: 'https://elsewhere.example/a', contentType: 'text/plain', size: 1 }
  const wanted = { channelId: channel, messageId: message, attachment, limitBytes: 10 }
  const declared = { name: 'abort', description: 'Stop', options: [] }
  return [
    () => inspect({ rest, facts, members, botUserId: () => bot }, channel),
    () => newestIn(rest, channel),
    () => readAfter(past, channel, '0'),
    () => threadsSince(past, [channel], () => '0'),
    () => ownThreadsAfter(past, { channelId: channel, botUserId: bot, afterId: '0' }),
    () => threadStarter({ rest, cache, facts }, channel, message),
    () => accessOf({ facts, members }, guild, owner),
    () => members.fresh(guild, owner),
    () => facts.answers(),
    () => postMessage(posting, channel, { ...outgoing('x'), buttons: [{ id: 'stop:x', label: 'Stop' }] }, 'n'),
    () => ownMessagesAfter(posting, { channelId: channel, botUserId: bot, afterId: '0' }),
    () => openThread(rest, { channelId: channel, messageId: message, name: 'x', botUserId: bot }),
    () => startThread(rest, channel, 'x'),
    () => downloadAttachment(rest, [], wanted),
    () => registerCommands(rest, { applicationId: thread, guildId: guild }, [declared], own),
    () => new Identity(rest).fetch(async (route, reader) => (await rest.read(route, reader)) as never),
  ]
}

test('as they were recorded, all answers can be read', async () => {
  const rest = restOf(recording, [])
  for (const ask of questions(rest, recording)) expect(await ask()).not.toBeInstanceOf(ChatGone)
  expect(rest).toMatchObject({ unreadable: 0 })
  expect(rest.asked).toBeGreaterThan(20)
})

test('whatever Discord changes in what it answers, nothing throws', async () => {
  let unreadable = 0
  await assert(
    asyncProperty(badFrames, async (frames) => {
      for (const { which, mutations } of frames) {
        const rest = restOf(recording, mutations)
        const asking = questions(rest, recording)
        await asking[which % asking.length]?.()
        unreadable += rest.unreadable
      }
    }),
    { numRuns: RUNS },
  )
  expect(unreadable).toBeGreaterThan(RUNS / 10)
})
