/**
 * Messages as Discord sends them, read in three stages, so that nothing is parsed that nobody needs: where it stands, who wrote it, what it
 * says. A message of somebody who may not speak, or one of another channel, is never read to its end.
 */
import { Unreadable } from '../../base/errors.ts'
import { user as userReader, member, type RawUser } from './guild.ts'
import {
  anything,
  isThere,
  list,
  number,
  optional,
  orElse,
  orNone,
  readable,
  record,
  snowflake,
  text,
  time,
  type Read,
  type Reader,
} from './shape.ts'

/** Where it stands. `whole` is what the next stages read. */
export const written: Reader<Written> = (value) => {
  const place = placed(value)
  return place instanceof Unreadable ? place : { ...place, whole: value }
}

const placed = record({
  id: snowflake,
  channel_id: snowflake,
  guild_id: optional(snowflake),
  // Absent in updates that the author did not make.
  edited_timestamp: orNone(text),
})

export type Written = Read<typeof placed> & { readonly whole: unknown }

/** Who wrote it. Without a readable `member` Discord is asked for it. */
export const sender = record({
  author: userReader,
  webhook_id: isThere,
  type: number,
  member: orNone(member),
})

/** What it was posted with. */
export const posted = record({ nonce: orNone(text) })

const mention: Reader<RawUser & { readonly member: { readonly nick: string | undefined } | undefined }> = (value) => {
  const user = userReader(value)
  if (user instanceof Unreadable) return user
  const beside = mentioned(value)
  return beside instanceof Unreadable ? beside : { ...user, ...beside }
}

const mentioned = record({ member: orNone(record({ nick: orNone(text) })) })

const mentions = { mentions: orNone(readable(mention)), mention_channels: readable(record({ id: snowflake, name: text })) }

/** A file somebody sent is a part of what they say: none is left out in silence. */
export const attachment = record({
  id: snowflake,
  filename: text,
  content_type: orNone(text),
  size: number,
  url: text,
  // Of voice messages alone (Discord docs: Attachment Object).
  duration_secs: orNone(number),
  waveform: orNone(text),
})

const media = record({
  text: orNone(text),
  emoji: orNone(record({ id: orNone(text), name: orNone(text) })),
})

const embed = record({
  type: orNone(text),
  url: orNone(text),
  author: orNone(record({ name: orNone(text) })),
  title: orNone(text),
  description: orNone(text),
  fields: readable(record({ name: orElse(text, ''), value: orElse(text, '') })),
  footer: orNone(record({ text: orNone(text) })),
})

const poll = record({ question: media, answers: readable(record({ poll_media: media })) })

/** Components are of many kinds, and of new ones: each is looked at where its words are sought. */
const inner = {
  embeds: readable(embed),
  components: readable(anything),
  sticker_items: readable(record({ name: text })),
  ...mentions,
}

const snapshot = record({
  content: orElse(text, ''),
  timestamp: orNone(time),
  attachments: readable(attachment),
  ...inner,
})

const shown = {
  ...inner,
  poll: orNone(poll),
  message_snapshots: readable(record({ message: snapshot })),
}

/** Newer addresses of its files are asked for by its id. */
export const original = record({
  id: orNone(snowflake),
  author: orElse(userReader, { id: '0', bot: undefined, username: '', global_name: undefined }),
  content: orElse(text, ''),
  attachments: readable(attachment),
  ...shown,
})

/** As a page of a thread has them. */
export const saidBy = list(record({ id: snowflake, author: record({ id: snowflake }), content: orElse(text, '') }))

/** Of a message outside of all projects: does it call the bot? */
export const words = record({ content: orElse(text, '') })

/** What it says. The time that Discord gives may be missing: the id tells it, too. */
export const message = record({
  id: snowflake,
  channel_id: snowflake,
  author: userReader,
  content: text,
  timestamp: orNone(time),
  edited_timestamp: orNone(text),
  attachments: orElseList(attachment),
  referenced_message: orNone(original),
  ...shown,
})

/** Absent means none; of another kind is unreadable. */
function orElseList<T>(reader: Reader<T>): Reader<readonly T[]> {
  const strict = optional(list(reader))
  return (value) => strict(value) ?? []
}

/** As a page of a channel's past has it. */
export const pastMessage: Reader<{ readonly id: string; readonly whole: unknown }> = (value) => {
  const known = withId(value)
  return known instanceof Unreadable ? known : { id: known.id, whole: value }
}

const withId = record({ id: snowflake })

/** Rows of buttons, by what was put into their ids. */
const buttons = { components: readable(record({ components: readable(record({ custom_id: orNone(text) })) })) }

export type WithButtons = Pick<Read<typeof created>, 'components'>

/** Texts of components, those in containers too. */
const texts = { content: orNone(text), components: readable(record({ content: orNone(text) })) }
const shownTexts = record({ components: readable(record(texts)) })

/** A message of a channel's past, as one looks for one's own. */
export const ownMessage = record({
  content: text,
  author: record({ id: snowflake }),
  attachments: readable(record({ id: snowflake })),
  ...buttons,
})

/** What a message says: its content; of one of components, which has none, the texts of these, each on a line of its own. */
export function saidIn(content: string, whole: unknown): string {
  if (content !== '') return content
  const shown = shownTexts(whole)
  if (shown instanceof Unreadable) return ''
  const said = shown.components.flatMap((one) => [one.content, ...one.components.map((inner) => inner.content)])
  return said.filter((each) => each !== undefined).join('\n')
}

/** A message just created: the new one, or an earlier one with its nonce. */
export const created = record({ id: snowflake, ...buttons })

/** Of a message, the files alone: for their newest addresses. */
export const files = record({ attachments: readable(record({ id: snowflake, url: text })) })

export const deleted = record({ id: snowflake, channel_id: snowflake })
export const deletedBulk = record({ ids: list(snowflake), channel_id: snowflake })

export type RawMessage = Read<typeof message>
export type RawOriginal = Read<typeof original>
export type RawSnapshot = Read<typeof snapshot>
export type RawEmbed = Read<typeof embed>
export type RawPoll = Read<typeof poll>
export type RawMedia = Read<typeof media>
export type RawAttachment = Read<typeof attachment>
export type Sender = Read<typeof sender>
