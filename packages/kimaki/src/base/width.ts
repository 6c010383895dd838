/** How many columns of a fixed-width font a text takes: East Asian characters and emoji take two, marks on others none. */
import { isBlank } from './text.ts'

export function widthOf(text: string): number {
  if (/^[\u0020-\u02FF]*$/.test(text)) return text.length
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' })
  let width = 0
  for (const { segment } of segmenter.segment(text)) width += isBlank(segment) && segment !== ' ' ? 0 : WIDE.test(segment) ? 2 : 1
  return width
}

/** Made when first needed: its construction takes 15 ms. */
let segmenter: Intl.Segmenter | undefined

/** `wc` of Unicode: East_Asian_Width W and F, and emoji that are shown as pictures. */
const WIDE =
  /^[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{20000}-\u{3FFFD}]|\p{Emoji_Presentation}|\uFE0F/u
