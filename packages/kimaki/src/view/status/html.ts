/** HTML that is safe by how it is made: whatever is put into it is a text, unless it is HTML of this kind itself. */

export interface Html {
  readonly html: string
}

type Piece = string | number | Html | readonly Html[] | undefined

/** `undefined` puts in nothing. */
export const html = (texts: TemplateStringsArray, ...pieces: readonly Piece[]): Html => ({
  html: texts.map((text, at) => text + rendered(pieces[at])).join(''),
})

function rendered(piece: Piece): string {
  if (piece === undefined) return ''
  if (typeof piece === 'string' || typeof piece === 'number') return escapeHtml(String(piece))
  return 'html' in piece ? piece.html : piece.map(({ html: one }) => one).join('')
}

const escapeHtml = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
