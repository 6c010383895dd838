/** Voice messages in the bot: fetched, written down by whoever is set up, tried again, and whatever dies. */
import { existsSync, readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ChatGone, UsageError, VoiceRefused, VoiceUnavailable } from '../../src/base/errors.ts'
import type { MessageContent } from '../../src/domain/conversation/posts/post.ts'
import type { IncomingAttachment, IncomingMessage } from '../../src/domain/message/incoming.ts'
import { CHANNEL, GUILD, nextId, OWNER, ownerAccess } from '../support/conversation.ts'
import { recordingOf } from '../support/speech.ts'
import { commandEvent, endsEffect, hangsAt, never, openHarness, prompted, type BotRun, type Harness } from './support/harness.ts'
import { quiet, until } from './support/until.ts'

let harness: Harness
beforeEach(async () => (harness = await openHarness()))
afterEach(() => harness.close())

/** What stands in Discord, by the ids of the files. */
const files = new Map<string, Uint8Array>()

async function start(): Promise<BotRun> {
  return harness.run(({ chat }) => {
    chat.on.download = async (_channel, _message, { id }) =>
      files.get(id) ?? new ChatGone({ reason: 'Unknown File', code: 10_008 })
  })
}

const prompts = (bot: BotRun): readonly string[] =>
  bot.agent.prompts.map(({ parts }) => parts.flatMap((part) => (part.type === 'text' && !part.synthetic ? part.text : [])).join())

interface Said extends Partial<IncomingAttachment> {
  readonly in?: { readonly id: string }
  readonly bytes?: Uint8Array
}

function speak(bot: BotRun, words: string, { in: thread, bytes = recordingOf(words), ...more }: Said = {}): IncomingMessage {
  const id = nextId()
  files.set(id, bytes)
  const facts = { name: 'voice-message.ogg', contentType: 'audio/ogg', size: bytes.length, url: `https://x/${id}`, seconds: 4 }
  return bot.send('', { attachments: [{ id, ...facts, ...more }], ...(thread && { channelId: thread.id, inThread: true }) })
}

const shows = (bot: BotRun, wanted: RegExp | string): boolean =>
  bot.texts().some((text) => (typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text)))
const expectShown = async (bot: BotRun, wanted: RegExp | string): Promise<void> =>
  until(`${String(wanted)} among ${JSON.stringify(bot.texts())}`, () => shows(bot, wanted))
const expectPrompts = async (bot: BotRun, ...wanted: readonly string[]): Promise<void> => {
  await until(`${wanted.length} prompts`, () => prompts(bot).length >= wanted.length)
  await quiet()
  expect(prompts(bot)).toEqual(wanted)
}

function tryAgain(bot: BotRun, { id: threadId }: IncomingMessage): void {
  const customId = bot.chat.posts.flatMap(({ buttons }) => buttons).find((button) => button.startsWith('voice-again')) ?? ''
  const press = { id: nextId(), guildId: GUILD, channelId: threadId, messageId: '5', customId, userId: OWNER, userName: 'Ann' }
  const place = { channelId: threadId, projectChannelId: CHANNEL, inThread: true }
  bot.chat.emit({ kind: 'pressed', press, place, token: 't', access: ownerAccess, position: undefined })
}

test('in the channel it opens a thread; its card becomes what was understood, and the agent gets that', async () => {
  const bot = await start()
  const released = Promise.withResolvers<string>()
  bot.transcriber.on = async () => released.promise
  speak(bot, 'plant a tree')
  await expectShown(bot, '⬦ listening to a voice message of 4s')
  released.resolve('plant a tree')
  await expectPrompts(bot, 'plant a tree')
  await expectShown(bot, '⬦ heard: plant a tree')
  const [origin] = bot.agent.prompts[0]?.parts.filter((part) => part.type === 'text' && part.synthetic) ?? []
  expect(origin).toMatchObject({ text: expect.stringContaining('<voice-message note="spoken') as string })
})

test('voice, text, voice: the agent gets them in order of arrival, and another thread is not held up', async () => {
  const bot = await start()
  const thread = await prompted(bot, 'begin')
  bot.answer('msg_a', 'Begun.')
  const long = Promise.withResolvers<string>()
  bot.transcriber.on = async (words) => (words === 'long' ? long.promise : words)
  speak(bot, 'long', { in: thread })
  bot.reply(thread, 'text')
  speak(bot, 'short', { in: thread })
  await until('both to be heard', () => bot.transcriber.heard.length === 2)
  const other = speak(bot, 'elsewhere')
  await until('the other thread', () => prompts(bot).includes('elsewhere'))
  expect(prompts(bot)).toEqual(['begin', 'elsewhere'])
  expect(bot.chat.threads).toContain(other.id)
  long.resolve('long')
  await expectPrompts(bot, 'begin', 'elsewhere', 'long', 'text', 'short')
})

