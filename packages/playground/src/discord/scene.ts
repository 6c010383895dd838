/** What of the emulated Discord the page shows. Pure: read from the world, comparable, nothing kept. */
import type { World } from 'discord-emulator'
import {
  type APIAttachment,
  type APIChannel,
  type APIMessage,
  type APIMessageTopLevelComponent,
  type APIUser,
  ChannelType,
  ComponentType,
  MessageType,
} from 'discord-api-types/v10'
import type { Attachment, Author, Button, Channel, Component, Menu, Message, Piece, Scene, Thread } from '../wire.ts'

/** `folders` are the linked folders by channel id. */
export function readScene(world: World, channelIds: readonly string[], folders: ReadonlyMap<string, string>): Scene {
  const channels = channelIds.flatMap((id) => {
    const channel = world.channel(id)
    return channel === undefined ? [] : [channelOf(channel, folders.get(id))]
  })
  const threads = channels.flatMap(({ id }) => world.threads(id).map((thread) => threadOf(thread, id)))
  const places = [...channels, ...threads]
  const messages = places.flatMap(({ id }) => world.messages(id).filter(isShown).map(messageOf))
  return { channels, threads, messages: Object.fromEntries(messages.map((message) => [message.id, message])) }
}

/** The starter of a thread is shown from its channel, and a new thread as a card: Discord's own lines about both are left out. */
const isShown = ({ type }: APIMessage): boolean => SAID.has(type) || NOTICES.has(type)

const SAID: ReadonlySet<MessageType> = new Set([MessageType.Default, MessageType.Reply])

/** In the words of Discord's own client, after the author's name. */
const NOTICES: ReadonlyMap<MessageType, (message: APIMessage) => string> = new Map([
  [
    MessageType.RecipientAdd,
    ({ mentions }) => `added **${mentions.map((user) => authorOf(user).name).join(', ')}** to the thread`,
  ],
  [MessageType.ChannelNameChange, ({ content }) => `changed the name of the thread: **${content}**`],
])

function channelOf(channel: APIChannel, folder: string | undefined): Channel {
  return { id: channel.id, name: channel.name ?? 'unnamed', folder }
}

function threadOf(thread: APIChannel, channelId: string): Thread {
  const isThread = thread.type === ChannelType.PublicThread || thread.type === ChannelType.PrivateThread
  return {
    id: thread.id,
    channelId,
    name: thread.name ?? 'unnamed',
    archived: isThread && thread.thread_metadata?.archived === true,
  }
}

function messageOf(message: APIMessage): Message {
  const { referenced_message: original } = message
  const notice = NOTICES.get(message.type)
  return {
    id: message.id,
    placeId: message.channel_id,
    kind: notice ? 'notice' : 'said',
    author: authorOf(message.author),
    at: Date.parse(message.timestamp),
    edited: message.edited_timestamp !== null,
    content: notice?.(message) ?? saidIn(message),
    components: componentsOf(message),
    attachments: message.attachments.map(attachmentOf),
    buttons: buttonsOf(message),
    menu: menuOf(message),
    reactions: (message.reactions ?? []).map(({ emoji, count }) => ({ emoji: emoji.name ?? '', count })),
    replyTo: original ? { author: authorOf(original.author), content: saidIn(original) } : undefined,
  }
}

/** In its content or, where it has none, in its components. */
function saidIn(message: APIMessage): string {
  if (message.content !== '') return message.content
  const pieces = componentsOf(message).flatMap((one) => (one.kind === 'container' ? one.pieces : [one]))
  return pieces.flatMap((piece) => (piece.kind === 'text' ? [piece.text] : [])).join('\n')
}

function componentsOf({ components = [] }: APIMessage): readonly Component[] {
  return components.flatMap((one): readonly Component[] =>
    one.type === ComponentType.Container
      ? [{ kind: 'container', color: one.accent_color ?? undefined, pieces: one.components.flatMap(pieceOf) }]
      : pieceOf(one),
  )
}

/** Buttons and menus are shown below the message. */
function pieceOf(component: APIMessageTopLevelComponent): readonly Piece[] {
  if (component.type === ComponentType.TextDisplay) return [{ kind: 'text', text: component.content }]
  return component.type === ComponentType.Separator ? [{ kind: 'separator' }] : []
}

/** A message of the bot has one at most. */
function menuOf({ components = [] }: APIMessage): Menu | undefined {
  const menu = components
    .flatMap((row) => (row.type === ComponentType.ActionRow ? row.components : []))
    .find((one) => one.type === ComponentType.StringSelect)
  if (menu?.type !== ComponentType.StringSelect) return undefined
  return {
    id: menu.custom_id,
    placeholder: menu.placeholder ?? 'Make a selection',
    atMost: menu.max_values ?? 1,
    options: menu.options.map(({ value, label, description, default: isPicked = false }) => ({
      value,
      label,
      description,
      isPicked,
    })),
  }
}

/** Those that can be pressed. */
function buttonsOf({ components = [] }: APIMessage): readonly Button[] {
  return components
    .flatMap((row) => (row.type === ComponentType.ActionRow ? row.components : []))
    .flatMap((one) =>
      one.type === ComponentType.Button && 'custom_id' in one && !one.disabled
        ? [{ id: one.custom_id, label: one.label ?? '' }]
        : [],
    )
}

function authorOf(user: APIUser): Author {
  return { id: user.id, name: user.global_name ?? user.username, bot: user.bot === true }
}

function attachmentOf({ id, filename, size, content_type: type = '' }: APIAttachment): Attachment {
  return {
    id,
    name: filename,
    size,
    text: /^text\/|json|javascript|xml|yaml/.test(type) || /\.(md|txt|log|diff|patch)$/i.test(filename),
  }
}
