/** A list to pick from while the focus stays in its field: arrows move, Enter and Tab pick, Escape closes; or a tap. */
import { h } from '../base/dom.ts'

export interface Picker<T> {
  readonly element: HTMLElement
  /** Without items it is closed. */
  show(items: readonly T[]): void
  /** Whether the key was for the list. */
  takes(event: KeyboardEvent): boolean
}

export interface PickerOptions<T> {
  readonly label: string
  readonly draw: (item: T) => readonly (Node | string)[]
  readonly pick: (item: T) => void
}

export function createPicker<T>(field: HTMLElement, { label, draw, pick }: PickerOptions<T>): Picker<T> {
  const id = `picker-${(pickers += 1)}`
  const element = h('ul', { class: 'picker', id, role: 'listbox', 'aria-label': label, hidden: '' })
  let items: readonly T[] = []
  let current = 0
  field.setAttribute('aria-controls', id)
  field.setAttribute('aria-autocomplete', 'list')
  // A text of several lines may not be one.
  const isCombobox = field instanceof HTMLInputElement
  if (isCombobox) field.setAttribute('role', 'combobox')

  show([])

  function mark(index: number): void {
    current = (index + items.length) % items.length
    for (const [at, option] of [...element.children].entries()) option.setAttribute('aria-selected', String(at === current))
    field.setAttribute('aria-activedescendant', `${id}-${current}`)
    element.children[current]?.scrollIntoView({ block: 'nearest' })
  }

  function show(next: readonly T[]): void {
    items = next
    element.hidden = items.length === 0
    if (isCombobox) field.setAttribute('aria-expanded', String(!element.hidden))
    element.replaceChildren(...items.map(optionElement))
    if (items.length > 0) mark(0)
    else field.removeAttribute('aria-activedescendant')
  }

  function optionElement(item: T, index: number): HTMLElement {
    const option = h('li', { role: 'option', id: `${id}-${index}` }, ...draw(item))
    // Else the field would lose the focus before the click.
    option.addEventListener('pointerdown', (event) => event.preventDefault())
    option.addEventListener('pointermove', () => current !== index && mark(index))
    option.addEventListener('click', () => take(item))
    return option
  }

  function take(item: T | undefined): void {
    show([])
    if (item !== undefined) pick(item)
  }

  return {
    element,
    show,
    takes(event) {
      const move = MOVES.get(event.key)
      const isPick = (event.key === 'Enter' || event.key === 'Tab') && !event.shiftKey
      if (element.hidden || event.isComposing || !(move !== undefined || isPick || event.key === 'Escape')) return false
      event.preventDefault()
      if (move !== undefined) mark(current + move)
      else take(isPick ? items[current] : undefined)
      return true
    },
  }
}

let pickers = 0

const MOVES: ReadonlyMap<string, number> = new Map([
  ['ArrowDown', 1],
  ['ArrowUp', -1],
])
