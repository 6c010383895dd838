/** Posts, threads and the cosmetic calls, under rate limits and faults. */
import { MessageFlags } from 'discord-api-types/v10'
import { afterEach, describe, expect, test } from 'vitest'
import { ChatUnknown } from '../../src/base/errors.ts'
import { openWorld, outgoing, value, type Chat, type World } from './world.ts'

let world: World
let chat: Chat

afterEach(() => world.stop())

async function open(options: Parameters<typeof openWorld>[0] = {}): Promise<void> {
  world = await openWorld(options)
  chat = world.chat()
  await chat.start()
}

const CREATE = 'POST /channels/:channel/messages'
const contents = (channelId = world.channelId) => world.emulator.world.messages(channelId).map(({ content }) => content)
const requests = (route: string) =>
  world.emulator.journal.entries.flatMap((entry) =>
    entry.kind === 'request' && `${entry.method} ${entry.route}` === route ? [entry] : [],
  )

describe('a post', () => {
  test('mentions nobody but the one whom it is to ping, shows no previews and is silent unless asked', async () => {
    await open()
    value(await chat.port.post(world.channelId, outgoing(`@everyone <@${world.owner.id}> https://example.com`), 'n1'))
    value(await chat.port.post(world.channelId, outgoing('done', { notify: true }), 'n2'))
    value(await chat.port.post(world.channelId, outgoing(`@everyone <@${world.owner.id}>`, { pings: world.owner.id }), 'n3'))
    const [quiet, loud, pinging] = world.emulator.world.messages(world.channelId)
    expect(pinging).toMatchObject({ mentions: [{ id: world.owner.id }], mention_everyone: false })
    expect(quiet).toMatchObject({
      mentions: [],
      mention_everyone: false,
      flags: MessageFlags.SuppressEmbeds | MessageFlags.SuppressNotifications,
    })
    expect(loud?.flags).toBe(MessageFlags.SuppressEmbeds)
  })

  test('carries a file', async () => {
    await open()
    value(
      await chat.port.post(world.channelId, outgoing('see file', { file: { name: 'answer.md', text: '# Ünïcode 🎉\n' } }), 'n1'),
    )
    const created = world.emulator.journal.entries.findLast((entry) => entry.kind === 'message')
    expect(created).toMatchObject({ content: 'see file', attachedTexts: ['# Ünïcode 🎉\n'], nonce: 'n1' })
    expect(created?.message.attachments[0]?.filename).toBe('answer.md')
  })

  test('of components has no content, pings nobody, and is found again by its texts', async () => {
    await open()
    const row = (text: string) => ({ kind: 'text' as const, text })
    const table = {
      kind: 'container' as const,
      components: [row('**a**: @everyone'), { kind: 'separator' as const }, row('**a**: 2')],
    }
    const components = [row('Before'), { ...table, color: 0xff_00_00 }, table]
    const content = 'Before\n**a**: @everyone\n**a**: 2\n**a**: @everyone\n**a**: 2'
    value(await chat.port.post(world.channelId, outgoing(content, { components }), 'n1'))
    expect(world.emulator.world.messages(world.channelId)).toMatchObject([
      {
        content: '',
        flags: MessageFlags.SuppressEmbeds | MessageFlags.SuppressNotifications | MessageFlags.IsComponentsV2,
        mention_everyone: false,
        components: [
          { type: 10, content: 'Before' },
          { type: 17, accent_color: 0xff_00_00, components: [{ content: '**a**: @everyone' }, { type: 14 }, { type: 10 }] },
          { type: 17, accent_color: null },
        ],
      },
    ])
    expect(value(await chat.port.ownMessagesAfter(world.channelId, undefined))).toMatchObject([{ content }])
  })

  test('whose answer was lost is there once: the same nonce gives the same message', async () => {
    await open()
    world.emulator.faults.add({ route: CREATE, effect: { kind: 'reset-after' } })
    expect(await chat.port.post(world.channelId, outgoing('once'), 'same')).toMatchObject({
      name: 'ChatUnknown',
    })
    expect(requests(CREATE)).toHaveLength(1)
    const again = value(await chat.port.post(world.channelId, outgoing('once'), 'same'))
    const [message, ...more] = world.emulator.world.messages(world.channelId)
    expect([message?.id, more]).toEqual([again.messageId, []])
  })

  test('V32: of two processes with one token each can tell whose message with buttons stands', async () => {
    await open()
    const command = { ...outgoing('running'), buttons: [{ id: 'stop-shell:discord:1', label: 'Stop' }] }
    const first = value(await chat.port.post(world.channelId, command, 'same'))
    expect(first.isForeign).toBeUndefined()
    expect(value(await chat.port.post(world.channelId, command, 'same'))).toEqual(first)
    const other = world.chat()
    await other.start()
    expect(value(await other.port.post(world.channelId, command, 'same'))).toEqual({ ...first, isForeign: true })
    expect(value(await other.port.post(world.channelId, outgoing('words'), 'n'))).not.toHaveProperty('isForeign')
    const seen = [chat, other].map(async ({ port }) => value(await port.ownMessagesAfter(world.channelId, undefined))[0])
    expect(await Promise.all(seen)).toEqual([
      { id: first.messageId, content: 'running', files: 0 },
      { id: first.messageId, content: 'running', files: 0, isForeign: true },
    ])
    value(await chat.port.edit(world.channelId, first.messageId, { text: 'over', buttons: [] }))
    expect(value(await other.port.post(world.channelId, command, 'same'))).toEqual({ ...first, isForeign: true })
  })

  test.each([
    ['a 500', { kind: 'status', status: 500 } as const],
    ['an overload', { kind: 'status', status: 503, body: { message: 'overloaded', code: 130_000 } } as const],
    ["a proxy's 403", { kind: 'status', status: 403, body: 'blocked' } as const],
    ['a reset', { kind: 'reset-before' } as const],
  ])('that meets %s is tried once, with unknown outcome', async (_name, effect) => {
    await open()
    world.emulator.faults.add({ route: CREATE, effect })
    expect(await chat.port.post(world.channelId, outgoing('x'), 'n')).toBeInstanceOf(ChatUnknown)
    expect(requests(CREATE)).toHaveLength(1)
    value(await chat.port.post(world.channelId, outgoing('y'), 'm'))
    expect(contents()).toEqual(['y'])
  })

  test('to a channel that is gone, or is refused, says which', async () => {
    await open()
    const gone = world.guild.textChannel('gone')
    world.guild.deleteChannel(gone.id)
    expect(await chat.port.post(gone.id, outgoing('x'), 'a')).toMatchObject({ name: 'ChatGone', code: 10_003 })
    expect(await chat.port.post(world.channelId, outgoing('x'.repeat(2001)), 'b')).toMatchObject({
      name: 'ChatRefused',
      code: 50_035,
    })
    world.guild.setOverwrites(world.channelId, [{ id: world.bot.id, type: 'member', deny: 1n << 11n }])
    expect(await chat.port.post(world.channelId, outgoing('x'), 'c')).toMatchObject({
      name: 'ChatForbidden',
      code: 50_013,
    })
    world.guild.setOverwrites(world.channelId, [{ id: world.bot.id, type: 'member', deny: 1n << 10n }])
    expect(await chat.port.post(world.channelId, outgoing('x'), 'd')).toMatchObject({ name: 'ChatForbidden', code: 50_001 })
  })

  test('in a thread that is locked, or archived and may not be opened, waits for the place', async () => {
    await open()
    const { threadId } = value(await chat.port.startThread(world.channelId, 'locked'))
    world.guild.setOverwrites(world.channelId, [{ id: world.bot.id, type: 'member', deny: 1n << 34n }])
    world.guild.archiveThread(threadId, true, true)
    expect(await chat.port.post(threadId, outgoing('x'), 'a')).toMatchObject({ name: 'ChatForbidden' })
  })

  test('waits for rate limits, per channel and global, and all arrive in order', async () => {
    const rule = { bucket: 'message-create', limit: 2, windowMs: 300 }
    await open({ rateLimits: { routes: { [CREATE]: rule }, global: { limit: 4, windowMs: 300 } } })
    for (let n = 0; n < 7; n += 1) value(await chat.port.post(world.channelId, outgoing(`post ${n}`), `n${n}`))
    expect(contents()).toEqual([0, 1, 2, 3, 4, 5, 6].map((n) => `post ${n}`))
    expect(requests(CREATE).filter(({ status }) => status === 429)).toEqual([])
    const burst = await Promise.all([7, 8, 9].map((n) => chat.port.post(world.channelId, outgoing(`post ${n}`), `n${n}`)))
    expect(burst.map((result) => result instanceof Error)).toEqual([false, false, false])
  })

  test('waits out a 429 it could not foresee', async () => {
    await open()
    const body = { message: 'You are being rate limited.', retry_after: 1, global: false }
    const headers = { 'Retry-After': '1', 'X-RateLimit-Scope': 'shared' }
    world.emulator.faults.add({ route: CREATE, effect: { kind: 'status', status: 429, body, headers } })
    value(await chat.port.post(world.channelId, outgoing('patient'), 'n'))
    expect(contents()).toEqual(['patient'])
  })

  test('survives a 401 that is not real (L3)', async () => {
    await open()
    world.emulator.faults.add({
      route: CREATE,
      effect: { kind: 'status', status: 401, body: { message: '401: Unauthorized', code: 0 } },
    })
    expect(await chat.port.post(world.channelId, outgoing('x'), 'n')).toBeInstanceOf(ChatUnknown)
    await chat.until('the check of the token', () => requests('GET /users/@me')[0])
    value(await chat.port.post(world.channelId, outgoing('y'), 'm'))
    expect(chat.fatals).toEqual([])
  })
})

