/** The one place that creates and edits messages: mentions off (but of the user whom a post is to ping), link previews off, a nonce on each. */
import {
  ButtonStyle,
  ComponentType,
  MessageFlags,
  Routes,
  type APIActionRowComponent,
  type APIButtonComponent,
  type APIStringSelectComponent,
} from 'discord-api-types/v10'
import { compareSnowflakes } from '../../base/ids.ts'
import { signed, writerOf } from '../../domain/conversation/posts/button.ts'
import type { Button, MessageContent, Select } from '../../domain/conversation/posts/post.ts'
import type { ChatError, ChatPort, OwnMessage, SentFile } from '../../ports/chat.ts'
import type { Rest } from '../rest/rest.ts'
import { page } from '../wire/answer.ts'
import { created, ownMessage, saidIn, type WithButtons } from '../wire/message.ts'
import { nothing } from '../wire/shape.ts'
import { rawFiles } from './attach.ts'
import { componentsOf } from './components.ts'

/**
 * One attempt. Within Discord's "past few minutes" a second post with the nonce answers the first message (docs: Create Message).
 * `writer`: what this process signs its buttons with.
 */
export async function postMessage(
  { rest, writer }: { readonly rest: Rest; readonly writer: string },
  ...[channelId, message, nonce]: Parameters<ChatPort['post']>
): ReturnType<ChatPort['post']> {
  const { content, components: layout, file, attached = [], notify, pings, buttons = [], select } = message
  const rows = rowsOf(buttons, select, (id) => signed(id, writer))
  const spoken = voiceOf(attached)
  const body = {
    ...spoken,
    ...(layout ? { components: [...componentsOf(layout), ...rows] } : { content, ...(rows.length > 0 && { components: rows }) }),
    nonce,
    enforce_nonce: true,
    allowed_mentions: { parse: [], ...(pings !== undefined && { users: [pings] }) },
    flags:
      (spoken ? MessageFlags.IsVoiceMessage : MessageFlags.SuppressEmbeds) |
      (notify ? 0 : MessageFlags.SuppressNotifications) |
      (layout ? MessageFlags.IsComponentsV2 : 0),
  }
  const files = rawFiles(file, attached)
  const posted = await rest.call(
    { method: 'POST', route: Routes.channelMessages(channelId), body, ...(files.length > 0 && { files }) },
    created,
  )
  if (posted instanceof Error) return posted
  // A message of ours has what it was sent with; whoever wrote another one may have edited it since.
  const isForeign = rows.length > 0 && !writersOf(posted).includes(writer)
  return { messageId: posted.id, ...(isForeign && { isForeign }) }
}

/** What Discord wants to be told of the one file of a voice message. */
function voiceOf([file]: readonly SentFile[]) {
  if (!file?.voice) return undefined
  const { seconds, waveform } = file.voice
  const about = { id: '0', filename: file.name, duration_secs: seconds, waveform: Buffer.from(waveform).toString('base64') }
  return { attachments: [about] }
}

/** Who has signed its buttons. */
const writersOf = ({ components }: WithButtons): readonly string[] =>
  components.flatMap((row) => row.components.flatMap(({ custom_id: id }) => writerOf(id ?? '') ?? []))

export async function editMessage(
  rest: Rest,
  channelId: string,
  messageId: string,
  content: MessageContent,
): Promise<undefined | ChatError> {
  const route = Routes.channelMessage(channelId, messageId)
  const edited = await rest.call({ method: 'PATCH', route, body: contentBody(content) }, nothing)
  return edited instanceof Error ? edited : undefined
}

/** The route of 2025, which asks for "Pin Messages" (Discord docs: Pin Message). */
export async function pinMessage(rest: Rest, channelId: string, messageId: string): Promise<undefined | ChatError> {
  const pinned = await rest.call({ method: 'PUT', route: `/channels/${channelId}/messages/pins/${messageId}` }, nothing)
  return pinned instanceof Error ? pinned : undefined
}

