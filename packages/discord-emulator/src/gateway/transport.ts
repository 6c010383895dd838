/**
 * How payloads are put on the wire: plain text, or one of the two transport compressions (docs: Gateway > Transport Compression).
 * The compressed streams are valid but do not compress: their blocks are stored ones, so that a payload leaves in the same tick
 * without a native codec's queue.
 */
export type Encode = (text: string) => string | Buffer

const plain: Encode = (text) => text

/** Undefined for a `compress` value Discord does not know. */
export function createEncoder(compress: string | null): Encode | undefined {
  if (compress === null || compress === '') return plain
  if (compress === 'zlib-stream') return zlibStream()
  return compress === 'zstd-stream' ? zstdStream() : undefined
}

/** RFC 1950/1951: header once, stored blocks, and an empty block that ends every message with 00 00 FF FF. */
function zlibStream(): Encode {
  let header = [Buffer.from([0x78, 0x01])]
  return (text) => {
    const blocks = slices(Buffer.from(text), 0xffff).map(storedBlock)
    const message = Buffer.concat([...header, ...blocks, storedBlock(Buffer.alloc(0))])
    header = []
    return message
  }
}

function storedBlock(data: Buffer): Buffer {
  const head = Buffer.alloc(5)
  head.writeUInt16LE(data.length, 1)
  head.writeUInt16LE(~data.length & 0xffff, 3)
  return Buffer.concat([head, data])
}

/** RFC 8878: one frame that never ends (window 128 KiB, no checksum), raw blocks. */
function zstdStream(): Encode {
  let header = [Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38])]
  return (text) => {
    const blocks = slices(Buffer.from(text), 0x1_ff_ff).map(rawBlock)
    const message = Buffer.concat([...header, ...blocks])
    header = []
    return message
  }
}

function rawBlock(data: Buffer): Buffer {
  const head = Buffer.alloc(3)
  head.writeUIntLE(data.length << 3, 0, 3)
  return Buffer.concat([head, data])
}

function slices(data: Buffer, size: number): readonly Buffer[] {
  return Array.from({ length: Math.ceil(data.length / size) }, (_, index) => data.subarray(index * size, (index + 1) * size))
}
