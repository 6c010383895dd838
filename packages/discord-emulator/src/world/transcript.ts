/**
 * A channel or thread as text, for snapshots: no ids, no times, so that the same run reads the same. One message after the other:
 *
 *     Ada: <what she wrote>
 *       │ details: what it answers, embeds, files, reactions
 *       [Press me]  ‹choose…: a, b›  components as they lie
 */
import { ButtonStyle, MessageFlags } from 'discord-api-types/v10'
import type { Snowflake } from '../api.ts'
import { COMPONENT as C, MESSAGE } from '../rules/types.ts'
import type { Realm } from './realm/realm.ts'
import type { Fields, MessageRecord } from './realm/records.ts'
import { compareSnowflakes } from './base/snowflake.ts'

/** `viewerId`: with the ephemeral messages for this person; without, what everybody sees. */
export function transcriptOf(realm: Realm, channelId: Snowflake, viewerId?: Snowflake): string {
  const channel = realm.channels.get(channelId)
  if (channel === undefined) throw new Error(`There is no channel ${channelId}`)
  const own = realm.ephemerals.all(channelId).filter(({ ephemeralFor }) => ephemeralFor === viewerId)
  const messages = [...realm.messages.all(channelId), ...own].sort((a, b) => compareSnowflakes(a.id, b.id))
  const state = channel.kind === 'thread' ? [channel.archived && 'archived', channel.locked && 'locked'].filter(Boolean) : []
  const head = `${channel.kind === 'thread' ? 'Thread' : '#'} ${channel.name}${state.length === 0 ? '' : ` (${state.join(', ')})`}`
  return [head, ...messages.map((message) => showEntry(realm, message))].join('\n')
}

function showEntry(realm: Realm, message: MessageRecord): string {
  const text = readable(realm, message.content).replaceAll('\n', '\n    ')
  const marks = [
    message.ephemeralFor !== undefined && `only ${nameOf(realm, message.ephemeralFor)} sees this`,
    message.editedTimestamp !== null && 'edited',
    message.pinnedAt !== undefined && 'pinned',
  ].filter((mark) => mark !== false)
  const line = `${nameOf(realm, message.authorId)}${marks.length === 0 ? '' : ` (${marks.join(', ')})`}: ${spoken(message, text)}`
  const details = [...detailsOf(realm, message), ...message.components.flatMap((one) => showComponent(realm, one as Fields))]
  return [line.trimEnd(), ...details.map((detail) => `  ${detail}`)].join('\n')
}

/** What the system says in someone's name. */
function spoken({ type, flags }: MessageRecord, text: string): string {
  if ((flags & MessageFlags.Loading) !== 0) return '(thinking…)'
  if (type === MESSAGE.nameChange) return `(renamed it to ${text})`
  if (type === MESSAGE.threadCreated) return `(started the thread ${text})`
  const notices: Readonly<Record<number, string>> = {
    [MESSAGE.pinned]: '(pinned a message)',
    [MESSAGE.threadStarter]: '(the message the thread began from)',
    [MESSAGE.recipientAdd]: '(added someone)',
    [MESSAGE.recipientRemove]: '(removed someone)',
  }
  return notices[type] ?? text
}

function detailsOf(realm: Realm, message: MessageRecord): readonly string[] {
  const replied = message.type === MESSAGE.reply ? message.reference?.messageId : undefined
  const answered = replied === undefined ? undefined : realm.messages.find(message.channelId, replied)
  const thread = realm.channels.get(message.id)
  const { interaction } = message
  return [
    ...(interaction === undefined || message.type === MESSAGE.reply ? [] : [`│ for ${nameOf(realm, interaction.userId)}`]),
    ...(answered === undefined
      ? []
      : [`│ to ${nameOf(realm, answered.authorId)}: ${shortened(readable(realm, answered.content))}`]),
    ...message.embeds.flatMap((embed) => showEmbed(realm, embed as Fields)),
    ...message.attachments.map(({ filename, size, durationSeconds }) =>
      durationSeconds === undefined ? `│ file ${filename} (${size} bytes)` : `│ voice message, ${durationSeconds} s`,
    ),
    ...message.reactions.map(({ emoji, userIds }) => `│ ${emoji} ${userIds.map((id) => nameOf(realm, id)).join(', ')}`),
    ...(thread?.kind === 'thread' ? [`│ thread ${thread.name} (${thread.messageCount} messages)`] : []),
  ]
}