/** A message's whole content: what could be pressed there and is not named goes away. */
export const contentBody = ({ text, buttons, select }: MessageContent): object => ({
  content: text,
  components: rowsOf(buttons, select),
  allowed_mentions: { parse: [] },
})

type Row = APIActionRowComponent<APIButtonComponent | APIStringSelectComponent>

/** A menu has a row to itself, buttons share rows of five; a message has at most five rows (Discord docs: Action Row). */
const rowsOf = (
  buttons: readonly Button[],
  select: Select | undefined,
  idOf: (id: string) => string = (id) => id,
): readonly Row[] => [...(select ? [rowOf(menu(select, idOf))] : []), ...buttonRows(buttons, idOf)]

const rowOf = (...components: (APIButtonComponent | APIStringSelectComponent)[]): Row => ({
  type: ComponentType.ActionRow,
  components,
})

function buttonRows(buttons: readonly Button[], idOf: (id: string) => string): readonly Row[] {
  if (buttons.length === 0) return []
  const row = buttons.slice(0, IN_A_ROW).map(({ id, label, color }) => ({
    type: ComponentType.Button as const,
    style: STYLES[color ?? 'white'],
    custom_id: idOf(id),
    label,
  }))
  return [rowOf(...row), ...buttonRows(buttons.slice(IN_A_ROW), idOf)]
}

const STYLES = {
  white: ButtonStyle.Secondary,
  blue: ButtonStyle.Primary,
  green: ButtonStyle.Success,
  red: ButtonStyle.Danger,
} as const

const menu = ({ id, placeholder, options, atLeast, atMost }: Select, idOf: (id: string) => string): APIStringSelectComponent => ({
  type: ComponentType.StringSelect,
  custom_id: idOf(id),
  placeholder,
  min_values: atLeast,
  max_values: atMost,
  options: options.map(({ value, label, description, isPicked }) => ({
    value,
    label,
    ...(description !== undefined && { description }),
    ...(isPicked && { default: true }),
  })),
})

const IN_A_ROW = 5

/** All messages of the bot after `afterId` (undefined: from the start), oldest first. */
export async function ownMessagesAfter(
  { rest, writer }: { readonly rest: Rest; readonly writer: string },
  {
    channelId,
    botUserId,
    afterId = '0',
  }: { readonly channelId: string; readonly botUserId: string; readonly afterId: string | undefined },
): ReturnType<ChatPort['ownMessagesAfter']> {
  const own: OwnMessage[] = []
  for (let after = afterId; ;) {
    const found = await messagesAfter(rest, channelId, after)
    if (found instanceof Error) return found
    for (const { id, whole } of found.messages) {
      const message = ownMessage(whole)
      // Of a foreign message nothing has to be readable.
      if (message instanceof Error || message.author.id !== botUserId) continue
      const isForeign = writersOf(message).some((other) => other !== writer)
      const content = saidIn(message.content, whole)
      own.push({ id, content, files: message.attachments.length, ...(isForeign && { isForeign }) })
    }
    const last = found.messages.at(-1)
    if (!last || !found.isFull) return own
    after = last.id
  }
}

export const PAGE = 100

export interface Page {
  /** Oldest first (Discord sends them newest first); `whole` is the message as it came. */
  readonly messages: readonly { readonly id: string; readonly whole: unknown }[]
  /** There may be more. */
  readonly isFull: boolean
}

/** One page of the messages right after `afterId`. */
export async function messagesAfter(rest: Pick<Rest, 'read'>, channelId: string, afterId: string): Promise<Page | ChatError> {
  const found = await rest.read(Routes.channelMessages(channelId), page, { after: afterId, limit: String(PAGE) })
  if (found instanceof Error) return found
  const messages = found.filter((message) => message !== undefined).toSorted((a, b) => compareSnowflakes(a.id, b.id))
  return { messages, isFull: found.length === PAGE }
}
