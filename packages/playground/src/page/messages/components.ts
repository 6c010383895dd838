/** Components of a message: containers, texts and separators, as Discord's client draws them. */
import type { Component, Piece } from '../../wire.ts'
import { h } from '../base/dom.ts'
import { renderMarkdown, type Names } from '../markdown/render.ts'

export function drawn(component: Component, names: Names): HTMLElement {
  if (component.kind !== 'container') return pieceElement(component, names)
  const { color, pieces } = component
  const container = h('div', { class: 'container' }, ...pieces.map((piece) => pieceElement(piece, names)))
  if (color !== undefined) container.style.setProperty('--edge', `#${color.toString(16).padStart(6, '0')}`)
  return container
}

const pieceElement = (piece: Piece, names: Names): HTMLElement =>
  piece.kind === 'text' ? h('div', { class: 'text' }, ...renderMarkdown(piece.text, names)) : h('hr')