function showEmbed(realm: Realm, { title, description, fields, footer }: Fields): readonly string[] {
  const texts = [title, description].filter((text) => typeof text === 'string')
  const rows = Array.isArray(fields)
    ? (fields as readonly Fields[]).map(({ name, value }) => `${String(name)}: ${String(value)}`)
    : []
  const foot = typeof footer === 'object' && footer !== null && 'text' in footer ? [String(footer.text)] : []
  return [...texts, ...rows, ...foot].flatMap((text) => readable(realm, text).split('\n')).map((text) => `▌ ${text}`)
}

/** Lines of a component and all it holds. */
function showComponent(realm: Realm, component: Fields): readonly string[] {
  const { type, components, accessory } = component
  const children = Array.isArray(components) ? (components as readonly Fields[]) : []
  const inner = () => children.flatMap((child) => showComponent(realm, child))
  switch (type) {
    case C.actionRow:
      return [children.flatMap((child) => showComponent(realm, child)).join('  ')]
    case C.button:
      return [showButton(component)]
    case C.section:
      return [...inner(), ...showComponent(realm, accessory as Fields).map((line) => `→ ${line}`)]
    case C.container:
      return inner().map((line) => `▌ ${line}`)
    case C.textDisplay:
      return readable(realm, String(component.content)).split('\n')
    case C.separator:
      return ['───']
    case C.thumbnail:
      return [`picture ${urlOf(component.media)}`]
    case C.mediaGallery:
      return (component.items as readonly Fields[]).map(({ media }) => `picture ${urlOf(media)}`)
    case C.file:
      return [`file ${urlOf(component.file)}`]
    default:
      return [showSelect(component)]
  }
}

function showButton({ style, label, emoji, disabled, url }: Fields): string {
  const name = [(emoji as Fields | undefined)?.name, label].filter((text) => typeof text === 'string').join(' ')
  const target = style === ButtonStyle.Link ? ` ↗ ${String(url)}` : ''
  return `[${name}${target}${disabled === true ? ', disabled' : ''}]`
}

const SELECTS: Readonly<Record<number, string>> = {
  [C.userSelect]: 'a user',
  [C.roleSelect]: 'a role',
  [C.mentionableSelect]: 'a user or role',
  [C.channelSelect]: 'a channel',
}

function showSelect({ type, placeholder, options, disabled }: Fields): string {
  const offered = Array.isArray(options) ? (options as readonly Fields[]) : []
  const labels = offered.map(({ label, default: chosen }) => `${String(label)}${chosen === true ? ' ✓' : ''}`)
  const what = labels.length > 0 ? labels.join(', ') : (SELECTS[Number(type)] ?? `component ${String(type)}`)
  return `‹${typeof placeholder === 'string' ? placeholder : 'choose'}: ${what}${disabled === true ? ', disabled' : ''}›`
}

const urlOf = (media: unknown) => String((media as Fields | undefined)?.url)

/** Mentions by name instead of id. */
function readable(realm: Realm, text: string): string {
  const roles = new Map(
    [...realm.guilds.values()].flatMap(({ roles }) => [...roles].map(([id, { name }]) => [id, name] as const)),
  )
  return text
    .replaceAll(/<@!?(\d+)>/g, (_all, id: string) => `@${nameOf(realm, id)}`)
    .replaceAll(/<@&(\d+)>/g, (_all, id: string) => `@${roles.get(id) ?? 'role'}`)
    .replaceAll(/<#(\d+)>/g, (_all, id: string) => `#${realm.channels.get(id)?.name ?? 'channel'}`)
}

const nameOf = (realm: Realm, id: Snowflake) => realm.users.get(id)?.name ?? 'someone'

const shortened = (text: string) => (text.length <= 60 ? text : `${text.slice(0, 59)}…`)
