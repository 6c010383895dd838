/** Reading the past over REST. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openWorld, outgoing, value, type Chat, type World } from './world.ts'

let world: World
let chat: Chat

beforeEach(async () => {
  world = await openWorld()
  chat = world.chat()
})

afterEach(() => world.stop())

describe('readAfter', () => {
  test('pages through 250 messages, oldest first, each once', async () => {
    const start = world.owner.send(world.channelId, 'already known')
    const sent = Array.from({ length: 250 }, (_, n) => world.owner.send(world.channelId, `message ${n}`))
    await chat.start()
    const texts: string[] = []
    const pages: number[] = []
    for (let after = start.id, more = true; more;) {
      const page = value(await chat.port.readAfter(world.channelId, after))
      texts.push(...page.messages.map(({ message }) => message.text))
      pages.push(page.messages.length)
      after = page.lastId ?? after
      more = page.more
      if (!more) expect(after).toBe(sent.at(-1)?.id)
    }
    expect(texts).toEqual(sent.map(({ content }) => content))
    expect(pages).toEqual([100, 100, 50])
  })

  test('sees messages as the gateway shows them, and asks who the author is now', async () => {
    const role = world.guild.role({ name: 'Kimaki' })
    const ben = world.emulator.world.user('Ben')
    const gone = world.emulator.world.user('Gone')
    world.guild.join(ben, [role.id])
    world.guild.join(gone)
    await chat.start()
    const first = world.owner.send(world.channelId, 'question')
    const thread = world.owner.startThread(world.channelId, 'work', first.id)
    ben.send(thread.id, `<@${world.bot.id}> <#${world.channelId}>`, {
      files: [{ name: 'a.png', contentType: 'image/png', data: 'x' }],
    })
    gone.send(thread.id, 'bye')
    await chat.until('live', () => chat.events.find(({ kind }) => kind === 'unheard'))
    world.guild.leave(gone.id)

    const page = value(await chat.port.readAfter(thread.id, '0'))
    const [live] = chat.messages().slice(1)
    const [read, left] = page.messages
    expect({ ...read?.message, attachments: [] }).toEqual({ ...live, attachments: [] })
    expect(read?.message.attachments[0]).toMatchObject({ name: 'a.png', contentType: 'image/png' })
    expect(read?.access.memberRoleIds).toEqual([role.id])
    expect([left?.message.text, left?.access.memberRoleIds]).toEqual(['bye', undefined])
    expect(page.more).toBe(false)
  })

  test('leaves out what the gateway would, but counts it', async () => {
    await chat.start()
    value(await chat.port.post(world.channelId, outgoing('ours'), 'n1'))
    const own = value(await chat.port.post(world.channelId, outgoing('ours too'), 'n2'))
    expect(value(await chat.port.readAfter(world.channelId, '0'))).toEqual({ messages: [], lastId: own.messageId, more: false })
    expect(value(await chat.port.readAfter(world.channelId, own.messageId))).toEqual({
      messages: [],
      lastId: undefined,
      more: false,
    })
  })

  test('of a channel that is gone says so', async () => {
    await chat.start()
    const other = world.guild.textChannel('short-lived')
    world.guild.deleteChannel(other.id)
    expect(await chat.port.readAfter(other.id, '0')).toMatchObject({ name: 'ChatGone', code: 10_003 })
  })

  test('gets over a 500 and a lost connection', async () => {
    world.owner.send(world.channelId, 'one')
    await chat.start()
    const route = 'GET /channels/:channel/messages'
    world.emulator.faults.add({ route, effect: { kind: 'status', status: 503 } })
    world.emulator.faults.add({ route, effect: { kind: 'reset-before' } })
    expect(value(await chat.port.readAfter(world.channelId, '0')).messages).toHaveLength(1)
  })

  test('waits for rate limits', async () => {
    await world.stop()
    world = await openWorld({ rateLimits: { other: { limit: 2, windowMs: 400 } } })
    chat = world.chat()
    world.owner.send(world.channelId, 'one')
    await chat.start()
    const pages = await Promise.all(Array.from({ length: 5 }, () => chat.port.readAfter(world.channelId, '0')))
    expect(pages.map((page) => value(page).messages.length)).toEqual([1, 1, 1, 1, 1])
  })
})

describe('threadsSince', () => {
  test('finds active threads, and archived ones that have news', async () => {
    const thread = (text: string) => world.owner.startThread(world.channelId, text, world.owner.send(world.channelId, text).id)
    const quiet = thread('archived, quiet')
    world.owner.send(quiet.id, 'old news')
    world.guild.archiveThread(quiet.id)
    const busy = thread('archived, busy')
    const since = world.owner.send(world.channelId, 'the bot saw this last').id
    world.owner.send(busy.id, 'news')
    world.guild.archiveThread(busy.id)
    const active = thread('active')
    const other = world.guild.textChannel('elsewhere')
    world.owner.startThread(other.id, 'not ours', world.owner.send(other.id, 'x').id)
    await chat.start()
    const found = value(await chat.port.threadsSince([world.channelId], () => since))
    expect(found.toSorted((a, b) => a.id.localeCompare(b.id))).toEqual([
      { id: busy.id, parentId: world.channelId },
      { id: active.id, parentId: world.channelId },
    ])
  })

  test('pages through many archived ones and stops where there is no news', async () => {
    const since = world.owner.send(world.channelId, 'seen').id
    const ids = Array.from({ length: 130 }, (_, n) => {
      const thread = world.owner.startThread(world.channelId, `t${n}`, world.owner.send(world.channelId, `m${n}`).id)
      world.owner.send(thread.id, 'news')
      world.guild.archiveThread(thread.id)
      return thread.id
    })
    await chat.start()
    const found = value(await chat.port.threadsSince([world.channelId], () => since))
    expect(found.map(({ id }) => id).toSorted()).toEqual(ids.toSorted())
    const now = world.owner.send(world.channelId, 'later').id
    expect(value(await chat.port.threadsSince([world.channelId], () => now))).toEqual([])
    const pages = world.emulator.journal.entries.filter(
      (entry) => entry.kind === 'request' && entry.route.endsWith('/threads/archived/public'),
    )
    expect(pages).toHaveLength(3)
  })

  test('skips a channel that is gone', async () => {
    const gone = world.guild.textChannel('gone')
    world.guild.deleteChannel(gone.id)
    const thread = world.owner.startThread(world.channelId, 'here', world.owner.send(world.channelId, 'x').id)
    await chat.start()
    expect(value(await chat.port.threadsSince([gone.id, world.channelId], () => '0'))).toEqual([
      { id: thread.id, parentId: world.channelId },
    ])
  })
})

describe('ownMessagesAfter', () => {
  test('finds our own posts only, oldest first, over several pages', async () => {
    await chat.start()
    const thread = world.owner.startThread(world.channelId, 'work', world.owner.send(world.channelId, 'go').id)
    const first = value(await chat.port.post(thread.id, outgoing('a'), 'a'))
    for (let n = 0; n < 120; n += 1) world.owner.send(thread.id, `talk ${n}`)
    const second = value(await chat.port.post(thread.id, outgoing('b'), 'b'))
    const all = [
      { id: first.messageId, content: 'a', files: 0 },
      { id: second.messageId, content: 'b', files: 0 },
    ]
    expect(value(await chat.port.ownMessagesAfter(thread.id, undefined))).toEqual(all)
    expect(value(await chat.port.ownMessagesAfter(thread.id, first.messageId))).toEqual(all.slice(1))
  })
})

describe('accessOf', () => {
  test('says what a member may do now', async () => {
    const role = world.guild.role({ name: 'Kimaki' })
    const ben = world.emulator.world.user('Ben')
    world.guild.join(ben)
    await chat.start()
    expect(value(await chat.port.accessOf(world.guild.id, ben.id))).toMatchObject({
      memberRoleIds: [],
      ownerId: world.owner.id,
      isBot: false,
    })
    world.guild.setRoles(ben.id, [role.id])
    expect(value(await chat.port.accessOf(world.guild.id, ben.id)).memberRoleIds).toEqual([role.id])
    world.guild.leave(ben.id)
    expect(value(await chat.port.accessOf(world.guild.id, ben.id)).memberRoleIds).toBeUndefined()
  })
})
