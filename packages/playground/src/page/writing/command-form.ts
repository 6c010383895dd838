/** A command that is being written: its name, what it does, and a field for each option. */
import type { Command } from '../../wire.ts'
import { avatar } from '../base/avatar.ts'
import { h } from '../base/dom.ts'
import type { Options } from '../state/connection.ts'
import type { Picture } from '../state/picture.ts'
import { optionField } from './option-field.ts'

export interface CommandForm {
  readonly line: string
  readonly element: HTMLElement
  focus(): void
  /** Undefined while something is missing, which is then pointed at. */
  options(): Options | undefined
}

interface Surroundings {
  readonly picture: Picture
  readonly place: string
  readonly leave: () => void
}

export function commandForm({ line, description, options }: Command, { picture, place, leave }: Surroundings): CommandForm {
  const given = (): Options =>
    Object.fromEntries(
      fields.flatMap(({ option: { name }, value }) => {
        const one = value()
        return one === undefined ? [] : [[name, one]]
      }),
    )
  const fields = options.map((option) => ({ option, ...optionField(option, { picture, place, line, given }) }))
  const close = h('button', { type: 'button', class: 'leave', 'aria-label': `Leave /${line}` }, '✕')
  close.addEventListener('click', leave)
  const head = h('header', {}, avatar(picture.hello.bot, 'small'), h('b', {}, `/${line}`), h('small', {}, description), close)
  const element = h(
    'div',
    { class: 'command', role: 'group', 'aria-label': `/${line}`, tabindex: '-1' },
    head,
    ...fields.map((field) => field.element),
  )
  element.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !event.defaultPrevented) leave()
  })
  return {
    line,
    element,
    focus: () => (fields[0] ?? { focus: () => close.form?.querySelector<HTMLElement>('#composer-send')?.focus() }).focus(),
    options() {
      const missing = fields.filter(({ option, value }) => option.required && value() === undefined)
      for (const field of fields) field.mark(missing.includes(field))
      missing[0]?.focus()
      return missing.length > 0 ? undefined : given()
    },
  }
}
