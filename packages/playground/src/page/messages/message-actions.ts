/** What one can do with a message: press its buttons, choose in its menu, and change or take back what one wrote oneself. */
import type { Menu, Message } from '../../wire.ts'
import { chooseIn, deleteMessage, editMessage, pressButton } from '../state/connection.ts'
import { h } from '../base/dom.ts'
import { tell } from '../forms/tell.ts'

export function buttonRow({ id, placeId, buttons }: Message): HTMLElement {
  return h(
    'div',
    { class: 'buttons' },
    ...buttons.map((one) => {
      const button = h('button', { type: 'button', class: `component ${one.look}` }, one.label)
      button.addEventListener('click', () => {
        // Not disabled: it would lose the focus.
        if (button.getAttribute('aria-disabled') === 'true') return
        button.setAttribute('aria-disabled', 'true')
        void tell(pressButton(placeId, id, one.id)).finally(() => button.removeAttribute('aria-disabled'))
      })
      return button
    }),
  )
}

/** One option is chosen with a click; several are ticked, and then sent together. */
export function menuField({ id, placeId }: Message, menu: Menu): HTMLElement {
  const choose = (values: readonly string[]): void => void tell(chooseIn(placeId, id, menu.id, values))
  const isSingle = menu.atMost === 1
  const inputs = menu.options.map(({ value, isPicked }) => {
    const input = h('input', { type: isSingle ? 'radio' : 'checkbox', name: menu.id, value })
    input.checked = isPicked
    if (isSingle) input.addEventListener('change', () => choose([value]))
    return input
  })
  const lines = menu.options.map(({ label, description }, index) =>
    h('label', {}, inputs[index], h('span', {}, label, description !== undefined && h('small', {}, description))),
  )
  const send = h('button', { type: 'button', class: 'component' }, 'Choose these')
  send.addEventListener('click', () => choose(inputs.filter(({ checked }) => checked).map(({ value }) => value)))
  return h('fieldset', { class: 'menu' }, h('legend', {}, menu.placeholder), ...lines, !isSingle && send)
}

/** What is being edited, by message: it goes on where the message is drawn anew meanwhile. */
const drafts = new Map<string, { readonly text: string; readonly caret: number }>()

/** Shown while the pointer is on the message, or the focus in it. `body` makes room for the field when it is edited. */
export function ownActions(message: Message, body: HTMLElement, may: { readonly edit: boolean }): HTMLElement {
  const edit = h('button', { type: 'button', class: 'edit', title: 'Edit' }, 'Edit')
  const remove = h('button', { type: 'button', title: 'Delete' }, 'Delete')
  edit.addEventListener('click', () => editIn(body, message))
  remove.addEventListener('click', () => void tell(deleteMessage(message.placeId, message.id)))
  // Once it is in the page: a field without one has no size.
  if (drafts.has(message.id)) queueMicrotask(() => editIn(body, message))
  return h('div', { class: 'own-actions' }, may.edit && edit, remove)
}

/** Enter saves, Escape leaves it as it was. */
function editIn(body: HTMLElement, { id, placeId, content }: Message): void {
  const shown = [...body.childNodes]
  const draft = drafts.get(id)
  const field = h('textarea', { class: 'edit-field', rows: '1', 'aria-label': 'Edit the message' })
  const hint = h('small', { class: 'edited' }, 'Enter saves · Esc leaves it as it was')
  const keep = () => void drafts.set(id, { text: field.value, caret: field.selectionStart })
  const leave = () => {
    drafts.delete(id)
    body.replaceChildren(...shown)
    document.querySelector<HTMLElement>('#composer-text')?.focus()
  }
  const fit = () => {
    field.style.height = 'auto'
    field.style.height = `${field.scrollHeight}px`
  }
  field.value = draft?.text ?? content
  for (const kind of ['input', 'keyup', 'click']) field.addEventListener(kind, keep)
  field.addEventListener('input', fit)
  field.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') return leave()
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
    event.preventDefault()
    const next = field.value.trim()
    leave()
    if (next !== '' && next !== content) void tell(editMessage(placeId, id, next))
  })
  body.replaceChildren(field, hint)
  fit()
  field.focus()
  field.setSelectionRange(draft?.caret ?? field.value.length, draft?.caret ?? field.value.length)
  keep()
}
