/** The picture of the sample project: how long each tea wants, as bars. Drawn at each start, so that no binary file is kept. */
import { crc32, deflateSync } from 'node:zlib'

/** Where it stands in the project. */
export const CHART = 'docs/steeping.png'

const WIDTH = 720
const HEIGHT = 400
const FLOOR = 352
const PAPER = [251, 247, 239] as const
const LINE = [226, 216, 200] as const

type Colour = readonly [red: number, green: number, blue: number]

/** Sencha, Darjeeling, Assam and rooibos, in the colours of the cup; 40 pixels are a minute. */
const BARS: readonly { readonly colour: Colour; readonly minutes: number }[] = [
  { colour: [146, 178, 92], minutes: 1.5 },
  { colour: [222, 166, 74], minutes: 2.5 },
  { colour: [176, 96, 48], minutes: 4 },
  { colour: [158, 52, 40], minutes: 7 },
]

/** A PNG. */
export function steepingChart(): Uint8Array {
  const rows = Buffer.alloc(HEIGHT * (1 + WIDTH * 3))
  for (let y = 0; y < HEIGHT; y++) {
    // Each row begins with its filter: none.
    const start = y * (1 + WIDTH * 3) + 1
    for (let x = 0; x < WIDTH; x++) rows.set(colourAt(x, y), start + x * 3)
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(WIDTH, 0)
  head.writeUInt32BE(HEIGHT, 4)
  // 8 bits, red green blue.
  head.set([8, 2], 8)
  return Buffer.concat([SIGNATURE, chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))])
}

function colourAt(x: number, y: number): Colour {
  const index = Math.floor((x - 72) / 152)
  const bar = BARS[index]
  const top = FLOOR - (bar?.minutes ?? 0) * 40
  if (bar && x - 72 - index * 152 < 120 && y >= top && y < FLOOR) return bar.colour
  const isRule = x >= 48 && x < WIDTH - 48 && y <= FLOOR && (FLOOR - y) % 80 < 2
  return isRule ? LINE : PAPER
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  sum.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, sum])
}

const SIGNATURE = Buffer.from('\u0089PNG\r\n\u001a\n', 'latin1')
