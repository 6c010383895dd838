/** What a channel says of itself at its beginning. */
import type { Channel } from '../../wire.ts'
import { h } from '../base/dom.ts'

export function welcomeElement({ name, folder }: Channel): HTMLElement {
  const title = h('h2', {}, h('span', { class: 'hash', 'aria-hidden': 'true' }, '#'), name)
  if (folder === undefined) {
    return h(
      'section',
      { class: 'welcome' },
      title,
      h('p', {}, 'No project is linked to this channel, so the bot stays silent here. A channel becomes a project with:'),
      command('kimaki project link <folder> --channel <id>'),
    )
  }
  return h(
    'section',
    { class: 'welcome' },
    title,
    h(
      'p',
      {},
      'This channel ',
      h('b', {}, 'is a project'),
      ': it is linked to a folder on your machine. Write something, and a thread opens in which the agent works there.',
    ),
    h('p', { class: 'folder' }, h('span', {}, 'Folder'), h('code', {}, folder)),
    h(
      'dl',
      {},
      ...fact('Real', 'the bot, the OpenCode agent behind it, its tools, the files and the git repository'),
      ...fact('Emulated', 'Discord, and the model: it follows a script, so nothing costs anything'),
    ),
  )
}

const command = (text: string) => h('p', { class: 'folder' }, h('code', {}, text))

const fact = (term: string, text: string) => [h('dt', {}, term), h('dd', {}, text)]
