/** How large an image is, read from its first bytes: PNG, JPEG, GIF and WebP. Nothing is decoded. The plugin in OpenCode has the same for images of tools (`packages/opencode-plugin/src/images/size.ts`). Pure. */

interface Size {
  /** Pixels. */
  readonly width: number
  readonly height: number
}

/** Pixels of the longer side. Models make larger ones smaller themselves, or refuse them. */
export const LONGEST_SIDE = 2000
/** 5 MiB as base64, which providers count. */
export const MOST_BYTES = 3_932_160

/** An image of an unknown kind is never too large. */
export function isTooLarge(image: Uint8Array): boolean {
  const size = sizeOf(image)
  return size !== undefined && (Math.max(size.width, size.height) > LONGEST_SIDE || image.length > MOST_BYTES)
}

/** Undefined: no image of these kinds, or its size does not stand in these bytes. */
export function sizeOf(head: Uint8Array): Size | undefined {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength)
  try {
    if (view.getUint32(0) === 0x89_50_4e_47) return { width: view.getUint32(16), height: view.getUint32(20) }
    if (view.getUint32(0) === GIF8) return { width: view.getUint16(6, true), height: view.getUint16(8, true) }
    if (view.getUint32(0) === RIFF && view.getUint32(8) === WEBP) return webpSize(view)
    return view.getUint16(0) === 0xff_d8 ? jpegSize(view) : undefined
  } catch {
    // It ends before its size.
    return undefined
  }
}

const GIF8 = 0x47_49_46_38
const RIFF = 0x52_49_46_46
const WEBP = 0x57_45_42_50

/** RFC 9649, 2.5 to 2.7: lossy, lossless, extended. */
function webpSize(view: DataView): Size | undefined {
  switch (view.getUint32(12)) {
    case 0x56_50_38_20:
      return { width: view.getUint16(26, true) & 0x3f_ff, height: view.getUint16(28, true) & 0x3f_ff }
    case 0x56_50_38_4c: {
      const bits = view.getUint32(21, true)
      return { width: (bits & 0x3f_ff) + 1, height: ((bits >>> 14) & 0x3f_ff) + 1 }
    }
    case 0x56_50_38_58:
      return { width: (view.getUint32(24, true) & 0xff_ff_ff) + 1, height: (view.getUint32(26, true) >>> 8) + 1 }
    default:
      return undefined
  }
}

/** ITU T.81, B.1: segments up to the frame header (FFC0 to FFCF, but for three that are none). */
function jpegSize(view: DataView): Size | undefined {
  for (let at = 2; view.getUint8(at) === 0xff;) {
    const marker = view.getUint8(at + 1)
    if (isFrame(marker)) return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) }
    // Any number of fill bytes may stand before a marker.
    at += marker === 0xff ? 1 : 2 + view.getUint16(at + 2)
  }
  return undefined
}

const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
