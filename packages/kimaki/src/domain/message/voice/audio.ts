/** What a recording is, by its bytes: the type a provider is told, and how long it lasts where that can be read off. */
import { fileContent } from '../file-content.ts'

export type Sound =
  | { readonly kind: 'sound'; readonly mime: string; readonly seconds: number | undefined }
  /** `reason` follows the name of the file. */
  | { readonly kind: 'broken'; readonly reason: string }

export function soundOf(bytes: Uint8Array): Sound {
  if (bytes.length === 0) return { kind: 'broken', reason: 'is empty' }
  const mime = mimeOf(bytes)
  if (mime === undefined) return { kind: 'broken', reason: 'is damaged, or no recording' }
  if (mime === 'audio/ogg') return oggSound(bytes)
  return { kind: 'sound', mime, seconds: mime === 'audio/wav' ? wavSeconds(bytes) : undefined }
}

function mimeOf(bytes: Uint8Array): string | undefined {
  const content = fileContent(bytes, 'application/octet-stream')
  if (content.kind === 'binary' && content.mime !== undefined && TAKEN.has(content.mime)) return TAKEN.get(content.mime)
  const [first = 0, second = 0] = bytes
  // A frame of MPEG audio layer 3 begins with eleven ones, or of AAC with twelve (ADTS), and no tag need stand before it.
  if (first !== 0xff || (second & 0xe0) !== 0xe0) return undefined
  return (second & 0xf6) === 0xf0 ? 'audio/aac' : 'audio/mpeg'
}

/** A container that also holds films is taken for one that only holds sound. */
const TAKEN: ReadonlyMap<string, string> = new Map([
  ['audio/ogg', 'audio/ogg'],
  ['audio/wav', 'audio/wav'],
  ['audio/mpeg', 'audio/mpeg'],
  ['audio/flac', 'audio/flac'],
  ['audio/mp4', 'audio/mp4'],
  ['video/mp4', 'audio/mp4'],
  ['video/quicktime', 'audio/mp4'],
  ['video/webm', 'audio/webm'],
])

/** RFC 3533: pages of a header, a table of lengths, and their sum. The last page tells how many samples there are. */
function oggSound(bytes: Uint8Array): Sound {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let samples = 0
  let at = 0
  while (at < bytes.length) {
    const isPage = at + PAGE_HEADER <= bytes.length && view.getUint32(at) === OGGS
    if (!isPage) return CUT_OFF
    const granule = view.getBigInt64(at + 6, true)
    if (granule > 0n) samples = Number(granule)
    const lengths = view.getUint8(at + 26)
    if (at + PAGE_HEADER + lengths > bytes.length) return CUT_OFF
    const table = bytes.subarray(at + PAGE_HEADER, at + PAGE_HEADER + lengths)
    at += PAGE_HEADER + lengths + table.reduce((sum, length) => sum + length, 0)
  }
  if (at > bytes.length) return CUT_OFF
  const rate = rateOf(bytes, view)
  return { kind: 'sound', mime: 'audio/ogg', seconds: rate === undefined ? undefined : samples / rate }
}

/**
 * How loud an Ogg file of Opus is over its time, up to 256 points of a byte each: by the sizes of its packets, since an encoder spends more on
 * what is loud, and nothing here decodes it. Undefined: it is another kind of file.
 */
export function opusWaveform(bytes: Uint8Array): Uint8Array | undefined {
  if (soundOf(bytes).kind !== 'sound' || String.fromCharCode(...bytes.subarray(28, 36)) !== 'OpusHead') return undefined
  // The first two packets are headers.
  const sizes = packetSizes(bytes).slice(2)
  const points = Math.min(MOST_POINTS, Math.max(1, sizes.length))
  const largest = Math.max(1, ...sizes)
  return Uint8Array.from({ length: points }, (_, point) => {
    const piece = sizes.slice(Math.floor((point * sizes.length) / points), Math.ceil(((point + 1) * sizes.length) / points))
    const mean = piece.reduce((sum, size) => sum + size, 0) / Math.max(1, piece.length)
    return Math.round((255 * mean) / largest)
  })
}

const MOST_POINTS = 256

/** A packet ends with the first length below 255, and may go on in the next page. */
function packetSizes(bytes: Uint8Array): readonly number[] {
  const sizes: number[] = []
  let size = 0
  for (let at = 0; at + PAGE_HEADER <= bytes.length;) {
    const lengths = bytes.subarray(at + PAGE_HEADER, at + PAGE_HEADER + (bytes[at + PAGE_HEADER - 1] ?? 0))
    for (const length of lengths) {
      size += length
      if (length === 255) continue
      sizes.push(size)
      size = 0
    }
    at += PAGE_HEADER + lengths.length + lengths.reduce((sum, length) => sum + length, 0)
  }
  return sizes
}

const PAGE_HEADER = 27
const OGGS = 0x4f676753
const CUT_OFF: Sound = { kind: 'broken', reason: 'is cut off' }

/** RFC 7845: granules of Opus count at 48 kHz, whatever was recorded. Vorbis I, 4.2.2: its header names the rate. */
function rateOf(bytes: Uint8Array, view: DataView): number | undefined {
  const head = String.fromCharCode(...bytes.subarray(28, 36))
  if (head.startsWith('OpusHead')) return 48_000
  return head.startsWith('\u0001vorbis') && bytes.length >= 44 ? view.getUint32(40, true) || undefined : undefined
}

function wavSeconds(bytes: Uint8Array): number | undefined {
  if (bytes.length < 44) return undefined
  const perSecond = new DataView(bytes.buffer, bytes.byteOffset).getUint32(28, true)
  return perSecond === 0 ? undefined : (bytes.length - 44) / perSecond
}
