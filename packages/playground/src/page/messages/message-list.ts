/** The newest messages of one place, and more of them upwards. Stays at the end while the reader is there; else a button leads back. */
import type { Message } from '../../wire.ts'
import { find, h, show } from '../base/dom.ts'
import type { Item } from '../base/dom.ts'
import { counted } from '../base/format.ts'
import type { Names } from '../markdown/render.ts'
import { messageElement } from './message.ts'
import type { MessageActions } from './message.ts'
import { isDismissed } from '../state/dismissed.ts'
import { messagesIn } from '../state/picture.ts'
import { speakerOf } from '../state/speaker.ts'
import type { Picture } from '../state/picture.ts'
import { glanceAt } from './thread-card.ts'
import { welcomeElement } from './welcome.ts'

export interface MessageList {
  show(picture: Picture, place: string): void
}

export type ListActions = Pick<MessageActions, 'open' | 'dismiss'>

export function createMessageList(actions: ListActions): MessageList {
  const log = find('#log')
  const list = find('#messages')
  const newer = find('#newer', 'button')
  let shown: string | undefined
  const toEnd = () => (log.scrollTop = log.scrollHeight)
  const atEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_PX
  let following = true
  /** How many of the newest are drawn. */
  let reach = PAGE
  let again = () => undefined as void

  log.addEventListener('scroll', () => {
    following = atEnd()
    newer.hidden = following
    if (log.scrollTop > NEAR_PX || list.firstElementChild?.getAttribute('data-key') !== EARLIER) return
    const [top, height] = [log.scrollTop, log.scrollHeight]
    reach += PAGE
    again()
    // What was seen stays where it was.
    log.scrollTop = top + log.scrollHeight - height
  })
  newer.addEventListener('click', toEnd)
  // Pictures grow when they are there.
  const observer = new ResizeObserver(() => {
    if (following) toEnd()
  })
  for (const one of [log, list]) observer.observe(one)

  return {
    show(picture, place) {
      const moved = shown !== place
      shown = place
      if (moved) reach = PAGE
      again = () => {
        const all = messagesOf(picture, place)
        const first = all.length > reach ? earlier(all.length - reach) : welcome(picture, place)
        show(list, [first, ...items(picture, { place, all, from: Math.max(0, all.length - reach) }, actions)])
      }
      again()
      if (moved) following = true
      if (following) toEnd()
      newer.hidden = following
    },
  }
}

function welcome(picture: Picture, place: string): Item {
  const channel = picture.scene.channels.find(({ id }) => id === place)
  const thread = picture.scene.threads.find(({ id }) => id === place)
  const make = () => (channel ? welcomeElement(channel) : h('h2', { class: 'thread-title' }, thread?.name ?? ''))
  return { key: `welcome-${place}`, signature: JSON.stringify([channel, thread?.name]), make }
}

const earlier = (count: number): Item => ({
  key: EARLIER,
  signature: String(count),
  make: () => h('p', { class: 'earlier' }, `${counted(count, 'earlier message')}: scroll up`),
})

interface Excerpt {
  readonly place: string
  readonly all: readonly Message[]
  /** The first one that is drawn. */
  readonly from: number
}

function messagesOf(picture: Picture, place: string): readonly Message[] {
  const speaker = speakerOf(picture.hello)
  const isSeen = ({ id, onlyFor }: Message) => (onlyFor === undefined || onlyFor === speaker.id) && !isDismissed(id)
  const there = messagesIn(picture, place).filter(isSeen)
  // The message that began a thread stands at its top, as in Discord.
  const starter = picture.scene.messages[place]
  return starter ? [starter, ...there] : there
}

function items(picture: Picture, { place, all, from }: Excerpt, actions: ListActions): readonly Item[] {
  const { hello, scene } = picture
  const threads = new Map(scene.threads.map((thread) => [thread.id, thread]))
  const names: Names = {
    user: (userId) => [...hello.cast, hello.bot].find(({ id }) => id === userId)?.name ?? 'unknown',
    place: (id) => placeName(picture, id),
  }
  const now = Date.now()
  const speaker = speakerOf(hello)
  return all.slice(from).map((message, index): Item => {
    const thread = message.id === place ? undefined : threads.get(message.id)
    const view = {
      message,
      may: {
        edit: isSaid(message) && message.author.id === speaker.id && !speaker.bot,
        delete: isSaid(message) && (message.author.id === speaker.id || speaker.id === hello.you.id) && !speaker.bot,
      },
      follows: thread === undefined && continues(message, before(all, from + index)),
      thread: thread && { thread, glance: glanceAt(picture, thread, now) },
    }
    return {
      key: message.id,
      signature: JSON.stringify([view, mentionedNames(message.content, names)]),
      make: () => messageElement(view, { names, ...actions }),
    }
  })
}

function placeName({ scene }: Picture, placeId: string): string | undefined {
  const channel = scene.channels.find(({ id }) => id === placeId)
  return channel ? `#${channel.name}` : scene.threads.find(({ id }) => id === placeId)?.name
}

/** A person's or a bot's, in the thread for everybody: Discord deletes no ephemeral messages for others. */
const isSaid = ({ kind, onlyFor }: Message): boolean => kind === 'said' && onlyFor === undefined

/** A thread that is renamed, or was not there yet, is shown by its name now. */
const mentionedNames = (content: string, names: Names): readonly (string | undefined)[] =>
  [...content.matchAll(/<#(\d+)>/g)].map(([, id = '']) => names.place(id))

/** Notices in between do not part what one author says. */
function continues(message: Message, previous: Message | undefined): boolean {
  if (!previous || message.kind !== 'said' || message.replyTo || message.usedBy) return false
  return previous.onlyFor === message.onlyFor && previous.author.id === message.author.id && message.at - previous.at < GROUP_MS
}

function before(all: readonly Message[], index: number): Message | undefined {
  for (let at = index - 1; at >= 0; at--) if (all[at]?.kind === 'said') return all[at]
  return undefined
}

/** A person sees about ten at a time. */
const PAGE = 100
const EARLIER = 'earlier'
const NEAR_PX = 90
const GROUP_MS = 7 * 60_000
