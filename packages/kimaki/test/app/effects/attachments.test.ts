/** Files of a message, and of the message it replies to. */
import { afterEach, expect, test } from 'vitest'
import { prepareAttachments, threadStarter } from '../../../src/app/effects/attachments.ts'
import type { IncomingAttachment } from '../../../src/domain/message/incoming.ts'
import { digestOf } from '../../../src/base/digest.ts'
import { promptParts } from '../../../src/domain/message/prompt.ts'
import type { Files } from '../../../src/ports/host.ts'
import { message } from '../../support/conversation.ts'
import { refused, unknown } from '../support/fake-chat.ts'
import { testEffects, type TestEffects } from '../support/effects.ts'
import { quiet } from '../support/until.ts'

const file = (name: string, facts: Partial<IncomingAttachment> = {}): IncomingAttachment => ({
  id: name,
  name,
  contentType: 'text/plain',
  size: 2,
  url: `https://cdn/${name}`,
  ...facts,
})

const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

const NO_FILES: Files = {
  ownerOf: () => undefined,
  old: async () => ({ files: 0, bytes: 0 }),
  deleteOld: async () => undefined,
  saveAttachment: async () => undefined,
  saveUpload: async () => undefined,
  read: async () => undefined,
  remove: async () => undefined,
}

let bed: TestEffects | undefined
afterEach(() => bed?.stop())

test('files of the message replied to are fetched like its own, from where they are, and told apart; large images are made smaller', async () => {
  const saved: Uint8Array[] = []
  const smaller = { mime: 'image/jpeg', bytes: Buffer.from('smaller') } as const
  bed = testEffects({
    images: { shrink: async (image) => (PIXEL.equals(image) ? smaller : undefined) },
    files: {
      ...NO_FILES,
      saveAttachment: async (_, name, data) => (saved.push(data), `/saved/${name.slice(-8)}`),
    },
  })
  const asked: string[] = []
  bed.chat.on.download = async (_channel, messageId, { name }) => {
    asked.push(`${name} of ${messageId}`)
    return name === 'b.png' ? PIXEL : new TextEncoder().encode('hi')
  }
  const own = message('and this?', {
    id: '2',
    attachments: [file('mine.txt')],
    reply: {
      authorName: 'Bo',
      text: '',
      id: '1',
      attachments: [file('message.txt'), file('b.png', { contentType: 'image/png' })],
    },
  })
  const prepared = await prepareAttachments(bed.deps, 'conversation', own)
  expect(asked).toEqual(['mine.txt of 2', 'message.txt of 1', 'b.png of 1'])
  expect(prepared).toMatchObject([
    { kind: 'inline' },
    { kind: 'inline', isQuoted: true },
    { kind: 'file', isQuoted: true, mime: 'image/jpeg' },
  ])
  expect(saved.at(-1)).toBe(smaller.bytes)
  const parts = promptParts({ message: own, prepared, partId: (name) => name, agent: undefined })
  const [words] = parts.flatMap((part) => (part.type === 'text' ? [part.text] : []))
  // What somebody else pasted is no prompt.
  expect(words?.startsWith('and this?\n\n<attachment filename="mine.txt" mime')).toBe(true)
  expect(words).toContain('<attachment filename="message.txt" of="replied-message" mime="text/plain"')
  expect(parts.filter(({ type }) => type === 'file')).toHaveLength(1)
})

test('a file that is not what its mark says is not used', async () => {
  bed = testEffects({ files: { ...NO_FILES, saveAttachment: async () => '/saved' } })
  bed.chat.on.download = async () => new TextEncoder().encode('hi')
  const right = file('right.txt', { digest: digestOf('hi') })
  const prepared = await prepareAttachments(
    bed.deps,
    'c',
    message('read', { attachments: [right, file('wrong.txt', { digest: digestOf('ho') })] }),
  )
  expect(prepared).toMatchObject([{ kind: 'inline' }, { kind: 'failed', reason: 'is not the file that was sent' }])
})

test('of files of the message replied to that are too large together, name and size are told', async () => {
  bed = testEffects({
    files: { ...NO_FILES, saveAttachment: async () => '/saved' },
  })
  bed.chat.on.download = async () => new TextEncoder().encode('hi')
  const large = (name: string) => file(name, { size: 15 * 1024 * 1024 })
  const reply = { authorName: 'Bo', text: 'see', id: '1', attachments: [large('a'), large('b'), file('c')] }
  const prepared = await prepareAttachments(bed.deps, 'conversation', message('and?', { reply }))
  expect(prepared).toMatchObject([
    { kind: 'inline', name: 'a' },
    { kind: 'failed', name: 'b', reason: expect.stringContaining('15728640 bytes') as string },
    { kind: 'inline', name: 'c' },
  ])
})

test('files of the message a thread was opened from are fetched from the channel, and told apart', async () => {
  bed = testEffects({
    files: {
      ...NO_FILES,
      saveAttachment: async (_, name) => `/saved/${name.slice(-8)}`,
    },
  })
  const asked: string[] = []
  bed.chat.on.download = async (channelId, messageId, { name }) => {
    asked.push(`${name} of ${messageId} in ${channelId}`)
    return new TextEncoder().encode('hi')
  }
  const own = message('why?', { id: '9', channelId: '5', projectChannelId: '4', inThread: true })
  const starter = { authorName: 'Bo', text: 'it fails', attachments: [file('log.txt'), file('all.txt', { size: 30_000_000 })] }
  const prepared = await prepareAttachments(bed.deps, 'conversation', own, starter)
  expect(asked).toEqual(['log.txt of 5 in 4'])
  expect(prepared).toMatchObject([{ kind: 'inline', isQuoted: true, isOfStarter: true }, { kind: 'failed' }])
  const [text] = promptParts({ message: own, prepared, partId: (name) => name, agent: undefined, starter })
  expect(text).toMatchObject({
    text: expect.stringMatching(
      /^why\?\n\n<thread-starter-message author="Bo">it fails<\/thread-starter-message>\n\n<attachment filename="log.txt" of="thread-starter-message" /,
    ),
  })
})

