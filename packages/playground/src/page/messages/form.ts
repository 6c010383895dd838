/** What the bot asks for before it takes a press: one field for words, above the page. */
import type { Form } from '../../wire.ts'
import { h } from '../base/dom.ts'
import { fillForm, type Answer } from '../state/connection.ts'

export function showForm({ title, label, placeholder }: Form, tell: (answer: Promise<Answer>) => Promise<void>): void {
  const field = h('textarea', { id: 'form-words', rows: '3', placeholder })
  const send = h('button', { type: 'button', class: 'component' }, 'Submit')
  const leave = h('button', { type: 'button', class: 'component quiet' }, 'Cancel')
  const dialog = h(
    'dialog',
    { class: 'form', 'aria-labelledby': 'form-title' },
    h('h2', { id: 'form-title' }, title),
    h('label', { for: 'form-words' }, label),
    field,
    h('div', { class: 'buttons' }, send, leave),
  )
  const submit = (): void => {
    if (field.value.trim() === '') return field.focus()
    dialog.close()
    void tell(fillForm(field.value))
  }
  send.addEventListener('click', submit)
  leave.addEventListener('click', () => dialog.close())
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
    event.preventDefault()
    submit()
  })
  dialog.addEventListener('close', () => dialog.remove())
  document.body.append(dialog)
  dialog.showModal()
  field.focus()
}
