/** The field for one option of a command: what may be given decides what it looks like. */
import type { Choice, CommandOption } from '../../wire.ts'
import { h } from '../base/dom.ts'
import { fileField } from '../forms/file-field.ts'
import type { Given } from '../state/connection.ts'
import type { Picture } from '../state/picture.ts'
import { proposeIn, type Written } from './proposals.ts'

export interface OptionField {
  readonly element: HTMLElement
  /** Undefined: nothing is given. */
  value(): Given | undefined
  focus(): void
  /** Says that it is missing, or takes that back. */
  mark(isMissing: boolean): void
}

interface Surroundings extends Written {
  readonly picture: Picture
}

type Input = Pick<OptionField, 'value' | 'focus'> & { readonly parts: readonly HTMLElement[] }

export function optionField(option: CommandOption, written: Surroundings): OptionField {
  const id = `option-${option.name}`
  const { parts, value, focus } = inputOf(option, id, written)
  const hint = h('small', { id: `${id}-hint` }, option.description)
  const label = h('label', { for: id }, option.name, option.required ? '' : h('small', {}, 'optional'))
  const element = h('div', { class: 'option' }, label, h('div', { class: 'field' }, ...parts, hint))
  return {
    element,
    value,
    focus,
    mark(isMissing) {
      element.classList.toggle('missing', isMissing)
      element.querySelector('input, select')?.setAttribute('aria-invalid', String(isMissing))
      hint.textContent = isMissing ? 'This option is required. Give a value.' : option.description
    },
  }
}

function inputOf(option: CommandOption, id: string, written: Surroundings): Input {
  if (option.kind === 'file') {
    const { element, focus, files } = fileField({ id, atMost: 1 })
    return { parts: [element], focus, value: () => files()[0] }
  }
  const choices = choicesOf(option, written.picture)
  return choices.length > 0 ? selectOf(option, id, choices) : textOf(option, id, written)
}

function selectOf({ kind, required }: CommandOption, id: string, choices: readonly Choice[]): Input {
  const empty = h('option', { value: '' }, required ? 'Choose…' : '—')
  const options = choices.map(({ name }, index) => h('option', { value: String(index) }, name))
  const select = h('select', { id, 'aria-describedby': `${id}-hint` }, empty, ...options)
  return {
    parts: [select],
    focus: () => select.focus(),
    value() {
      const chosen = select.value === '' ? undefined : choices[Number(select.value)]?.value
      return kind === 'truth' && chosen !== undefined ? chosen === 'true' : chosen
    },
  }
}

function textOf(option: CommandOption, id: string, written: Surroundings): Input {
  const { name, kind, autocomplete } = option
  const type = kind === 'number' && !autocomplete ? 'number' : 'text'
  const input = h('input', { id, type, step: 'any', autocomplete: 'off', 'aria-describedby': `${id}-hint` })
  const plain = (): Given | undefined => {
    const words = input.value.trim()
    if (words === '') return undefined
    return kind === 'number' && Number.isFinite(Number(words)) ? Number(words) : words
  }
  const focus = () => input.focus()
  if (!autocomplete) return { parts: [input], focus, value: plain }
  const { element, picked } = proposeIn(input, name, written)
  return { parts: [element, input], focus, value: () => picked() ?? plain() }
}

function choicesOf({ kind, choices }: CommandOption, { hello, scene }: Picture): readonly Choice[] {
  if (kind === 'truth') return ['True', 'False'].map((name) => ({ name, value: name.toLowerCase() }))
  if (kind === 'user') return [...hello.cast, hello.bot].map(({ id, name }) => ({ name: `@${name}`, value: id }))
  if (kind === 'channel') return scene.channels.map(({ id, name }) => ({ name: `#${name}`, value: id }))
  return choices
}
