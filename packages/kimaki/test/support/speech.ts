/** Recordings for tests: an Ogg file of Opus as its structure goes, which carries the words it stands for where such files have their comments. */

/** Silence, but for those who read the comment. A page has at most 255 packets; each packet here is 20 ms. */
export function recordingOf(words: string, seconds = 4): Uint8Array {
  const head = Buffer.concat([Buffer.from('OpusHead'), Buffer.from([1, 1, 0, 0, 0x80, 0xbb, 0, 0, 0, 0, 0])])
  const comment = Buffer.from(`words=${words}`)
  const tags = Buffer.concat([
    Buffer.from('OpusTags'),
    uint32(4),
    Buffer.from('test'),
    uint32(1),
    uint32(comment.length),
    comment,
  ])
  const count = Math.max(1, Math.ceil(seconds * 50))
  const pages = Array.from({ length: Math.ceil(count / 200) }, (_, page) => {
    const packets = Math.min(200, count - page * 200)
    return oggPage(
      Array.from({ length: packets }, () => SILENCE),
      BigInt((page * 200 + packets) * 960),
      page + 2,
    )
  })
  return Buffer.concat([oggPage([head], 0n, 0), oggPage([tags], 0n, 1), ...pages])
}

/** What such a recording stands for. */
export function wordsIn(bytes: Uint8Array): string {
  const at = Buffer.from(bytes).indexOf('words=')
  if (at < 4) return ''
  const length = Buffer.from(bytes).readUInt32LE(at - 4)
  return Buffer.from(bytes).toString('utf8', at + 'words='.length, at + length)
}

/** One frame of silence (RFC 6716: a packet without a frame body). */
const SILENCE = Buffer.from([0xf8, 0xff, 0xfe])

function oggPage(packets: readonly Buffer[], granule: bigint, sequence: number): Buffer {
  const lacing = packets.flatMap(({ length }) => [...Array<number>(Math.floor(length / 255)).fill(255), length % 255])
  const header = Buffer.alloc(27 + lacing.length)
  header.write('OggS')
  header.writeUInt8(sequence === 0 ? 2 : 0, 5)
  header.writeBigInt64LE(granule, 6)
  header.writeUInt32LE(7, 14)
  header.writeUInt32LE(sequence, 18)
  header.writeUInt8(lacing.length, 26)
  Buffer.from(lacing).copy(header, 27)
  const page = Buffer.concat([header, ...packets])
  page.writeUInt32LE(crcOf(page), 22)
  return page
}

/** RFC 3533: polynomial 0x04c11db7, no reflection. */
function crcOf(page: Buffer): number {
  let crc = 0
  for (const byte of page) {
    crc ^= byte << 24
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1
  }
  return crc >>> 0
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
