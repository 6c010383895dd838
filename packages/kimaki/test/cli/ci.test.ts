/** `kimaki send` with nothing but the token of the bot: what it posts, how the bot reads it, and how it waits for the end. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { UsageError } from '../../src/base/errors.ts'
import { postForBot } from '../../src/cli/sending/post-marked.ts'
import { endIn } from '../../src/cli/sending/thread-end.ts'
import { waitInDiscord } from '../../src/cli/sending/wait-in-discord.ts'
import type { ChatEvent } from '../../src/ports/chat.ts'
import { openWorld, type Chat, type World } from '../discord/world.ts'

const FOOTER = '*alpha ⋅ main ⋅ 12s ⋅ 3% ⋅ scripted-model*'

describe('a thread is over', () => {
  test.each([
    ['with the footer', ['⬥ seven leaves', FOOTER], { ok: true, text: 'seven leaves' }],
    ['with an answer in several messages', ['⬥ one', 'two', 'three', FOOTER], { ok: true, text: 'one\ntwo\nthree' }],
    ['with the last of several answers', ['⬥ I look', '┣ read *a.ts*', '⬥ seven', FOOTER], { ok: true, text: 'seven' }],
    ['without words', ['┣ read *a.ts*', FOOTER], { ok: true, text: '' }],
    ['with an error', ['⬥ I look', '✗ opencode session error: no'], { ok: false, text: '✗ opencode session error: no' }],
    ['when it was stopped', ['⬦ stopped by **Ann**\nGo on.'], { ok: false, text: '⬦ stopped by **Ann**\nGo on.' }],
    ['when it was cut off', ['⬦ interrupted: the run'], { ok: false, text: '⬦ interrupted: the run' }],
  ])('%s', (_how, said, end) => expect(endIn(said)).toEqual(end))

  test.each([
    ['before anything is said', []],
    ['while it answers', ['⬥ *so ⋅ far*  and on']],
    ['when a permission was denied', ['✗ denied by **Ann**: no']],
    ['when a notice came', ['⬦ MCP server evil is not there']],
  ])('not %s', (_when, said) => expect(endIn(said)).toBeUndefined())
})

describe('with the token alone', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kimaki-ci-'))
  let world: World
  let bot: Chat
  const given = () => ({ token: world.bot.token, apiUrl: world.emulator.apiUrl })
  const send = (prompt: string, more: object = {}) =>
    postForBot(given(), {
      id: crypto.randomUUID(),
      prompt,
      target: { kind: 'channel', channelId: world.channelId, name: undefined },
      ...more,
    })
  type Marked = Extract<ChatEvent, { kind: 'marked' }>
  const taken = (id: string): Promise<Marked> =>
    bot.until('the bot takes it', () =>
      bot.events.find((event): event is Marked => event.kind === 'marked' && event.messageId === id),
    )
  const say = async (threadId: string, content: string): Promise<void> => {
    const post = { blocks: [], content, file: undefined, notify: false, attached: [] }
    expect(await bot.port.post(threadId, post, crypto.randomUUID().slice(0, 25))).not.toBeInstanceOf(Error)
  }
  beforeAll(async () => {
    world = await openWorld()
    bot = world.chat()
    await bot.start()
    writeFileSync(join(folder, 'leaves 1.txt'), 'seven')
  })
  afterAll(async () => {
    await world.stop()
    rmSync(folder, { recursive: true })
  })

  test('words that are too long for a message go as a file, the files after them, and the mark covers each', async () => {
    const long = `Count the leaves. ${'x'.repeat(5000)}`
    const posted = await send(long, { files: [join(folder, 'leaves 1.txt')] })
    if (posted instanceof Error) throw posted
    const { text, attachments, mark } = await taken(posted.messageId)
    expect(text).toBe('')
    expect(attachments.map(({ name, size }) => [name.replace('_', ' '), size])).toEqual([
      ['message.txt', long.length],
      ['leaves 1.txt', 5],
    ])
    expect(attachments.every(({ digest }) => /^[\w-]{43}$/.test(digest ?? ''))).toBe(true)
    expect(mark.title).toMatch(/^Count the leaves/)
  })

  test.each([
    ['eleven files', 'x', 11, 'At most 10 files'],
    ['ten files beside words that are one', 'x'.repeat(2001), 10, 'At most 9 files'],
  ])('%s are refused', async (_what, prompt, count, words) => {
    const refused = await send(prompt, { files: Array.from({ length: count }, () => join(folder, 'leaves 1.txt')) })
    expect(refused).toBeInstanceOf(UsageError)
    expect(refused).toMatchObject({ message: expect.stringContaining(words) })
  })

  test('more than a mark can carry is refused, and nothing is posted', async () => {
    const rules = Array.from({ length: 60 }, (_, index) => ({ permission: 'bash', pattern: `git push ${index}`, action: 'deny' }))
    const before = world.emulator.world.messages(world.channelId).length
    expect(await send('x', { rules })).toBeInstanceOf(UsageError)
    expect(world.emulator.world.messages(world.channelId)).toHaveLength(before)
  })

  test('it waits for the footer in the thread of its message, or until the time is over', async () => {
    const posted = await send('How many?')
    if (posted instanceof Error) throw posted
    const once = () => waitInDiscord(given(), posted, { limitMs: 0, firstMs: 1 })
    expect(await once()).toMatchObject({ message: expect.stringContaining('no bot has taken message') })
    await taken(posted.messageId)
    await bot.port.openThread(world.channelId, posted.messageId, 'How many?')
    await say(posted.messageId, '⬥ seven leaves')
    expect(await once()).toMatchObject({ message: expect.stringContaining('still works in thread') })
    const over = waitInDiscord(given(), posted, { limitMs: 60_000, firstMs: 10 })
    await say(posted.messageId, FOOTER)
    expect(await over).toEqual({ state: 'ended', ok: true, text: 'seven leaves', threadId: posted.messageId })
  })
})
