/** Below the message that began a thread: what the thread is called, how long it is, and its last words. */
import type { Author, Thread } from '../../wire.ts'
import { avatar } from '../base/avatar.ts'
import { h } from '../base/dom.ts'
import { counted } from '../base/format.ts'
import { FOOTER } from './footer.ts'
import { plainText } from '../markdown/plain-text.ts'
import { isTyping, messagesIn } from '../state/picture.ts'
import type { Picture } from '../state/picture.ts'
import { placeLink } from '../base/place.ts'

export interface ThreadGlance {
  readonly messages: number
  readonly last: { readonly author: Author; readonly words: string } | undefined
  readonly working: boolean
}

export function glanceAt(picture: Picture, thread: Thread, now: number): ThreadGlance {
  const said = messagesIn(picture, thread.id).filter(({ kind, onlyFor }) => kind === 'said' && onlyFor === undefined)
  // The footer of an answer says little here: the words before it say more.
  const last = said.findLast(({ content }) => !FOOTER.test(content)) ?? said.at(-1)
  return {
    messages: said.length,
    last: last && { author: last.author, words: plainText(last.content).slice(0, 160) },
    working: isTyping(picture, thread.id, now),
  }
}

export function threadCard(thread: Thread, { messages, last, working }: ThreadGlance): HTMLElement {
  const words = working
    ? h('span', { class: 'last' }, h('span', { class: 'dots', 'aria-hidden': 'true' }, h('i'), h('i'), h('i')), 'at work')
    : last
      ? h('span', { class: 'last' }, avatar(last.author, 'small'), h('span', { class: 'words' }, last.words))
      : h('span', { class: 'last' }, 'no messages yet')
  return h(
    'a',
    {
      class: 'thread-card',
      href: placeLink(thread.id),
      'aria-label': `Open the thread ${thread.name}, ${counted(messages, 'message')}`,
    },
    h(
      'span',
      { class: 'title' },
      h('b', {}, thread.name),
      h('span', { class: 'count' }, `1 thread · ${counted(messages, 'message')} ›`),
    ),
    words,
  )
}
