/** The left column: the guild, its channels and below each its threads, newest first. */
import { avatar } from '../base/avatar.ts'
import { find, h, show } from '../base/dom.ts'
import type { Item } from '../base/dom.ts'
import { isTyping, messagesIn, threadsOf } from '../state/picture.ts'
import type { Picture } from '../state/picture.ts'
import { placeLink } from '../base/place.ts'
import { speakAs, speakerOf } from '../state/speaker.ts'
import type { Hello, Member } from '../../wire.ts'

export interface Sidebar {
  show(picture: Picture, place: string | undefined): void
}

/** `changed` hears when somebody else is chosen to speak as. */
export function createSidebar(changed: () => void): Sidebar {
  const cast = find('#cast')
  const list = find('#places')
  /** The newest message somebody has looked at, by place. */
  const seen = new Map<string, string>()

  function choose({ cast: everybody }: Hello, { id }: Member): void {
    speakAs(everybody[0]?.id === id ? '' : id)
    find('#people').hidePopover()
    changed()
  }

  return {
    show(picture, place) {
      const { hello, scene } = picture
      find('#guild-name').textContent = hello.guild
      const speaker = speakerOf(hello)
      show(find('#you'), [{ key: 'you', signature: speaker.id, make: () => speakerCard(speaker) }])
      show(
        cast,
        hello.cast.map((member) => ({
          key: member.id,
          signature: String(member.id === speaker.id),
          make: () => castEntry(member, member.id === speaker.id, () => choose(hello, member)),
        })),
      )
      const places = scene.channels.flatMap((channel) => [
        { ...channel, kind: 'channel' as const },
        ...threadsOf(picture, channel.id).map((thread) => ({ ...thread, kind: 'thread' as const })),
      ])
      const now = Date.now()
      show(
        list,
        places.map(({ id, kind, name }): Item => {
          const newest = messagesIn(picture, id).at(-1)
          if (newest && (id === place || !seen.has(id))) seen.set(id, newest.id)
          const unread = kind === 'thread' && newest !== undefined && seen.get(id) !== newest.id
          const working = isTyping(picture, id, now)
          const state = { unread, working }
          return { key: id, signature: JSON.stringify([name, state]), make: () => placeEntry({ id, kind, name }, state) }
        }),
      )
      for (const link of list.querySelectorAll('a')) {
        if (link.getAttribute('href') === placeLink(place ?? '')) link.setAttribute('aria-current', 'page')
        else link.removeAttribute('aria-current')
      }
    },
  }
}

function placeEntry(
  { id, kind, name }: { readonly id: string; readonly kind: 'channel' | 'thread'; readonly name: string },
  { unread, working }: { readonly unread: boolean; readonly working: boolean },
): HTMLElement {
  const mark = working
    ? h('span', { class: 'dots', role: 'img', 'aria-label': 'the bot is at work' }, h('i'), h('i'), h('i'))
    : unread && h('span', { class: 'unread-dot', role: 'img', 'aria-label': 'unread' })
  const sign = kind === 'channel' && h('span', { class: 'hash', 'aria-hidden': 'true' }, '#')
  const link = h(
    'a',
    { href: placeLink(id), class: unread ? 'unread' : undefined, title: name },
    sign,
    h('span', { class: 'name' }, name),
    mark,
  )
  return h('li', { class: kind }, link)
}

function speakerCard(speaker: Member): HTMLElement {
  return h(
    'button',
    {
      class: 'you',
      type: 'button',
      popovertarget: 'people',
      title: 'Speak as somebody else',
    },
    avatar(speaker, 'small'),
    h('span', {}, h('b', {}, h('span', { class: 'unseen' }, 'You speak as '), speaker.name), h('small', {}, speaker.note)),
    h('i', { 'aria-hidden': 'true' }, '⌃'),
  )
}

function castEntry(member: Member, isChosen: boolean, choose: () => void): HTMLElement {
  const tag = member.bot && h('span', { class: 'tag' }, 'APP')
  const button = h(
    'button',
    { type: 'button', 'aria-pressed': String(isChosen) },
    avatar(member, 'small'),
    h('span', {}, h('b', {}, member.name, tag), h('small', {}, member.note)),
  )
  button.addEventListener('click', choose)
  return h('li', {}, button)
}
