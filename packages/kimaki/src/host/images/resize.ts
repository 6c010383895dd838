/** A program of its own: each image that it is sent it sends back smaller, or null where that cannot be done. Ends with whoever has started it. */
import sharp from 'sharp'
import { isHeif } from '../../domain/message/file-content.ts'
import { LONGEST_SIDE, MOST_BYTES } from '../../domain/message/image-size.ts'
import type { SmallerImage } from '../../ports/images.ts'

/** A few kilobytes may claim to be a picture that fills the memory. */
const MOST_PIXELS = 100_000_000
/** Each tried after the one before came out with too many bytes. */
const SIDES = [LONGEST_SIDE, 1500, 1000, 500]
const QUALITIES = [85, 65]

async function resized(image: Uint8Array): Promise<SmallerImage | null> {
  const photo = isHeif(image) ? await decoded(image) : undefined
  const source = photo ? sharp(photo.data, { raw: photo.raw }) : sharp(image, { limitInputPixels: MOST_PIXELS }).autoOrient()
  const isPhoto = photo !== undefined || (await source.metadata()).format === 'jpeg'
  for (const side of SIDES) {
    const smaller = source.clone().resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
    const png = isPhoto ? undefined : await smaller.clone().png().toBuffer()
    if (png && png.length <= MOST_BYTES) return { mime: 'image/png', bytes: png }
    for (const quality of QUALITIES) {
      const jpeg = await smaller.clone().flatten({ background: 'white' }).jpeg({ quality }).toBuffer()
      if (jpeg.length <= MOST_BYTES) return { mime: 'image/jpeg', bytes: jpeg }
    }
  }
  return null
}

/** What telephones make, and sharp does not read: its codec is under patents. The library turns it as the camera says. */
async function decoded(image: Uint8Array) {
  const { default: library } = await import('libheif-js/wasm-bundle.js')
  const [first] = new library.HeifDecoder().decode(image)
  if (!first) throw new Error('there is no image in the file')
  const [width, height] = [first.get_width(), first.get_height()]
  if (width * height > MOST_PIXELS) throw new Error('the image is too large')
  const pixels = { data: new Uint8ClampedArray(width * height * 4), width, height }
  const isShown = await new Promise<boolean>((resolve) => first.display(pixels, (shown) => resolve(shown !== null)))
  if (!isShown) throw new Error('the image is damaged')
  return { data: pixels.data, raw: { width, height, channels: 4 } as const }
}

process.on('message', (image: Uint8Array) => {
  void resized(image)
    .catch(() => null)
    .then((smaller) => process.send?.(smaller))
})
process.on('disconnect', () => process.exit())
