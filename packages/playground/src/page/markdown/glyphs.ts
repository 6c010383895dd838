/** Characters with a meaning of their own: the bot's glyphs, which few fonts have, and the scripted model's tokens. */
import { h } from '../base/dom.ts'

/** Text as nodes; glyphs are drawn by the style sheet or the font we ship, tokens (only tests read them) step back. */
export function renderText(text: string): readonly Node[] {
  return text
    .split(SPECIAL)
    .filter((piece) => piece !== '')
    .map((piece) => {
      const token = TOKEN.exec(piece)?.[1]
      if (token !== undefined) return h('span', { class: 'token', title: TOKEN_TITLE }, h('i', {}, '⟦'), token, h('i', {}, '⟧'))
      const sign = piece.codePointAt(0) ?? 0
      const number = sign - DIGIT_ONE_FULL_STOP + 1
      if (number >= 1 && number <= 20) return h('span', { class: 'glyph glyph-number', 'data-number': `${number}.` }, piece)
      const glyph = GLYPHS.get(String.fromCodePoint(sign))
      return glyph === undefined ? document.createTextNode(piece) : h('span', { class: `glyph glyph-${glyph}` }, piece)
    })
}

const SPECIAL = /(⟦t\d+⟧|[⬥⬦┣◼⨯✗⒈-⒛📄]\uFE0E?)/u
const TOKEN = /^⟦(t\d+)⟧$/
const TOKEN_TITLE = 'The mark of this scripted answer: tests look for it'
/** U+2488 ⒈; ⒛ is nineteen further on. */
const DIGIT_ONE_FULL_STOP = 0x2488

const GLYPHS: ReadonlyMap<string, string> = new Map([
  ['⬥', 'words'],
  ['⬦', 'notice'],
  ['┣', 'branch'],
  ['◼', 'tool'],
  ['⨯', 'bad'],
  ['✗', 'bad'],
  ['📄', 'file'],
])
