/** Short words about what just happened; they leave by themselves. */
import { find, h } from './dom.ts'

export function toast(text: string, tone: 'plain' | 'good' | 'bad'): void {
  const box = h('p', { class: `toast ${tone}` }, text)
  find('#toasts').append(box)
  setTimeout(() => box.classList.add('leaving'), STAY_MS)
  setTimeout(() => box.remove(), STAY_MS + LEAVE_MS)
}

const STAY_MS = 5_000
const LEAVE_MS = 300
