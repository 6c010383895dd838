/**
 * What a file is, by its bytes: Discord's content type is only what the sender's program made of the file name. Pure.
 *
 * Models take PNG, JPEG, GIF, WebP and PDF. OpenCode decodes an image before the model gets it and fails the whole prompt when it cannot,
 * and a model refuses a broken PDF anew in every later message of the session: so what is cut off must be found out before it is sent.
 */
export type FileContent =
  /** `encoding`: how the bytes hold the text. */
  | { readonly kind: 'text'; readonly text: string; readonly encoding: TextEncodingName }
  | { readonly kind: 'media'; readonly mime: MediaType }
  /** `mime`: what the bytes say; undefined: nothing that is known here. */
  | { readonly kind: 'binary'; readonly mime: string | undefined }
  /** `reason` completes a sentence that begins with the name of the file. */
  | { readonly kind: 'broken'; readonly reason: string }

export type TextEncodingName = 'utf-8' | 'utf-16le' | 'utf-16be'
export type MediaType = 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp' | 'application/pdf'

/** `contentType`: Discord's, for what the bytes alone leave open: a few bytes of an image, or a text that begins as one. */
export function fileContent(bytes: Uint8Array, contentType: string): FileContent {
  if (bytes.length === 0) return broken(EMPTY)
  const isMeantAsMedia = MEANT_AS_MEDIA.test(contentType.trim())
  const media = MEDIA.find(({ isOf }) => isOf(bytes))
  if (media?.isWhole(bytes)) return { kind: 'media', mime: media.mime }
  if (isMeantAsMedia && (media || bytes.length < SHORTEST_SIGNATURE)) return broken(CUT_OFF)
  return textIn(bytes) ?? (media ? broken(CUT_OFF) : { kind: 'binary', mime: otherType(bytes) })
}

const broken = (reason: string): FileContent => ({ kind: 'broken', reason })

const MEANT_AS_MEDIA = /^(?:image\/(?!svg)|application\/pdf)/i
/** No image or PDF can be told, or be whole, with fewer bytes. */
const SHORTEST_SIGNATURE = 12

export const EMPTY = 'is empty (0 bytes)'
export const CUT_OFF = 'is damaged: it ends in the middle'

interface Media {
  readonly mime: MediaType
  /** By the first bytes, which no other format has. */
  readonly isOf: (bytes: Uint8Array) => boolean
  /** Not cut off, as far as its structure tells; nothing is decoded. */
  readonly isWhole: (bytes: Uint8Array) => boolean
}

const MEDIA: readonly Media[] = [
  { mime: 'image/png', isOf: begins([0x89, ...ascii('PNG')]), isWhole: isWholePng },
  { mime: 'image/jpeg', isOf: begins([0xff, 0xd8, 0xff]), isWhole: isWholeJpeg },
  { mime: 'image/gif', isOf: begins(ascii('GIF8')), isWhole: isWholeGif },
  { mime: 'image/webp', isOf: (bytes) => isRiff(bytes, 'WEBP'), isWhole: isWholeWebp },
  { mime: 'application/pdf', isOf: begins(ascii('%PDF-')), isWhole: (bytes) => indexOf(bytes, ascii(' obj'), 0) !== -1 },
]

/** W3C PNG, chunk layout: length, type, data, CRC; IHDR first, IEND last. */
function isWholePng(bytes: Uint8Array): boolean {
  const view = viewOf(bytes)
  if (bytes.length < 33 || !hasAt(bytes, 12, 'IHDR') || view.getUint32(16) === 0 || view.getUint32(20) === 0) return false
  for (let at = 8; at + 12 <= bytes.length; at += 12 + view.getUint32(at)) if (hasAt(bytes, at + 4, 'IEND')) return true
  return false
}

/** ITU T.81, B.1: segments up to the start of the scan (FFDA), then data up to the end of the image (FFD9). */
function isWholeJpeg(bytes: Uint8Array): boolean {
  const view = viewOf(bytes)
  let at = 2
  while (at + 4 <= bytes.length && view.getUint8(at) === 0xff) {
    const marker = view.getUint8(at + 1)
    if (marker === 0xda) return indexOf(bytes, [0xff, 0xd9], at) !== -1
    // Any number of fill bytes may stand before a marker.
    at += marker === 0xff ? 1 : 2 + view.getUint16(at + 2)
  }
  return false
}

/** Header, size, and at least one image (0x2C) or extension (0x21) behind the colour table. */
function isWholeGif(bytes: Uint8Array): boolean {
  if (bytes.length < 14) return false
  const view = viewOf(bytes)
  const flags = view.getUint8(10)
  const first = 13 + (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0)
  const hasSize = view.getUint16(6, true) > 0 && view.getUint16(8, true) > 0
  return hasSize && (bytes[first] === 0x2c || bytes[first] === 0x21) && bytes.length > first + 9
}

