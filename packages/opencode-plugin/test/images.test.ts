/** Images of tools that are too large: how they are told by their first bytes, and what the bot's answer becomes. */
import { expect, test } from 'vitest'
import type { Bot } from '../src/bot.ts'
import { shrinkImages } from '../src/images/shrink.ts'
import { isTooLarge, MOST_BYTES, sizeOf } from '../src/images/size.ts'

const bytes = (...pieces: readonly (string | readonly number[])[]): Buffer =>
  Buffer.concat(pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece, 'latin1') : Buffer.from(piece))))

const png = (width: number, height: number): Buffer => {
  const head = Buffer.alloc(33)
  head.write('\u0089PNG\r\n\u001A\n\0\0\0\rIHDR', 'latin1')
  head.writeUInt32BE(width, 16)
  head.writeUInt32BE(height, 20)
  return head
}
const EXIF = bytes([0xff, 0xe1, 0, 10], 'Exif....')
/** 2400 × 1200. */
const FRAME = [0xff, 0xc2, 0, 17, 8, 0x04, 0xb0, 0x09, 0x60]

test.each<[kind: string, head: Buffer, size: readonly [number, number] | undefined]>([
  ['PNG', png(2001, 40), [2001, 40]],
  ['GIF', bytes('GIF89a', [0x60, 0x09, 0xb0, 0x04]), [2400, 1200]],
  ['JPEG with a preview and fill bytes before its frame', bytes([0xff, 0xd8], [...EXIF], [0xff, 0xff], FRAME), [2400, 1200]],
  ['JPEG, of which too little is there', bytes([0xff, 0xd8], [...EXIF]), undefined],
  ['JPEG without a frame', bytes([0xff, 0xd8, 0, 0]), undefined],
  ['lossy WebP', bytes('RIFF....WEBPVP8 ....', [0, 0, 0, 0x9d, 0x01, 0x2a, 0x60, 0x49, 0xb0, 0x04]), [2400, 1200]],
  ['lossless WebP', bytes('RIFF....WEBPVP8L....', [0x2f, 0x5f, 0xc9, 0x2b, 0x01]), [2400, 1200]],
  ['extended WebP', bytes('RIFF....WEBPVP8X....', [0, 0, 0, 0, 0x5f, 0x09, 0, 0xaf, 0x04, 0]), [2400, 1200]],
  ['WebP of another kind', bytes('RIFF....WEBPVP9 ....', [0, 0, 0, 0, 0, 0]), undefined],
  ['a text', Buffer.from('GIF, he said, and so on and on and on'), undefined],
  ['nothing', Buffer.alloc(0), undefined],
])('%s', (_, head, size) => {
  const found = sizeOf(head)
  expect(found && [found.width, found.height]).toEqual(size)
})

test.each<[what: string, isLarge: boolean, head: Buffer, all: number]>([
  ['2000 pixels and the most bytes are not', false, png(2000, 2000), MOST_BYTES],
  ['one pixel more is', true, png(10, 2001), 100],
  ['one byte more is', true, png(10, 10), MOST_BYTES + 1],
  ['a file that is no image is not', false, Buffer.from('%PDF-1.7 and what follows it'), MOST_BYTES + 1],
])('too large: %s', (_, isLarge, head, all) => {
  expect(isTooLarge(head, all)).toBe(isLarge)
})

const LARGE = png(4000, 3000).toString('base64')
const SMALL = png(40, 30).toString('base64')
const answering = (body: unknown): { readonly bot: Bot; readonly asked: unknown[] } => {
  const asked: unknown[] = []
  const call: Bot['call'] = async (path, sent, { timeoutMs }) => {
    asked.push([path, sent, timeoutMs <= 10_000])
    return body === undefined ? { kind: 'away' } : { kind: 'answer', body }
  }
  return { bot: { link: '', call }, asked }
}
const outputs = () => ({
  attachments: [
    { type: 'file', mime: 'image/png', url: `data:image/png;base64,${LARGE}` },
    { type: 'file', mime: 'image/png', url: `data:image/png;base64,${SMALL}` },
    { type: 'file', mime: 'text/plain', url: 'file:///etc/passwd' },
  ],
  content: [
    { type: 'text', text: LARGE },
    { type: 'image', mimeType: 'image/png', data: LARGE },
    { type: 'resource', resource: { uri: 'x:1', mimeType: 'image/png', blob: LARGE } },
    { type: 'resource', resource: { uri: 'x:2', mimeType: 'application/pdf', blob: LARGE } },
  ],
})

test('what the bot makes of large ones takes their place, in files of a tool and in what a server of MCP sent; all else stays', async () => {
  const { bot, asked } = answering({ mime: 'image/jpeg', image: 'smaller' })
  const output = outputs()
  await shrinkImages(bot, 'ses_1', output)
  expect(asked).toEqual(Array.from({ length: 3 }, () => ['/agent/image', { session: 'ses_1', image: LARGE }, true]))
  const before = outputs()
  expect(output.attachments).toEqual([
    { type: 'file', mime: 'image/jpeg', url: 'data:image/jpeg;base64,smaller' },
    ...before.attachments.slice(1),
  ])
  expect(output.content).toEqual([
    before.content[0],
    { type: 'image', mimeType: 'image/jpeg', data: 'smaller' },
    { type: 'resource', resource: { uri: 'x:1', mimeType: 'image/jpeg', blob: 'smaller' } },
    before.content[3],
  ])
})

test.each([
  ['is away', undefined],
  ['cannot make it smaller', {}],
  ['answers nonsense', { mime: 7, image: 'x' }],
])('an image stays as it is where the bot %s', async (_, body) => {
  const output = outputs()
  await shrinkImages(answering(body).bot, 'ses_1', output)
  expect(output).toEqual(outputs())
})
