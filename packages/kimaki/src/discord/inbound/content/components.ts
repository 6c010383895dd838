/** The words in a message made of components (Discord docs: Component Reference), in the order in which they are read. Pure. */
import { ComponentType } from 'discord-api-types/v10'
import { cut } from '../../../base/text.ts'

/** Components as Discord sends them: kinds may be new, so each is looked at as data. */
export type RawComponents = readonly unknown[]

/** Texts, and what pictures are said to show; what is for pressing and choosing has no words of its own. */
export function componentTexts(components: RawComponents = []): readonly string[] {
  let left = LONGEST
  return piecesOf(components, 0).flatMap((piece) => {
    const text = cut(piece.trim(), left)
    left -= text.length
    return text === '' ? [] : [text]
  })
}

function piecesOf(components: RawComponents, depth: number): readonly string[] {
  if (depth > DEEPEST) return []
  return components.filter(isRecord).flatMap((component) => {
    const { type, content, description, accessory } = component
    if (type === ComponentType.TextDisplay) return wordsOf(content)
    if (type === ComponentType.Thumbnail) return wordsOf(description)
    if (type === ComponentType.MediaGallery)
      return listOf(component['items'])
        .filter(isRecord)
        .flatMap((item) => wordsOf(item['description']))
    return [...piecesOf(listOf(component['components']), depth + 1), ...piecesOf(accessory ? [accessory] : [], depth + 1)]
  })
}

type Fields = Readonly<Record<string, unknown>>

const isRecord = (value: unknown): value is Fields => typeof value === 'object' && value !== null
const listOf = (value: unknown): RawComponents => (Array.isArray(value) ? value : [])
const wordsOf = (value: unknown): readonly string[] => (typeof value === 'string' && value !== '' ? [value] : [])

/** Discord docs: Text Display, 4000 characters in all of a message. */
const LONGEST = 4000
/** A container holds sections, and these hold texts. */
const DEEPEST = 4