/** RIFF says its own length. */
function isWholeWebp(bytes: Uint8Array): boolean {
  return bytes.length >= 20 && bytes.length >= 8 + viewOf(bytes).getUint32(4, true)
}

/** By its byte order mark, else as UTF-8; bytes that are not valid, or that hold NUL, are no text. */
function textIn(bytes: Uint8Array): Extract<FileContent, { readonly kind: 'text' }> | undefined {
  const encoding = encodingOf(bytes)
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes)
    return text.includes('\0') ? undefined : { kind: 'text', text, encoding }
  } catch {
    return undefined
  }
}

function encodingOf(bytes: Uint8Array): TextEncodingName {
  if (startsWith(bytes, [0xff, 0xfe])) return 'utf-16le'
  return startsWith(bytes, [0xfe, 0xff]) ? 'utf-16be' : 'utf-8'
}

/** Types that a sender often labels as another, or not at all. The agent is told the type; a model does not take them. */
function otherType(bytes: Uint8Array): string | undefined {
  if (hasAt(bytes, 4, 'ftyp')) return BRANDS.find(([brand]) => hasAt(bytes, 8, brand))?.[1] ?? 'video/mp4'
  if (isRiff(bytes, 'WAVE')) return 'audio/wav'
  if (isRiff(bytes, 'AVI ')) return 'video/x-msvideo'
  return OTHERS.find(([signature]) => startsWith(bytes, signature))?.[1]
}

/** A still image of HEIF, as telephones take it; no model reads it. */
export const isHeif = (bytes: Uint8Array): boolean =>
  hasAt(bytes, 4, 'ftyp') && HEIF_BRANDS.some((brand) => hasAt(bytes, 8, brand))

const HEIF_BRANDS = ['heic', 'heix', 'heim', 'heis', 'mif1']

/** ISO/IEC 14496-12: the brand behind `ftyp`. */
const BRANDS: readonly (readonly [string, string])[] = [
  ['heic', 'image/heic'],
  ['heix', 'image/heic'],
  ['heim', 'image/heic'],
  ['heis', 'image/heic'],
  ['hevc', 'image/heic-sequence'],
  ['mif1', 'image/heif'],
  ['msf1', 'image/heif-sequence'],
  ['avif', 'image/avif'],
  ['avis', 'image/avif'],
  ['M4A ', 'audio/mp4'],
  ['qt  ', 'video/quicktime'],
]

const OTHERS: readonly (readonly [readonly number[], string])[] = [
  [[...ascii('II'), 0x2a, 0], 'image/tiff'],
  [[...ascii('MM'), 0, 0x2a], 'image/tiff'],
  [ascii('8BPS'), 'image/vnd.adobe.photoshop'],
  [[0, 0, 0, 0x0c, ...ascii('JXL ')], 'image/jxl'],
  [[0xff, 0x0a], 'image/jxl'],
  [[0, 0, 0, 0x0c, ...ascii('jP  ')], 'image/jp2'],
  [[0, 0, 1, 0], 'image/x-icon'],
  [ascii('BM'), 'image/bmp'],
  [[...ascii('PK'), 3, 4], 'application/zip'],
  [[0x1f, 0x8b], 'application/gzip'],
  [[...ascii('7z'), 0xbc, 0xaf], 'application/x-7z-compressed'],
  [ascii('SQLite format 3'), 'application/vnd.sqlite3'],
  [ascii('OggS'), 'audio/ogg'],
  [ascii('fLaC'), 'audio/flac'],
  [ascii('ID3'), 'audio/mpeg'],
  [[0x1a, 0x45, 0xdf, 0xa3], 'video/webm'],
]

function ascii(text: string): readonly number[] {
  return Array.from(text, (letter) => letter.charCodeAt(0))
}

function begins(signature: readonly number[]): (bytes: Uint8Array) => boolean {
  return (bytes) => startsWith(bytes, signature)
}

const isRiff = (bytes: Uint8Array, form: string): boolean => hasAt(bytes, 0, 'RIFF') && hasAt(bytes, 8, form)
const startsWith = (bytes: Uint8Array, signature: readonly number[]): boolean =>
  signature.every((byte, index) => bytes[index] === byte)
const hasAt = (bytes: Uint8Array, at: number, text: string): boolean =>
  startsWith(bytes.subarray(at, at + text.length), ascii(text))
const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array): DataView => new DataView(buffer, byteOffset, byteLength)

function indexOf(bytes: Uint8Array, wanted: readonly number[], from: number): number {
  const [first = 0] = wanted
  for (let at = bytes.indexOf(first, from); at !== -1; at = bytes.indexOf(first, at + 1))
    if (startsWith(bytes.subarray(at, at + wanted.length), wanted)) return at
  return -1
}