describe('a provider', () => {
  test('that does not answer is asked again, up to four times; then what waits goes on, and the card offers to try again', async () => {
    const bot = await start()
    bot.transcriber.on = async () => new VoiceUnavailable({ reason: 'Acme does not answer' })
    const thread = speak(bot, 'lost?')
    await expectShown(bot, 'listening')
    bot.reply(thread, 'text')
    for (let tries = 1; tries <= 4; tries += 1) {
      await until(`try ${tries}`, () => bot.transcriber.heard.length === tries)
      await quiet()
      harness.clock.advance(8000)
    }
    await expectPrompts(bot, 'text')
    await expectShown(bot, '✗ the voice message was not run: Acme does not answer\nPress *Try again*')
    bot.transcriber.on = async (words) => words
    tryAgain(bot, thread)
    await expectPrompts(bot, 'text', 'lost?')
  })

  test('has a minute, and as long again as the recording is; then it is told to stop', async () => {
    const bot = await start()
    let signal: AbortSignal | undefined
    bot.transcriber.on = async (_words, given) => {
      signal = given
      return never
    }
    speak(bot, 'slow', { seconds: 30 })
    await until('it to be asked', () => signal !== undefined)
    await quiet()
    harness.clock.advance(89_000)
    await quiet()
    expect(signal?.aborted).toBe(false)
    harness.clock.advance(1000)
    await expectShown(bot, 'nobody wrote it down within 90 s')
    expect(signal?.aborted).toBe(true)
  })

  test('that refuses is not asked again, and its reason is told', async () => {
    const bot = await start()
    bot.transcriber.on = async () => new VoiceRefused({ reason: 'Acme does not take the key (401)' })
    speak(bot, 'refused')
    await expectShown(bot, 'Acme does not take the key (401)')
    expect(bot.transcriber.heard).toHaveLength(1)
  })

  test('that understood nothing: P-236, no empty prompt', async () => {
    const bot = await start()
    bot.transcriber.on = async () => ''
    speak(bot, 'mumble')
    await expectShown(bot, 'nothing could be understood')
    expect(prompts(bot)).toEqual([])
  })

  test('that cannot be used says why', async () => {
    const bot = await start()
    bot.transcriber.name = new UsageError({ reason: 'voice.json is open to others' })
    speak(bot, 'x')
    await expectShown(bot, 'voice.json is open to others')
  })
})

describe('a recording', () => {
  const MB = 1024 * 1024
  test.each<readonly [string, Said, RegExp]>([
    [
      'P-139: of more than 25 MB, which is not even fetched',
      { size: 25 * MB + 1 },
      /more than 25 MB.*\nSend it in shorter parts/,
    ],
    ['of more than two hours', { seconds: 7201 }, /longer than two hours/],
    ['that tells no length, of more than two hours', { seconds: 0, bytes: recordingOf('', 7300) }, /longer than two hours/],
    ['that is empty', { bytes: new Uint8Array() }, /voice-message\.ogg is empty/],
    ['that is no sound', { bytes: Buffer.from('<html>') }, /is damaged, or no recording/],
    ['that is cut off', { bytes: recordingOf('x').subarray(0, 300) }, /is cut off\nSend another recording/],
  ])('%s', async (_, facts, wanted) => {
    const bot = await start()
    speak(bot, '', facts)
    await expectShown(bot, wanted)
    expect(bot.transcriber.heard).toEqual([])
    expect(bot.chat.posts.flatMap(({ buttons }) => buttons)).toEqual([])
  })

  test('that is not in Discord any more', async () => {
    const bot = await start()
    const { attachments } = speak(bot, 'x')
    files.delete(attachments[0]?.id ?? '')
    await expectShown(bot, 'is not in Discord any more')
  })
})

describe('killed', () => {
  test('while it is written down, it is written down by the next bot, and handed over once', async () => {
    const first = await start()
    first.transcriber.on = async () => never
    speak(first, 'plant a tree')
    await until('it to be heard', () => first.transcriber.heard.length === 1)
    const next = await start()
    await expectPrompts(next, 'plant a tree')
  })

  test.each(['before', 'after'] as const)('%s the commit of what was understood, it is handed over once', async (side) => {
    const first = await harness.run((fakes) => {
      fakes.chat.on.download = async (_channel, _message, { id }) => files.get(id) ?? new Uint8Array()
      return hangsAt(endsEffect('transcribe'), side)(fakes)
    })
    speak(first, 'plant a tree')
    await until('it to be heard', () => first.transcriber.heard.length === 1)
    await quiet()
    const next = await start()
    await expectPrompts(next, 'plant a tree')
    expect(next.transcriber.heard).toHaveLength(side === 'before' ? 1 : 0)
  })
})

