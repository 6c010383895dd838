/**
 * A slash command, as it is written:
 *
 *     text ──`/`──▶ menu ──picked──▶ form ──sent──▶ text
 *      ▲ └───────────┴── Escape ──────┘ │
 *      └────────── failed: the form is back, as it was
 */
import type { Command } from '../../wire.ts'
import { avatar } from '../base/avatar.ts'
import { find, h } from '../base/dom.ts'
import { createPicker } from '../forms/picker.ts'
import { tell } from '../forms/tell.ts'
import { useCommand } from '../state/connection.ts'
import type { Picture } from '../state/picture.ts'
import { commandForm, type CommandForm } from './command-form.ts'
import { commandsFor, commandTyped } from './command-search.ts'

export interface CommandWriter {
  show(picture: Picture, place: string): void
  /** Something was typed. */
  typed(): void
  /** Whether the key was for the menu. */
  takes(event: KeyboardEvent): boolean
  /** Whether a command was to be sent, rather than a text. */
  submit(): boolean
  readonly isWriting: boolean
}

/** `changed` hears when the text has given its place to a command, or got it back. */
export function createCommandWriter(text: HTMLTextAreaElement, changed: () => void): CommandWriter {
  const slot = find('#command')
  let now: { readonly picture: Picture; readonly place: string } | undefined
  let form: CommandForm | undefined

  const menu = createPicker<Command>(text, {
    label: 'Commands',
    draw: ({ line, description, options }) => [
      now ? avatar(now.picture.hello.bot, 'small') : '',
      h('span', { class: 'what' }, h('b', {}, `/${line}`), h('small', {}, description)),
      h(
        'span',
        { class: 'options' },
        ...options.map(({ name, required }) => h('i', required ? { class: 'required' } : {}, name)),
      ),
    ],
    pick: begin,
  })
  find('#menu').append(menu.element)
  text.addEventListener('blur', () => menu.show([]))

  function begin(command: Command): void {
    if (!now) return
    text.value = ''
    write(commandForm(command, { ...now, leave: () => write(undefined) }))
  }

  function write(next: CommandForm | undefined): void {
    form = next
    slot.replaceChildren(...(next ? [next.element] : []))
    slot.hidden = next === undefined
    text.hidden = next !== undefined
    changed()
    if (next) next.focus()
    else text.focus()
  }

  async function send(sent: CommandForm, place: string, options: Parameters<typeof useCommand>[2]): Promise<void> {
    if (await tell(useCommand(place, sent.line, options))) return
    if (!form && text.value === '' && now?.place === place) write(sent)
  }

  return {
    show(picture, place) {
      if (now && now.place !== place && form) write(undefined)
      const isNews = now !== undefined && now.picture.scene.commands !== picture.scene.commands
      now = { picture, place }
      // Commands may come while somebody types the name of one.
      if (isNews && !form) menu.show(commandsFor(text.value, picture.scene.commands))
    },
    typed() {
      const commands = now?.picture.scene.commands ?? []
      const whole = commandTyped(text.value, commands)
      if (whole) menu.show([])
      if (whole) begin(whole)
      else menu.show(commandsFor(text.value, commands))
    },
    takes: (event) => menu.takes(event),
    submit() {
      const options = form?.options()
      if (!form || !now) return false
      const [sent, { place }] = [form, now]
      if (options === undefined) return true
      write(undefined)
      void send(sent, place, options)
      return true
    },
    get isWriting() {
      return form !== undefined
    },
  }
}
