/** What the bot asks for before it takes a press: fields for words or for files, above the page. */
import type { Form, FormField } from '../../wire.ts'
import { h } from '../base/dom.ts'
import { fillIn, type Answer } from '../state/connection.ts'
import { fileField } from './file-field.ts'

interface Field {
  readonly element: HTMLElement
  focus(): void
  /** Undefined while something is missing. */
  value(): string | readonly File[] | undefined
}

export function showForm({ title, fields: asked }: Form, tell: (answer: Promise<Answer>) => Promise<boolean>): void {
  const send = h('button', { type: 'button', class: 'component primary' }, 'Submit')
  const leave = h('button', { type: 'button', class: 'component quiet' }, 'Cancel')
  const submit = (): void => {
    const missing = fields.find((field) => field.value() === undefined)
    if (missing) return missing.focus()
    const values = asked.map(({ id }, at) => [id, fields[at]?.value() ?? ''] as const)
    dialog.close()
    void tell(fillIn(Object.fromEntries(values)))
  }
  const fields = asked.map((field, at) => fieldFor(field, `form-field-${at}`, submit))
  const rows = asked.map((field, at) =>
    h('div', { class: 'field' }, h('label', { for: `form-field-${at}` }, labelOf(field)), fields[at]?.element ?? ''),
  )
  const dialog = h(
    'dialog',
    { class: 'form', 'aria-labelledby': 'form-title' },
    h('h2', { id: 'form-title' }, title),
    ...rows,
    h('div', { class: 'buttons' }, send, leave),
  )
  send.addEventListener('click', submit)
  leave.addEventListener('click', () => dialog.close())
  dialog.addEventListener('close', () => dialog.remove())
  document.body.append(dialog)
  dialog.showModal()
  fields[0]?.focus()
}

const labelOf = ({ label, input }: FormField): string => (input.atLeast === 0 ? `${label} (optional)` : label)

function fieldFor({ input }: FormField, id: string, submit: () => void): Field {
  return input.kind === 'words' ? wordsField(input, id, submit) : filesField(input, id)
}

type Input<Kind> = Extract<FormField['input'], { readonly kind: Kind }>

/** *Enter* sends the form; in a field of several lines *Shift* and *Enter* begin a line. */
function wordsField({ placeholder, value, isOneLine, atLeast, atMost }: Input<'words'>, id: string, submit: () => void): Field {
  const about = { id, placeholder, maxlength: String(atMost) }
  const field = isOneLine ? h('input', { ...about, type: 'text', autocomplete: 'off' }) : h('textarea', { ...about, rows: '3' })
  field.value = value
  field.addEventListener('keydown', (event) => {
    if (!(event instanceof KeyboardEvent) || event.key !== 'Enter' || event.shiftKey || event.isComposing) return
    event.preventDefault()
    submit()
  })
  return {
    element: field,
    focus: () => field.focus(),
    value: () => (atLeast > 0 && field.value.trim().length < atLeast ? undefined : field.value),
  }
}

function filesField({ atLeast, atMost }: Input<'files'>, id: string): Field {
  const { element, focus, files } = fileField({ id, atMost })
  return { element, focus, value: () => (files().length < atLeast ? undefined : files()) }
}
