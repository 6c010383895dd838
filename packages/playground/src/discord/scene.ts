/** What of the emulated Discord the page shows. Pure: read from the world, comparable, nothing kept. */
import type { Person, World } from 'discord-emulator'
import {
  type APIAttachment,
  type APIChannel,
  type APIMessage,
  type APIUser,
  ChannelType,
  InteractionType,
  MessageFlags,
  MessageType,
} from 'discord-api-types/v10'
import type { Attachment, Author, Channel, Message, Scene, Thread } from '../wire.ts'
import { commandsOf } from './commands.ts'
import { buttonsOf, componentsOf, menuOf } from './components.ts'

export interface SceneSources {
  readonly world: World
  /** Whose commands are offered. */
  readonly you: Person
  /** Who may have ephemeral messages. */
  readonly eyes: ReadonlySet<Person>
  readonly channels: readonly string[]
  /** The linked folders by channel id. */
  readonly folders: ReadonlyMap<string, string>
  /** What you have used, by the id of the interaction: Discord's messages do not say it. */
  readonly commandLines: ReadonlyMap<string, string>
}

export function readScene({ world, you, eyes, channels: channelIds, folders, commandLines }: SceneSources): Scene {
  const channels = channelIds.flatMap((id) => {
    const channel = world.channel(id)
    return channel === undefined ? [] : [channelOf(channel, folders.get(id))]
  })
  const threads = channels.flatMap(({ id }) => world.threads(id).map((thread) => threadOf(thread, id)))
  const places = [...channels, ...threads]
  const messages = places.flatMap(({ id }) =>
    [...world.messages(id).map((message) => ({ message, onlyFor: undefined })), ...ephemeralsIn(id, eyes)]
      .filter(({ message }) => isShown(message))
      .map(({ message, onlyFor }) => messageOf(message, onlyFor, commandLines)),
  )
  const [first] = channels
  return {
    channels,
    threads,
    messages: Object.fromEntries(messages.map((message) => [message.id, message])),
    commands: first ? commandsOf(you.commands(first.id)) : [],
  }
}

function ephemeralsIn(placeId: string, eyes: ReadonlySet<Person>) {
  return [...eyes].flatMap((person) =>
    person
      .messages(placeId)
      .filter(({ flags = 0 }) => (flags & MessageFlags.Ephemeral) !== 0)
      .map((message) => ({ message, onlyFor: person.id })),
  )
}

/** The starter of a thread is shown from its channel, and a new thread as a card: Discord's own lines about both are left out. */
const isShown = ({ type }: APIMessage): boolean => SAID.has(type) || NOTICES.has(type)

const SAID: ReadonlySet<MessageType> = new Set([
  MessageType.Default,
  MessageType.Reply,
  MessageType.ChatInputCommand,
  MessageType.ContextMenuCommand,
])

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

function messageOf(message: APIMessage, onlyFor: string | undefined, commandLines: ReadonlyMap<string, string>): Message {
  const { referenced_message: original, flags = 0 } = message
  const notice = NOTICES.get(message.type)
  return {
    id: message.id,
    placeId: message.channel_id,
    kind: notice ? 'notice' : 'said',
    author: authorOf(message.author),
    at: Date.parse(message.timestamp),
    // The answer to a command is edited into its "thinking": Discord's client does not tell that.
    edited: message.edited_timestamp !== null && message.type !== MessageType.ChatInputCommand,
    onlyFor,
    thinking: (flags & MessageFlags.Loading) !== 0,
    usedBy: usedBy(message, commandLines),
    content: notice?.(message) ?? saidIn(message),
    components: componentsOf(message),
    attachments: message.attachments.map(attachmentOf),
    buttons: buttonsOf(message),
    menu: menuOf(message),
    reactions: (message.reactions ?? []).map(({ emoji, count }) => ({ emoji: emoji.name ?? '', count })),
    replyTo: original ? { author: authorOf(original.author), content: saidIn(original) } : undefined,
  }
}

function usedBy({ interaction_metadata: origin }: APIMessage, commandLines: ReadonlyMap<string, string>): Message['usedBy'] {
  if (origin?.type !== InteractionType.ApplicationCommand) return undefined
  return { author: authorOf(origin.user), line: commandLines.get(origin.id) }
}

/** In its content or, where it has none, in its components. */
function saidIn(message: APIMessage): string {
  if (message.content !== '') return message.content
  const pieces = componentsOf(message).flatMap((one) => (one.kind === 'container' ? one.pieces : [one]))
  return pieces.flatMap((piece) => (piece.kind === 'text' ? [piece.text] : [])).join('\n')
}

function authorOf(user: APIUser): Author {
  return { id: user.id, name: user.global_name ?? user.username, bot: user.bot === true }
}

/** What browsers and Discord's client draw. */
const PICTURE = /^image\/(png|jpeg|gif|webp|avif)\b/
const TEXT = /^text\/|json|javascript|xml|yaml/
const TEXT_NAME = /\.(md|txt|log|diff|patch)$/i

function attachmentOf({ id, filename, size, content_type: type = '' }: APIAttachment): Attachment {
  return {
    id,
    name: filename,
    size,
    kind: PICTURE.test(type) ? 'picture' : TEXT.test(type) || TEXT_NAME.test(filename) ? 'text' : 'other',
  }
}
