/** The line above the messages: where one is, and the way back. */
import { find, h } from '../base/dom.ts'
import type { Picture } from '../state/picture.ts'
import { placeLink } from '../base/place.ts'

export function showRoomHead({ hello, scene }: Picture, place: string): void {
  const thread = scene.threads.find(({ id }) => id === place)
  const channel = scene.channels.find(({ id }) => id === (thread?.channelId ?? place))
  const hash = () => h('span', { class: 'hash', 'aria-hidden': 'true' }, '#')
  const name = channel?.name ?? ''
  const title = thread
    ? [
        h('a', { href: placeLink(thread.channelId), class: 'parent' }, hash(), h('span', {}, name)),
        h('span', { class: 'sep', 'aria-hidden': 'true' }, '›'),
        h('h1', {}, thread.name),
      ]
    : [
        h('h1', {}, hash(), name),
        h(
          'span',
          { class: 'topic' },
          channel?.folder === undefined ? 'no project' : 'a project channel: each message opens a thread',
        ),
      ]
  find('#room-title').replaceChildren(...title)
  document.title = `${thread?.name ?? `#${name}`} · ${hello.guild}`
}