test('the message a thread was opened from: asked again a few times; one that cannot be read is told to the agent', async () => {
  const asking = (bed = testEffects())
  const inThread = message('why?', { channelId: '5', projectChannelId: '4', inThread: true })
  let asked = 0
  const ask = async (...answers: readonly Awaited<ReturnType<TestEffects['chat']['threadStarter']>>[]) => {
    asked = 0
    asking.chat.on.threadStarter = async () => answers[Math.min((asked += 1), answers.length) - 1]
    const starter = threadStarter(asking.deps, inThread)
    for (let pause = 0; pause < 10; pause += 1) {
      await quiet()
      asking.clock.advance(30_000)
    }
    return starter
  }
  const starter = { authorName: 'Bo', text: 'it fails' }
  expect([await ask(unknown, unknown, starter), asked]).toEqual([starter, 3])
  expect([await ask(undefined), asked]).toEqual([undefined, 1])
  expect([await ask(unknown), asked]).toEqual([{ missing: 'could not be fetched: no answer' }, 8])
  expect([await ask(refused), asked]).toEqual([{ missing: 'could not be fetched: Invalid Form Body' }, 1])
})

test('files of one name, in one message and in two, are all kept, and each is named with its own path', async () => {
  const disk = new Map<string, string>()
  bed = testEffects({
    files: {
      ...NO_FILES,
      async saveAttachment(id, name, data) {
        const path = `/saved/${id}/${name}`
        expect([...disk.keys()]).not.toContain(path)
        disk.set(path, new TextDecoder().decode(data))
        return path
      },
    },
  })
  bed.chat.on.download = async (_channel, _message, { id }) =>
    id === 'c1' || id === 'c2' ? Buffer.concat([PIXEL, Buffer.from(id)]) : new TextEncoder().encode(`words of ${id}`)
  const texts = [file('notes.txt', { id: 'a1' }), file('notes.txt', { id: 'a2' })]
  const pictures = [file('b.png', { id: 'c1' }), file('b.png', { id: 'c2' })]
  const one = message('both', { attachments: [...texts, ...pictures] })
  const other = message('again', { attachments: [file('notes.txt', { id: 'a3' })] })
  const prepared = await prepareAttachments(bed.deps, 'conversation', one)
  const later = await prepareAttachments(bed.deps, 'conversation', other)
  expect([...disk.values()].filter((words) => words.startsWith('words'))).toEqual(
    ['a1', 'a2', 'a3'].map((id) => `words of ${id}`),
  )
  expect(disk.size).toBe(5)
  const parts = [
    ...promptParts({ message: one, prepared, partId: (name) => name, agent: undefined }),
    ...promptParts({ message: other, prepared: later, partId: (name) => name, agent: undefined }),
  ]
  const words = parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n')
  const urls = parts.flatMap((part) => (part.type === 'file' ? [`${part.filename} ${part.url}`] : []))
  expect(words.match(/filename="notes\.txt"/g)).toHaveLength(3)
  expect(new Set(urls).size).toBe(2)
  const isNamed = (path: string): boolean => words.includes(path) || urls.some((url) => url.includes(path))
  expect([...disk.keys()].filter((path) => !isNamed(path))).toEqual([])
})

test('texts stand in the prompt up to 256 KiB together, prompt.md too; the rest is handed over as paths', async () => {
  bed = testEffects({
    files: { ...NO_FILES, saveAttachment: async (_, name) => `/saved/${name}` },
  })
  const sizes: Readonly<Record<string, number>> = { 'prompt.md': 200 * 1024, 'a.txt': 40 * 1024, 'b.txt': 40 * 1024 }
  bed.chat.on.download = async (_channel, _message, { name }) => Buffer.alloc(sizes[name] ?? 20 * 1024 * 1024, 'x')
  const names = [...Object.keys(sizes), 'huge/prompt.md']
  const prepared = await prepareAttachments(
    bed.deps,
    'conversation',
    message('read these', { attachments: names.map((name) => file(name)) }),
  )
  expect(prepared.map(({ kind }) => kind)).toEqual(['inline', 'inline', 'saved', 'saved'])
  expect(JSON.stringify(prepared).length).toBeLessThan(256 * 1024)
})

test('a photo that only telephones read becomes an image for the model; where that cannot be done, it is saved', async () => {
  const heic = Buffer.from('0000001c6674797068656963000000006d6966316865696300000000', 'hex')
  const jpeg = { mime: 'image/jpeg', bytes: Buffer.from('jpeg') } as const
  const files = { ...NO_FILES, saveAttachment: async () => '/saved/photo' }
  const photo = message('look', { attachments: [file('photo.heic', { contentType: 'image/heic' })] })
  const prepared = async (shrink: () => Promise<typeof jpeg | undefined>) => {
    bed = testEffects({ images: { shrink }, files })
    bed.chat.on.download = async () => heic
    return prepareAttachments(bed.deps, 'conversation', photo)
  }
  expect(await prepared(async () => jpeg)).toMatchObject([{ kind: 'file', mime: 'image/jpeg' }])
  bed?.stop()
  expect(await prepared(async () => undefined)).toMatchObject([{ kind: 'saved', mime: 'image/heic' }])
})
