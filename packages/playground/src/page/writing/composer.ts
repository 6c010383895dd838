/** Where one writes: Enter sends, Shift+Enter begins a new line, `/` begins a command; above it, prompts the script knows. */
import { sendMessage } from '../state/connection.ts'
import { find, h, show } from '../base/dom.ts'
import type { Picture } from '../state/picture.ts'
import { createCommandWriter } from './command-writer.ts'
import { createOutgoing, pastedFiles, TEXT_MAX } from './outgoing.ts'
import { toast } from '../base/toasts.ts'

export interface Composer {
  show(picture: Picture, place: string): void
  focus(): void
}

/** `onSent` hears where a message went and what its id is. */
export function createComposer(onSent: (placeId: string, messageId: string) => void): Composer {
  const form = find('#composer', 'form')
  const text = find('#composer-text', 'textarea')
  const button = find('#composer-send', 'button')
  const examples = find('#examples')
  const counter = find('#counter')
  /** What was being written elsewhere. */
  const drafts = new Map<string, string>()
  let place = ''
  /** One after the other, so that they arrive in the order of writing. */
  let sending: Promise<unknown> = Promise.resolve()

  const fit = () => {
    text.style.height = 'auto'
    // Zero while the room is not shown.
    if (text.scrollHeight > 0) text.style.height = `${text.scrollHeight}px`
    const left = TEXT_MAX - text.value.length
    counter.hidden = left > COUNT_FROM
    counter.textContent = String(left)
    counter.classList.toggle('over', left < 0)
    const isEmpty = text.value.trim() === '' && outgoing.files.length === 0
    button.disabled = !commands.isWriting && (isEmpty || left < 0)
  }

  const outgoing = createOutgoing(find('#outgoing'), () => fit())
  const commands = createCommandWriter(text, fit)

  async function send(content: string, files: readonly File[] = [], as?: string): Promise<boolean> {
    const to = place
    const answer = sending.then(() => sendMessage(to, content, files, as))
    sending = answer
    const sent = await answer
    if ('error' in sent) {
      toast(sent.error, 'bad')
      return false
    }
    onSent(to, sent.id)
    return true
  }

  async function submit(): Promise<void> {
    const content = text.value.trim()
    if (button.disabled) return
    text.value = ''
    const files = outgoing.take()
    if (await send(content, files)) return
    text.value = content
    outgoing.add(files)
    fit()
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault()
    if (!commands.submit()) void submit()
  })
  text.addEventListener('input', () => {
    commands.typed()
    fit()
  })
  text.addEventListener('paste', (event) => {
    const files = pastedFiles(event, text)
    if (files.length === 0) return
    event.preventDefault()
    outgoing.add(files)
  })
  find('.room').addEventListener('drop', (event) => {
    // The field of a form takes its own.
    if (!event.defaultPrevented) outgoing.add([...(event.dataTransfer?.files ?? [])])
  })
  text.addEventListener('keydown', (event) => {
    if (commands.takes(event)) return
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
    event.preventDefault()
    void submit()
  })

  return {
    show(picture, next) {
      const { hello, scene } = picture
      commands.show(picture, next)
      if (next !== place) {
        drafts.set(place, text.value)
        text.value = drafts.get(next) ?? ''
        place = next
      }
      fit()
      const channel = scene.channels.find(({ id }) => id === place)
      const thread = scene.threads.find(({ id }) => id === place)
      const label = `Message ${channel ? `#${channel.name}` : (thread?.name ?? '')}`
      text.placeholder = label
      text.setAttribute('aria-label', label)
      const project = scene.channels.find(({ id }) => id === (thread?.channelId ?? place))
      const offered = project?.folder === undefined ? [] : hello.examples.filter(({ inThread }) => !inThread || thread)
      show(
        examples,
        offered.map(({ label, prompt, byGuest }) => ({
          key: label,
          signature: prompt,
          make: () => {
            const chip = h(
              'button',
              { type: 'button', class: 'chip', title: byGuest ? `Somebody else writes: ${prompt}` : `Sends: ${prompt}` },
              label,
            )
            chip.addEventListener('click', ({ detail }) => {
              // The second click of a double one: they want it once.
              if (detail > 1) return
              void send(prompt, [], byGuest ? hello.cast.find(({ kind }) => kind === 'guest')?.id : undefined)
            })
            return chip
          },
        })),
      )
    },
    focus: () => text.focus(),
  }
}

/** Discord's client counts when so few letters are left. */
const COUNT_FROM = 200
