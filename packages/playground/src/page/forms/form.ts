/** What the bot asks for before it takes a press: one field, for words or for files, above the page. */
import type { Form } from '../../wire.ts'
import { h } from '../base/dom.ts'
import { fillFiles, fillWords, type Answer } from '../state/connection.ts'
import { fileField } from './file-field.ts'

interface Field {
  readonly element: HTMLElement
  focus(): void
  /** Undefined while something is missing. */
  fill(): Promise<Answer> | undefined
}

export function showForm({ title, label, field: asked }: Form, tell: (answer: Promise<Answer>) => Promise<boolean>): void {
  const send = h('button', { type: 'button', class: 'component primary' }, 'Submit')
  const leave = h('button', { type: 'button', class: 'component quiet' }, 'Cancel')
  const submit = (): void => {
    const filled = field.fill()
    if (filled === undefined) return field.focus()
    dialog.close()
    void tell(filled)
  }
  const field = asked.kind === 'words' ? wordsField(asked.placeholder, submit) : filesField(asked)
  const dialog = h(
    'dialog',
    { class: 'form', 'aria-labelledby': 'form-title' },
    h('h2', { id: 'form-title' }, title),
    h('label', { for: FIELD }, label),
    field.element,
    h('div', { class: 'buttons' }, send, leave),
  )
  send.addEventListener('click', submit)
  leave.addEventListener('click', () => dialog.close())
  dialog.addEventListener('close', () => dialog.remove())
  document.body.append(dialog)
  dialog.showModal()
  field.focus()
}

function wordsField(placeholder: string, submit: () => void): Field {
  const field = h('textarea', { id: FIELD, rows: '3', placeholder })
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
    event.preventDefault()
    submit()
  })
  return {
    element: field,
    focus: () => field.focus(),
    fill: () => (field.value.trim() === '' ? undefined : fillWords(field.value)),
  }
}

function filesField({ atLeast, atMost }: Extract<Form['field'], { readonly kind: 'files' }>): Field {
  const { element, focus, files } = fileField({ id: FIELD, atMost })
  return { element, focus, fill: () => (files().length < atLeast ? undefined : fillFiles(files())) }
}

const FIELD = 'form-field'