describe('a thread', () => {
  test('opens with the id of its message; opening it again is as good', async () => {
    await open()
    const message = world.owner.send(world.channelId, 'go')
    const opened = value(await chat.port.openThread(world.channelId, message.id, 'n'.repeat(120)))
    expect(opened).toEqual({ threadId: message.id })
    expect(world.emulator.world.channel(message.id)).toMatchObject({
      name: 'n'.repeat(100),
      thread_metadata: { auto_archive_duration: 1440 },
    })
    expect(value(await chat.port.openThread(world.channelId, message.id, 'n'.repeat(120)))).toEqual(opened)
  })

  test('that a person has opened from the message, or renamed since, is theirs', async () => {
    await open()
    const [hers, ours] = [world.owner.send(world.channelId, 'go'), world.owner.send(world.channelId, 'go on')]
    world.owner.startThread(world.channelId, 'go', hers.id)
    value(await chat.port.openThread(world.channelId, ours.id, 'go on'))
    world.guild.rename(ours.id, 'hers now')
    for (const [{ id }, name] of [
      [hers, 'go'],
      [ours, 'go on'],
    ] as const)
      expect(value(await chat.port.openThread(world.channelId, id, name))).toEqual({ threadId: id, isTheirs: true })
  })

  test('whose name AutoMod blocks opens under a neutral one, and is not taken for a person’s', async () => {
    await open()
    const effect = {
      kind: 'status',
      status: 400,
      body: { code: 200_001, message: 'Title was blocked by automatic moderation' },
    } as const
    const { id } = world.owner.send(world.channelId, 'go')
    world.emulator.faults.add({ route: 'POST /channels/:channel/messages/:message/threads', effect })
    expect(value(await chat.port.openThread(world.channelId, id, 'bad words'))).toEqual({ threadId: id })
    expect(world.emulator.world.channel(id)?.name).toBe('kimaki thread')
    expect(value(await chat.port.openThread(world.channelId, id, 'bad words'))).toEqual({ threadId: id })
    world.emulator.faults.add({ route: 'POST /channels/:channel/threads', effect })
    const { threadId } = value(await chat.port.startThread(world.channelId, 'bad words'))
    expect(world.emulator.world.channel(threadId)?.name).toBe('kimaki thread')
  })

  test('from a message that is gone is refused for good', async () => {
    await open()
    const message = world.owner.send(world.channelId, 'go')
    world.owner.delete(world.channelId, message.id)
    expect(await chat.port.openThread(world.channelId, message.id, 'n')).toMatchObject({
      name: 'ChatGone',
      code: 10_008,
    })
  })
})

