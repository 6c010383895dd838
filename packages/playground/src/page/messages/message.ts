/** One message, as Discord's client would show it. */
import type { Attachment, Author, Message, Thread } from '../../wire.ts'
import { avatar } from '../base/avatar.ts'
import { h } from '../base/dom.ts'
import { FOOTER } from './footer.ts'
import { clock, fullTime } from '../base/format.ts'
import { plainText } from '../markdown/plain-text.ts'
import { renderMarkdown, type Names } from '../markdown/render.ts'
import { attached } from './attachments.ts'
import { drawn } from './components.ts'
import { buttonRow, menuField, ownActions } from './message-actions.ts'
import { threadCard } from './thread-card.ts'
import type { ThreadGlance } from './thread-card.ts'

export interface MessageView {
  readonly message: Message
  /** What whoever speaks may do with it: change what they wrote, and as the owner of the server take away anything. */
  readonly may: { readonly edit: boolean; readonly delete: boolean }
  /** It follows one of the same author: no name, no face. */
  readonly follows: boolean
  readonly thread: { readonly thread: Thread; readonly glance: ThreadGlance } | undefined
}

export interface MessageActions {
  readonly names: Names
  readonly open: (file: Attachment) => void
  /** Of an ephemeral message. */
  readonly dismiss: (messageId: string) => void
}

export function messageElement(view: MessageView, actions: MessageActions): HTMLElement {
  const { message, may, follows, thread } = view
  const { author, at, content } = message
  if (message.kind === 'notice') return notice(message, actions)
  const time = h('time', { datetime: new Date(at).toISOString(), title: fullTime(at) }, clock(at))
  const head = h(
    'header',
    {},
    h('b', { class: author.bot ? 'author bot' : 'author' }, author.name),
    author.bot && h('span', { class: 'tag' }, 'APP'),
    time,
  )
  const shown = message.components.length > 0 ? message.components.map((one) => drawn(one, actions.names)) : undefined
  const said = message.thinking ? [thinking(author)] : (shown ?? renderMarkdown(content, actions.names))
  const body = h('div', { class: 'body' }, ...said)
  if (message.edited) body.append(h('small', { class: 'edited' }, '(edited)'))
  return h(
    'article',
    {
      class: classesOf(view),
      'data-id': message.id,
      'data-by': author.bot ? 'bot' : 'person',
      'aria-label': `${author.name}, ${clock(at)}`,
    },
    above(message),
    h('div', { class: 'side' }, follows ? time : avatar(author)),
    h(
      'div',
      { class: 'main' },
      !follows && head,
      body,
      ...message.attachments.map((file) => attached(file, actions.open)),
      message.menu && menuField(message, message.menu),
      message.buttons.length > 0 && buttonRow(message),
      message.reactions.length > 0 && reactions(message),
      thread && threadCard(thread.thread, thread.glance),
      message.onlyFor !== undefined && onlyYou(message, actions),
    ),
    (may.edit || may.delete) && ownActions(message, body, may),
  )
}

function classesOf({ message, follows, thread }: MessageView): string {
  const { content } = message
  const isPrivate = message.onlyFor !== undefined
  const classes = [follows && 'follows', thread && 'threaded', isPrivate && 'only-you', FOOTER.test(content) && 'footer']
  return ['message', ...classes].filter(Boolean).join(' ')
}

/** What it answers: a message or a command. */
function above({ replyTo, usedBy }: Message): HTMLElement | undefined {
  const origin = replyTo ?? usedBy
  if (!origin) return undefined
  const [by, name] = [avatar(origin.author, 'small'), h('b', {}, origin.author.name)]
  if (replyTo) return h('p', { class: 'reply' }, by, name, ' ', plainText(replyTo.content))
  const line = usedBy?.line
  return h('p', { class: 'reply' }, by, name, 'used', line === undefined ? 'a command' : h('code', { class: 'used' }, `/${line}`))
}

const thinking = ({ name }: Author): HTMLElement =>
  h(
    'span',
    { class: 'thinking' },
    h('span', { class: 'dots', 'aria-hidden': 'true' }, h('i'), h('i'), h('i')),
    `${name} is thinking…`,
  )

function onlyYou({ id }: Message, { dismiss }: MessageActions): HTMLElement {
  const button = h('button', { type: 'button' }, 'Dismiss message')
  button.addEventListener('click', () => dismiss(id))
  return h('p', { class: 'private-note' }, 'Only you can see this · ', button)
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

function reactions(message: Message): HTMLElement {
  return h(
    'ul',
    { class: 'reactions', 'aria-label': 'Reactions' },
    ...message.reactions.map(({ emoji, count }) => h('li', {}, `${emoji} ${count}`)),
  )
}
