/** What the bot proposes while somebody types into an option, as a list above its field. */
import type { Choice } from '../../wire.ts'
import { createPicker } from '../forms/picker.ts'
import { proposed, type Options } from '../state/connection.ts'

/** The command that is being written. */
export interface Written {
  readonly place: string
  /** Without the slash. */
  readonly line: string
  /** What stands in all fields. */
  readonly given: () => Options
}

export interface Proposals {
  readonly element: HTMLElement
  /** The value of what was picked, while its name stands in the field. */
  picked(): Choice['value'] | undefined
}

export function proposeIn(input: HTMLInputElement, option: string, { place, line, given }: Written): Proposals {
  let last: Choice | undefined
  let asked = 0
  let waiting: ReturnType<typeof setTimeout> | undefined
  const picker = createPicker<Choice>(input, {
    label: `Proposals for ${option}`,
    draw: ({ name }) => [name],
    pick(choice) {
      last = choice
      input.value = choice.name
    },
  })

  async function ask(): Promise<void> {
    const turn = (asked += 1)
    const choices = await proposed(place, line, { ...given(), [option]: input.value }, option)
    // What was typed meanwhile has a question of its own.
    if (turn === asked && document.activeElement === input) picker.show(choices)
  }

  const askSoon = () => {
    clearTimeout(waiting)
    waiting = setTimeout(() => void ask(), LULL_MS)
  }
  input.addEventListener('input', askSoon)
  input.addEventListener('focus', askSoon)
  input.addEventListener('blur', () => picker.show([]))
  input.addEventListener('keydown', (event) => picker.takes(event))
  return { element: picker.element, picked: () => (last?.name === input.value ? last.value : undefined) }
}

/** Each question takes the bot some work, and Discord's client does not ask for every letter either. */
const LULL_MS = 200
