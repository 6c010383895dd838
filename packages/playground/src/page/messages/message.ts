/** One message, as Discord's client would show it. */
import type { Attachment, Message, Thread } from '../../wire.ts'
import { avatar } from '../base/avatar.ts'
import { h } from '../base/dom.ts'
import { FOOTER } from './footer.ts'
import { clock, fileSize, fullTime } from '../base/format.ts'
import { plainText } from '../markdown/plain-text.ts'
import { renderMarkdown, type Names } from '../markdown/render.ts'
import { drawn } from './components.ts'
import { buttonRow, menuField, ownActions } from './message-actions.ts'
import { threadCard } from './thread-card.ts'
import type { ThreadGlance } from './thread-card.ts'

export interface MessageView {
  readonly message: Message
  /** You wrote it, and may change it. */
  readonly own: boolean
  /** It follows one of the same author: no name, no face. */
  readonly follows: boolean
  readonly thread: { readonly thread: Thread; readonly glance: ThreadGlance } | undefined
}

export interface MessageActions {
  readonly names: Names
  readonly open: (file: Attachment) => void
}

export function messageElement({ message, own, follows, thread }: MessageView, actions: MessageActions): HTMLElement {
  const { author, at, content, replyTo } = message
  if (message.kind === 'notice') return notice(message, actions)
  const time = h('time', { datetime: new Date(at).toISOString(), title: fullTime(at) }, clock(at))
  const head = h(
    'header',
    {},
    h('b', { class: author.bot ? 'author bot' : 'author' }, author.name),
    author.bot && h('span', { class: 'tag' }, 'BOT'),
    time,
  )
  const quote =
    replyTo &&
    h('p', { class: 'reply' }, avatar(replyTo.author, 'small'), h('b', {}, replyTo.author.name), ' ', plainText(replyTo.content))
  const shown = message.components.length > 0 ? message.components.map((one) => drawn(one, actions.names)) : undefined
  const body = h('div', { class: 'body' }, ...(shown ?? renderMarkdown(content, actions.names)))
  if (message.edited) body.append(h('small', { class: 'edited' }, '(edited)'))
  return h(
    'article',
    {
      class: ['message', follows && 'follows', thread && 'threaded', FOOTER.test(content) && 'footer'].filter(Boolean).join(' '),
      'data-id': message.id,
      'data-by': author.bot ? 'bot' : 'person',
      'aria-label': `${author.name}, ${clock(at)}`,
    },
    quote,
    h('div', { class: 'side' }, follows ? time : avatar(author)),
    h(
      'div',
      { class: 'main' },
      !follows && head,
      body,
      ...message.attachments.map((file) => fileCard(file, actions.open)),
      message.menu && menuField(message, message.menu),
      message.buttons.length > 0 && buttonRow(message),
      message.reactions.length > 0 && reactions(message),
      thread && threadCard(thread.thread, thread.glance),
    ),
    own && ownActions(message, body),
  )
}

function notice({ id, author, at, content }: Message, { names }: MessageActions): HTMLElement {
  const [line] = renderMarkdown(content, names)
  return h(
    'article',
    { class: 'notice', 'data-id': id },
    h('span', { class: 'notice-sign', 'aria-hidden': 'true' }, '→'),
    h('b', {}, author.name),
    ' ',
    ...(line?.childNodes ?? []),
    h('time', {}, clock(at)),
  )
}

function fileCard(file: Attachment, open: (file: Attachment) => void): HTMLElement {
  const label = h('span', { class: 'file-name' }, h('b', {}, file.name), h('small', {}, fileSize(file.size)))
  const sign = h('span', { class: 'file-sign', 'aria-hidden': 'true' })
  if (!file.text) return h('div', { class: 'file-card' }, sign, label)
  const card = h(
    'button',
    { class: 'file-card', type: 'button', 'aria-label': `Open ${file.name}` },
    sign,
    label,
    h('span', { class: 'file-open' }, 'Open'),
  )
  card.addEventListener('click', () => open(file))
  return card
}

function reactions(message: Message): HTMLElement {
  return h(
    'ul',
    { class: 'reactions', 'aria-label': 'Reactions' },
    ...message.reactions.map(({ emoji, count }) => h('li', {}, `${emoji} ${count}`)),
  )
}