describe('nobody is set up', () => {
  test('the card asks for a key; others go on; once the key is there, the message is written down by itself', async () => {
    const bot = await start()
    bot.transcriber.name = undefined
    const thread = speak(bot, 'at last')
    await expectShown(bot, /waits: nobody is set up to write it down\nRun `\/transcription-key`/)
    bot.reply(thread, 'text')
    await expectPrompts(bot, 'text')
    bot.transcriber.setKey({ key: 'k' })
    await expectPrompts(bot, 'text', 'at last')
    await expectShown(bot, '⬦ heard: at last')
  })

  test('what is set up on the machine is found within ten seconds', async () => {
    const bot = await start()
    bot.transcriber.name = undefined
    speak(bot, 'at last')
    await expectShown(bot, 'waits: nobody')
    bot.transcriber.name = 'this machine'
    harness.clock.advance(10_000)
    await expectPrompts(bot, 'at last')
  })

  test('a bot that is started anew waits for the key as well', async () => {
    const first = await start()
    first.transcriber.name = undefined
    speak(first, 'at last')
    await expectShown(first, 'waits: nobody')
    const next = await start()
    await expectPrompts(next, 'at last')
  })
})

describe('/transcription-key', () => {
  const KEY = 'sk-c4nary-of-a-key-that-nobody-may-keep'

  async function answerTo(bot: BotRun, token: string, wanted = /./): Promise<MessageContent> {
    await until(`the answer to ${token}`, () => wanted.test(bot.chat.answers.get(token)?.text ?? ''))
    return bot.chat.answers.get(token) as MessageContent
  }

  async function open(bot: BotRun): Promise<MessageContent> {
    const event = commandEvent(CHANNEL, 'transcription-key')
    bot.chat.emit(event)
    return answerTo(bot, event.command.token)
  }

  async function enter(bot: BotRun, { buttons }: MessageContent, fields: readonly string[]): Promise<MessageContent> {
    const id = nextId()
    const token = `token-${id}`
    const customId = buttons.find(({ label }) => label === 'Enter a key')?.id ?? 'none'
    const press = { id, guildId: GUILD, channelId: CHANNEL, messageId: '5', customId, userId: OWNER, userName: 'Ann' }
    const place = { channelId: CHANNEL, projectChannelId: CHANNEL, inThread: false }
    const said = { words: fields[0] ?? '', fields, followUp: { applicationId: '1', token } }
    bot.chat.emit({ kind: 'pressed', place, token, access: ownerAccess, position: undefined, press: { ...press, ...said } })
    return answerTo(bot, token)
  }

  test('takes a key, which stands in no record, log or call to Discord', async () => {
    const bot = await start()
    bot.transcriber.name = undefined
    const page = await open(bot)
    expect(page.text).toMatch(/^⬦ nobody is set up to write voice messages down\n/)
    const done = await enter(bot, page, [` ${KEY} `, ''])
    expect(done.text).toBe('✓ the key is saved\n⬦ voice messages are written down by Acme')
    expect(bot.transcriber.keys).toEqual([{ key: KEY }])
    await quiet()
    const stored = ['', '-wal']
      .map((end) => `${harness.file}${end}`)
      .filter(existsSync)
      .map((file) => readFileSync(file, 'latin1'))
    const { calls, answered, posts } = bot.chat
    const kept = [...stored, JSON.stringify([calls, answered, posts, bot.audited, bot.lines])].join()
    expect(kept).toContain('transcription-enter')
    expect(kept).not.toContain(KEY)
  })

  test('takes the address of another server', async () => {
    const bot = await start()
    await enter(bot, await open(bot), [KEY, 'http://127.0.0.1:9/v1'])
    expect(bot.transcriber.keys).toEqual([{ key: KEY, url: 'http://127.0.0.1:9/v1' }])
  })

  test.each([
    [['short', ''], 'this is no API key'],
    [[KEY, 'ftp://x'], 'must begin with http'],
  ])('refuses %s', async (fields, words) => {
    const bot = await start()
    expect((await enter(bot, await open(bot), fields)).text).toContain(words)
    expect(bot.transcriber.keys).toEqual([])
  })
})