describe('a thread without a message', () => {
  test('is public, and is found among our own: not those of others, nor older ones', async () => {
    await open()
    const older = value(await chat.port.startThread(world.channelId, 'aside')).threadId
    const before = world.owner.send(world.channelId, 'go').id
    const started = value(await chat.port.startThread(world.channelId, 'n'.repeat(120))).threadId
    const archived = value(await chat.port.startThread(world.channelId, 'quiet')).threadId
    world.guild.archiveThread(archived)
    world.owner.startThread(world.channelId, 'hers')
    expect(world.emulator.world.channel(started)).toMatchObject({ type: 11, thread_metadata: { auto_archive_duration: 1440 } })
    const found = value(await chat.port.ownThreadsAfter(world.channelId, before))
    expect(found.map(({ id }) => id).toSorted()).toEqual([started, archived].toSorted())
    expect(value(await chat.port.ownThreadsAfter(world.channelId, '0')).map(({ id }) => id)).toContain(older)
  })
})

describe('cosmetic calls', () => {
  test('type, rename and add members', async () => {
    await open()
    const thread = value(await chat.port.openThread(world.channelId, world.owner.send(world.channelId, 'go').id, 'work')).threadId
    chat.port.cosmetic.typing(thread)
    await chat.until('the thread is known', () => world.emulator.world.channel(thread))
    chat.port.cosmetic.rename(thread, 'better', ['work'])
    chat.port.cosmetic.addMember(thread, world.owner.id)
    await chat.until('the rename', () => world.emulator.world.channel(thread)?.name === 'better' || undefined)
    await chat.until('typing', () => requests('POST /channels/:channel/typing')[0])
    expect(await chat.until('the member', () => requests('PUT /channels/:channel/thread-members/:user')[0])).toMatchObject({
      status: 204,
    })
  })

  test('rename no thread that a person has named meanwhile', async () => {
    await open()
    const { id } = world.owner.send(world.channelId, 'go')
    world.owner.startThread(world.channelId, 'hers', id)
    world.owner.send(id, 'here')
    await chat.until('the thread is known', () => chat.messages().find(({ channelId }) => channelId === id))
    chat.port.cosmetic.rename(id, 'ours', ['go', 'go on'])
    chat.port.cosmetic.typing(id)
    await chat.until('typing', () => requests('POST /channels/:channel/typing')[0])
    expect(requests('PATCH /channels/:channel')).toEqual([])
  })

  test('never wait: over the limit they are left out, while posts go through', async () => {
    const typing = { bucket: 'typing', limit: 2, windowMs: 60_000 }
    await open({ rateLimits: { routes: { 'POST /channels/:channel/typing': typing }, rename: { limit: 2, windowMs: 600_000 } } })
    const left = (what: string) => chat.lines.filter((line) => line.startsWith(`${what} left out`))
    for (let n = 1; n <= 4; n += 1) {
      chat.port.cosmetic.typing(world.channelId)
      await chat.until(
        `typing ${n}`,
        () => requests('POST /channels/:channel/typing').length + left('typing').length >= n || undefined,
      )
    }
    for (let n = 1; n <= 5; n += 1) {
      chat.port.cosmetic.rename(world.channelId, `name-${n}`)
      await chat.until(
        `rename ${n}`,
        () =>
          requests('PATCH /channels/:channel').filter(({ status }) => status === 200).length + left('rename').length >= n ||
          undefined,
      )
    }
    expect(left('typing')).toHaveLength(2)
    expect(left('rename')).toHaveLength(3)
    expect(requests('PATCH /channels/:channel').map(({ status }) => status)).toEqual([200, 200, 429])
    value(await chat.port.post(world.channelId, outgoing('unhindered'), 'n'))
    expect(world.emulator.world.channel(world.channelId)?.name).toBe('name-2')
  })

  test('fail quietly', async () => {
    await open()
    world.emulator.faults.add({ route: '*', times: 2, effect: { kind: 'status', status: 500 } })
    chat.port.cosmetic.typing(world.channelId)
    chat.port.cosmetic.rename('1', 'x')
    const line = await chat.until('two lines', () => chat.lines.filter((line) => line.includes('left out'))[1])
    expect(line).toContain('Discord answered 500')
  })
})
