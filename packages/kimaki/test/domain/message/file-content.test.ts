import { expect, test } from 'vitest'
import { CUT_OFF, EMPTY, fileContent } from '../../../src/domain/message/file-content.ts'
import { BITMAP, bytes, GIF, HEIC, JPEG, PDF, PNG, TIFF, utf16, WEBP } from './fixtures/files.ts'

const broken = (reason: string) => ({ kind: 'broken', reason })
const media = (mime: string) => ({ kind: 'media', mime })
const binary = (mime?: string) => ({ kind: 'binary', mime })
const text = (words: string, encoding = 'utf-8') => ({ kind: 'text', text: words, encoding })

test.each([
  ['a PNG', PNG, 'image/png', media('image/png')],
  ['a JPEG', JPEG, 'image/jpeg', media('image/jpeg')],
  ['a GIF', GIF, 'image/gif', media('image/gif')],
  ['a WebP', WEBP, 'image/webp', media('image/webp')],
  ['a PDF', PDF, 'application/pdf', media('application/pdf')],
  ['a JPEG named .png', JPEG, 'image/png', media('image/jpeg')],
  ['a PNG without a label', PNG, '', media('image/png')],
  ['a PDF labelled as text', PDF, 'text/plain', media('application/pdf')],
  ['a HEIC', HEIC, 'image/heic', binary('image/heic')],
  ['a HEIC named .jpg', HEIC, 'image/jpeg', binary('image/heic')],
  ['a TIFF', TIFF, 'image/tiff', binary('image/tiff')],
  ['a bitmap named .png', BITMAP, 'image/png', binary('image/bmp')],
  ['a zip', bytes('PK', [3, 4, 0, 255]), 'text/plain', binary('application/zip')],
  ['bytes of no known type', bytes([0, 159, 146, 150, 0, 159, 146, 150, 0, 159, 146, 150]), 'image/png', binary()],
  [
    'an SVG',
    bytes('<svg xmlns="http://www.w3.org/2000/svg"/>'),
    'image/svg+xml',
    text('<svg xmlns="http://www.w3.org/2000/svg"/>'),
  ],
  ['a page where an image was expected', bytes('<!doctype html><p>404'), 'image/png', text('<!doctype html><p>404')],
] as const)('%s is known by its bytes', (_, data, label, expected) => {
  expect(fileContent(data, label)).toEqual(expected)
})

test.each([
  ['a PNG of 0 bytes', bytes(), 'image/png', EMPTY],
  ['a PDF of 0 bytes', bytes(), 'application/pdf', EMPTY],
  ['a text of 0 bytes', bytes(), 'text/plain', EMPTY],
  ['the first three bytes of a PNG', PNG.slice(0, 3), 'image/png', CUT_OFF],
  ['only the signature of a PNG', PNG.slice(0, 8), 'image/png', CUT_OFF],
  ['a PNG without its end', PNG.slice(0, -12), 'image/png', CUT_OFF],
  ['a PNG of no width', PNG.with(19, 0), 'image/png', CUT_OFF],
  ['a JPEG of four bytes', JPEG.slice(0, 4), 'image/jpeg', CUT_OFF],
  ['a JPEG without its end', JPEG.slice(0, -2), 'image/jpeg', CUT_OFF],
  ['a GIF without an image', GIF.slice(0, 13), 'image/gif', CUT_OFF],
  ['a WebP without its last byte', WEBP.slice(0, -1), 'image/webp', CUT_OFF],
  ['only the first line of a PDF', bytes('%PDF-1.7\n%', [226, 227, 207]), 'application/pdf', CUT_OFF],
])('%s is broken', (_, data, label, reason) => {
  expect(fileContent(data, label)).toEqual(broken(reason))
})

test.each([
  ['UTF-8', bytes('Grüße ✓'), text('Grüße ✓')],
  ['UTF-8 with a byte order mark', bytes([0xef, 0xbb, 0xbf], 'Grüße'), text('Grüße')],
  ['UTF-16 LE with its mark', utf16('Grüße ✓ 👋', 'le'), text('Grüße ✓ 👋', 'utf-16le')],
  ['UTF-16 BE with its mark', utf16('Grüße ✓ 👋', 'be'), text('Grüße ✓ 👋', 'utf-16be')],
  ['UTF-16 LE of half a character', utf16('a\ud83d', 'le'), binary()],
  ['UTF-16 of an odd length', utf16('abc', 'le').slice(0, -1), binary()],
  ['UTF-16 without its mark', utf16('abc', 'le').slice(2), binary()],
  ['UTF-32', bytes([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0]), binary()],
  ['Latin-1', bytes([0x47, 0x72, 0xfc, 0xdf, 0x65]), binary()],
  ['UTF-8 with NUL', bytes('a', [0], 'b'), binary()],
  ['a log with colours', bytes([27], '[31mred', [27], '[0m\n'), text('\u001b[31mred\u001b[0m\n')],
  ['words that begin as a GIF', bytes('GIF8 is how GIFs begin'), text('GIF8 is how GIFs begin')],
  ['words that begin as a PDF', bytes('%PDF-1.7 is how PDFs begin'), text('%PDF-1.7 is how PDFs begin')],
])('%s is decoded or left alone', (_, data, expected) => {
  expect(fileContent(data, 'text/plain')).toEqual(expected)
})
