/** A face for everybody, made from the name alone: initials on a colour. */
import type { Author } from '../../wire.ts'
import { h } from './dom.ts'

export function avatar({ name, bot }: Author, size: 'small' | 'large' = 'large'): HTMLElement {
  const initials = name
    .split(/\s+/)
    .map((word) => word[0] ?? '')
    .join('')
    .slice(0, 2)
    .toUpperCase()
  const tint = bot
    ? 'bot'
    : String(Array.from(name, (letter) => letter.codePointAt(0) ?? 0).reduce((sum, code) => sum + code, 0) % TINTS)
  return h('span', { class: `avatar ${size} tint-${tint}`, 'aria-hidden': 'true' }, initials)
}

const TINTS = 5
