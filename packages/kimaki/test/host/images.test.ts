/** Large images become smaller, by the real library, in a process that ends with its work. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp, { type Sharp } from 'sharp'
import { afterEach, expect, test } from 'vitest'
import { isTooLarge, sizeOf } from '../../src/domain/message/image-size.ts'
import { identify } from '../../src/opencode/process/process.ts'
import { createImages, type ShrinkerOptions } from '../../src/host/images/shrinker.ts'
import type { Images, SmallerImage } from '../../src/ports/images.ts'
import { until } from '../support/until.ts'

const blank = (width: number, height: number) => sharp({ create: { width, height, channels: 4, background: '#c00a' } })
const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }

let images: Images | undefined
let folder: string | undefined
afterEach(async () => {
  await images?.stop()
  if (folder !== undefined) rmSync(folder, { recursive: true })
  folder = undefined
})
const open = (options: Partial<ShrinkerOptions> = {}): Images => (images = createImages({ log, ...options }))
const program = (code: string): string => {
  folder = mkdtempSync(join(tmpdir(), 'images-'))
  writeFileSync(join(folder, 'resize.mjs'), code)
  return join(folder, 'resize.mjs')
}

test('a photo stands upright, a drawing keeps its kind, and both fit; what is small or broken stays as it is', async () => {
  const { shrink } = open()
  const photo = await blank(2400, 1200).withMetadata({ orientation: 6 }).jpeg().toBuffer()
  const drawing = await blank(2100, 20).png().toBuffer()
  const broken = drawing.subarray(0, 40)
  const small = await blank(20, 20).png().toBuffer()
  const [upright, drawn, ...others] = await Promise.all([photo, drawing, broken, small].map((image) => shrink(image)))
  expect([upright?.mime, upright && sizeOf(upright.bytes)]).toEqual(['image/jpeg', { width: 1000, height: 2000 }])
  expect([drawn?.mime, drawn && sizeOf(drawn.bytes)]).toEqual(['image/png', { width: 2000, height: 19 }])
  expect(others).toEqual([undefined, undefined])
})

test('a photo of a telephone becomes one that models take, however small it is; a damaged one stays as it is', async () => {
  const heic = readFileSync(join(import.meta.dirname, 'fixtures', 'photo.heic'))
  const { shrink } = open()
  const [photo, damaged] = await Promise.all([shrink(heic), shrink(heic.subarray(0, 300))])
  expect([photo?.mime, photo && sizeOf(photo.bytes)]).toEqual(['image/jpeg', { width: 320, height: 160 }])
  const { channels } = await sharp(photo?.bytes).stats()
  expect(channels.map(({ mean }) => Math.round(mean / 16))).toEqual([13, 0, 3])
  expect(damaged).toBeUndefined()
})

test('one that no small file can hold as it is loses detail', async () => {
  const raw = { width: 1160, height: 1160, channels: 3 } as const
  const loud = await sharp(randomBytes(3 * 1160 * 1160), { raw })
    .png({ compressionLevel: 0 })
    .toBuffer()
  expect(isTooLarge(loud)).toBe(true)
  const smaller = await open().shrink(loud)
  expect([smaller?.mime, smaller && isTooLarge(smaller.bytes)]).toEqual(['image/jpeg', false])
})

test.each<readonly [string, (image: Sharp) => Sharp]>([
  ['PNG', (image) => image.png()],
  ['JPEG', (image) => image.withMetadata({ orientation: 1 }).jpeg()],
  ['progressive JPEG', (image) => image.jpeg({ progressive: true })],
  ['GIF', (image) => image.gif()],
  ['lossy WebP', (image) => image.flatten().webp()],
  ['WebP that one sees through', (image) => image.webp()],
  ['lossless WebP', (image) => image.webp({ lossless: true })],
])('the size of a %s stands in its first bytes', async (_, as) => {
  expect(sizeOf(await as(blank(37, 300)).toBuffer())).toEqual({ width: 37, height: 300 })
})

test('a text has no size, and what ends before its size has none', () => {
  expect(
    ['', 'GIF, he said', 'RIFF', 'RIFF....WEBPVP9 ....', '\u00FF\u00D8\u00FF'].map((text) => sizeOf(Buffer.from(text, 'latin1'))),
  ).toEqual(Array.from({ length: 5 }))
})

const LARGE = Buffer.from('GIF89a\u0000\u0010\u0000\u0010', 'latin1')

/** Answers with its pid, but where it is told to crash or to hang. */
const WORKER = `process.on('message', (image) => {
  if (image.at(-1) === 1) process.exit(1)
  if (image.at(-1) === 0) process.send({ mime: 'image/png', bytes: Buffer.from(String(process.pid)) })
})
process.on('disconnect', () => process.exit())`
const [FINE, CRASHES, HANGS] = [0, 1, 2].map((how) => Buffer.concat([LARGE, Buffer.from([how])]))
const pidIn = (answer: SmallerImage | undefined): number => Number(answer && Buffer.from(answer.bytes).toString())

test('a process that crashes on an image loses that image alone: the next one has a new process', async () => {
  const { shrink } = open({ program: program(WORKER) })
  const answers = await Promise.all([FINE, FINE, CRASHES, FINE].map((image = LARGE) => shrink(image)))
  const [first, second, lost, after] = answers.map(pidIn)
  expect([first === second, lost, after === first, Number(after) > 0]).toEqual([true, Number.NaN, false, true])
})

test('one that never ends with an image is ended, and one without work ends', async () => {
  expect(await open({ program: program(WORKER), limits: { imageMs: 50, restMs: 60_000 } }).shrink(HANGS ?? LARGE)).toBeUndefined()
  await images?.stop()
  const pid = pidIn(await open({ program: program(WORKER), limits: { imageMs: 60_000, restMs: 1 } }).shrink(FINE ?? LARGE))
  await until('the end of the process', () => identify(pid) === undefined)
})

test('without the library, and once the bot stops, images stay as they are', async () => {
  expect(await open({ program: undefined }).stop()).toBeUndefined()
  const { shrink, stop } = open({ program: program(WORKER) })
  await stop()
  expect(await shrink(LARGE)).toBeUndefined()
})
