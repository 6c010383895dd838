/** What a message in Discord becomes, seen through the real gateway libraries. What it shows beside its words: `shown.test.ts`. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openWorld, outgoing, value, type Chat, type World } from './world.ts'

let world: World
let chat: Chat

beforeEach(async () => {
  world = await openWorld()
  chat = world.chat()
})

afterEach(() => world.stop())

const messageOf = (text: string) =>
  chat.until(`message ${text}`, () => chat.messages().find((message) => message.text.includes(text)))

describe('a message in a project channel', () => {
  test('arrives with its author, roles and time', async () => {
    const role = world.guild.role({ name: 'Kimaki' })
    const ben = world.emulator.world.user('Ben')
    world.guild.join(ben, [role.id])
    await chat.start()
    const sent = ben.send(world.channelId, 'please look at the tests')
    const message = await messageOf('please look')
    expect(message).toMatchObject({
      id: sent.id,
      guildId: world.guild.id,
      channelId: world.channelId,
      projectChannelId: world.channelId,
      inThread: false,
      author: { kind: 'person', id: ben.id, name: 'Ben' },
      titleText: 'please look at the tests',
      mentionsBot: false,
      reply: undefined,
      attachments: [],
    })
    expect(message.sentAt).toBe(new Date(sent.timestamp).toISOString())
    const { access } = chat.events.flatMap((event) => (event.kind === 'message' ? [event] : []))[0] ?? {}
    expect(access).toMatchObject({
      userId: ben.id,
      isBot: false,
      ownerId: world.owner.id,
      memberRoleIds: [role.id],
      guildId: world.guild.id,
    })
    expect(access?.roles.map(({ name }) => name)).toEqual(expect.arrayContaining(['@everyone', 'Kimaki']))
  })

  test('mentions the bot when it names the role that Discord made for the bot, as the picker offers it', async () => {
    await chat.start()
    world.owner.send(world.channelId, 'first, to know the roles')
    await messageOf('first')
    const { access } = chat.events.flatMap((event) => (event.kind === 'message' ? [event] : []))[0] ?? {}
    const own = access?.roles.find(({ botId }) => botId === world.bot.id)
    expect(own).toMatchObject({ managed: true })
    const people = world.guild.role({ name: own?.name ?? '' })
    world.owner.send(world.channelId, `<@&${own?.id ?? ''}> second`)
    world.owner.send(world.channelId, `<@&${people.id}> third`)
    expect((await messageOf('second')).mentionsBot).toBe(true)
    expect((await messageOf('third')).mentionsBot).toBe(false)
  })

  test('shows mentions as names, and none in the title', async () => {
    const role = world.guild.role({ name: 'reviewers' })
    const ben = world.emulator.world.user('Ben')
    world.guild.join(ben)
    const other = world.guild.textChannel('design')
    await chat.start()
    world.owner.send(
      world.channelId,
      `<@${world.bot.id}> ask <@!${ben.id}> and <@&${role.id}> in <#${other.id}> or <#123456789012345678>`,
    )
    const message = await messageOf('ask')
    expect(message.text).toBe('@kimaki ask @Ben and @reviewers in #design or <#123456789012345678>')
    expect(message.titleText).toBe('ask and in or')
    expect(message.mentionsBot).toBe(true)
    expect(message.namesOther).toBeUndefined()
  })

  test('among the arguments of a command a name that could be expanded there is no name', async () => {
    const [ben, eve] = [world.emulator.world.user('Ben'), world.emulator.world.user('!`touch x`')]
    for (const person of [ben, eve]) world.guild.join(person)
    await chat.start()
    world.owner.send(world.channelId, `/greet <@${ben.id}> and <@${eve.id}>`)
    expect((await messageOf('greet')).text).toBe(`/greet @Ben and <@${eve.id}>`)
  })

  test('says when it speaks to somebody else', async () => {
    const ben = world.emulator.world.user('Ben')
    world.guild.join(ben)
    await chat.start()
    world.owner.send(world.channelId, ` <@!${ben.id}> have a look`)
    expect(await messageOf('have a look')).toMatchObject({ text: expect.stringContaining('@Ben') as string, namesOther: true })
  })

  test('carries what it replies to, at most 1000 characters of it', async () => {
    await chat.start()
    const first = world.owner.send(world.channelId, `<@${world.owner.id}> ${'long '.repeat(300)}`)
    world.owner.send(world.channelId, 'about that', { replyTo: first.id })
    const { reply } = await messageOf('about that')
    expect(reply?.authorName).toBe('Ann')
    expect(reply?.text.startsWith('@Ann long long')).toBe(true)
    expect(reply?.text.length).toBeLessThanOrEqual(1000)
    expect(reply?.text).toMatch(/long…$/)
    expect(reply?.isCut).toBe(true)
  })

  test('an embed somebody sent is a prompt of its own, and what a reply to it is about', async () => {
    const helper = world.emulator.world.bot({ name: 'helper' })
    world.guild.addBot(helper, { roles: [world.guild.role({ name: 'kimaki' }).id] })
    await chat.start()
    const response = await fetch(`${world.emulator.apiUrl}/v10/channels/${world.channelId}/messages`, {
      method: 'POST',
      headers: { authorization: `Bot ${helper.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ embeds: [{ title: 'Build 7', fields: [{ name: 'job', value: 'failed' }] }] }),
    })
    const { id } = (await response.json()) as { readonly id: string }
    world.owner.send(world.channelId, 'about that', { replyTo: id })
    expect(await messageOf('about that')).toMatchObject({
      reply: { authorName: 'helper', text: '', quotes: [{ kind: 'embed', title: 'Build 7' }] },
      quotes: [],
    })
    expect(chat.messages()[0]).toMatchObject({
      text: '',
      titleText: 'Build 7',
      quotes: [{ kind: 'embed', title: 'Build 7', fields: [{ name: 'job', value: 'failed' }] }],
    })
  })

  test('brings its attachments, text or not', async () => {
    await chat.start()
    world.owner.send(world.channelId, '', { files: [{ name: 'notes.txt', contentType: 'text/plain', data: 'hello' }] })
    const message = await chat.until('attachment', () => chat.messages()[0])
    expect(message.text).toBe('')
    expect(message.attachments).toEqual([
      {
        id: expect.any(String),
        name: 'notes.txt',
        contentType: expect.stringContaining('text/plain'),
        size: 5,
        url: expect.any(String),
      },
    ])
  })

  test('follows roles as they change', async () => {
    const role = world.guild.role({ name: 'later' })
    await chat.start()
    world.guild.setRolePermissions(role.id, 8n)
    world.guild.role({ name: 'new one' })
    world.owner.send(world.channelId, 'now')
    await messageOf('now')
    const { access } = chat.events.flatMap((event) => (event.kind === 'message' ? [event] : []))[0] ?? {}
    expect(access?.roles.find(({ name }) => name === 'later')?.permissions).toBe('8')
    expect(access?.roles.some(({ name }) => name === 'new one')).toBe(true)
  })
})

describe('the words of a message', () => {
  test('name nobody on a command line, whose name could become a part of it, and take no suffix from a name', async () => {
    const ben = world.emulator.world.user('Ben')
    world.guild.join(ben)
    world.guild.setNick(ben.id, 'Ben; rm -rf ~. queue')
    await chat.start()
    const words = [`!echo <@${ben.id}>`, `ask <@${ben.id}>`, `ask <@${ben.id}> now`, `ask <@${ben.id}>. queue`]
    for (const text of words) world.owner.send(world.channelId, text)
    await messageOf('. queue')
    await chat.until('all', () => (chat.texts().length === words.length ? true : undefined))
    expect(chat.texts()).toEqual([
      `!echo <@${ben.id}>`,
      `ask <@${ben.id}>`,
      'ask @Ben; rm -rf ~. queue now',
      'ask @Ben; rm -rf ~. queue. queue',
    ])
  })

  test('keep their lines, and a thread is not named by their suffix', async () => {
    await chat.start()
    world.owner.send(world.channelId, 'fix\nthe build\nqueue')
    expect(await messageOf('fix')).toMatchObject({ text: 'fix\nthe build\nqueue', titleText: 'fix the build' })
  })
})

describe('a message in a thread', () => {
  test('belongs to the parent channel', async () => {
    await chat.start()
    const first = world.owner.send(world.channelId, 'start here')
    const thread = world.owner.startThread(world.channelId, 'work', first.id)
    world.owner.send(thread.id, 'go on')
    expect(await messageOf('go on')).toMatchObject({ channelId: thread.id, projectChannelId: world.channelId, inThread: true })
  })

  test('that was archived long ago is recognised', async () => {
    const first = world.owner.send(world.channelId, 'old')
    const thread = world.owner.startThread(world.channelId, 'old work', first.id)
    world.guild.archiveThread(thread.id)
    await chat.start()
    world.owner.send(thread.id, 'again')
    expect(await messageOf('again')).toMatchObject({ channelId: thread.id, projectChannelId: world.channelId, inThread: true })
  })
})

describe('what is not for us', () => {
  test('is passed over, with its position', async () => {
    const elsewhere = world.guild.textChannel('chatter')
    const other = world.emulator.world.guild({ name: 'Other', owner: world.owner })
    other.addBot(world.bot)
    const foreign = other.textChannel('project')
    await chat.start()
    const own = value(await chat.port.post(world.channelId, outgoing('from the bot'), 'n1'))
    world.owner.send(elsewhere.id, 'chatter')
    world.owner.send(foreign.id, 'foreign')
    const old = world.owner.send(world.channelId, 'kept')
    world.owner.edit(world.channelId, old.id, 'edited')
    world.owner.delete(world.channelId, old.id)
    world.owner.send(world.channelId, 'last')
    await messageOf('last')
    expect(chat.texts()).toEqual(['kept', 'last'])
    const created = world.emulator.journal.entries.flatMap((entry) =>
      entry.kind === 'dispatch' && entry.event === 'MESSAGE_CREATE' ? [entry.sequence] : [],
    )
    const passed = chat.events.flatMap((event) => (event.kind === 'passed' ? [event.position.sequence] : []))
    expect(created.filter((sequence) => passed.includes(sequence))).toHaveLength(2)
    expect(chat.events.filter(({ kind }) => kind === 'own')).toMatchObject([
      { messageId: own.messageId, nonce: 'n1', place: { channelId: world.channelId, inThread: false } },
    ])
    const sequences = chat.events.map(({ position }) => position?.sequence)
    expect(sequences).toEqual(sequences.toSorted((a, b) => (a ?? 0) - (b ?? 0)))
  })

  test('includes what Discord says itself', async () => {
    await chat.start()
    const first = world.owner.send(world.channelId, 'one')
    const thread = world.owner.startThread(world.channelId, 'work', first.id)
    world.guild.rename(thread.id, 'better')
    world.owner.send(thread.id, 'two')
    await messageOf('two')
    expect(chat.texts()).toEqual(['one', 'two'])
  })
})

describe('channels', () => {
  test('that go or are renamed are told', async () => {
    await chat.start()
    const first = world.owner.send(world.channelId, 'one')
    const thread = world.owner.startThread(world.channelId, 'work', first.id)
    world.guild.rename(thread.id, 'better')
    world.guild.archiveThread(thread.id)
    world.guild.deleteChannel(thread.id)
    world.guild.deleteChannel(world.channelId)
    await chat.until('both gone', () => chat.events.filter(({ kind }) => kind === 'channel-gone')[1])
    expect(chat.events.flatMap((event) => (event.kind === 'channel-gone' ? [event.channelId] : []))).toEqual([
      thread.id,
      world.channelId,
    ])
    expect(chat.events.flatMap((event) => (event.kind === 'thread-renamed' ? [[event.threadId, event.name]] : []))).toEqual([
      [thread.id, 'better'],
    ])
  })
})
