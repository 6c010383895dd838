/** The menu of what can be broken beside the bot's process; the status bar shows what lasts, and for how long. */
import type { Lasting, Trouble } from '../../wire.ts'
import { find, h, show } from '../base/dom.ts'
import { toast } from '../base/toasts.ts'
import { causeTrouble } from '../state/connection.ts'
import type { Picture } from '../state/picture.ts'

export interface TroubleMenu {
  show(picture: Picture): void
}

export function createTroubleMenu(): TroubleMenu {
  const [list, lasting, menu] = [find('#trouble-list'), find('#lasting'), find('#troubles')]

  async function cause({ name }: Trouble): Promise<void> {
    menu.hidePopover()
    const done = await causeTrouble(name)
    toast('error' in done ? done.error : done.id, 'error' in done ? 'plain' : 'bad')
  }

  return {
    show(picture) {
      show(
        list,
        picture.hello.troubles.map((trouble) => ({
          key: trouble.name,
          signature: trouble.title,
          make: () => {
            const button = h('button', { type: 'button' }, h('b', {}, trouble.title), h('small', {}, trouble.effect))
            button.addEventListener('click', () => void cause(trouble))
            return h('li', {}, button)
          },
        })),
      )
      const now = Date.now()
      show(
        lasting,
        picture.lasting.map((one) => ({
          key: one.name,
          signature: wordsOf(one, now),
          make: () => h('i', {}, wordsOf(one, now)),
        })),
      )
    },
  }
}

const wordsOf = ({ title, until }: Lasting, now: number): string =>
  until === undefined ? title : `${title} · ${Math.max(0, Math.ceil((until - now) / 1000))} s`
