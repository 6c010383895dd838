/** The one place that creates and edits messages: mentions off, link previews off, a nonce on each. */
import {
  ButtonStyle,
  ComponentType,
  MessageFlags,
  Routes,
  type APIActionRowComponent,
  type APIButtonComponent,
  type APIMessage,
} from 'discord-api-types/v10'
import type { Button, Face } from '../../domain/conversation/state.ts'
import type { ChatResult } from '../../ports/chat.ts'
import type { Outgoing } from '../../view/blocks.ts'
import { compareSnowflakes } from '../../base/ids.ts'
import type { Rest } from '../rest/rest.ts'

/** One attempt. Within Discord's "past few minutes" a second post with the nonce answers the first message (docs: Create Message). */
export async function postMessage(
  rest: Rest,
  channelId: string,
  message: Outgoing & { readonly buttons?: readonly Button[] },
  nonce: string,
): Promise<ChatResult<{ readonly messageId: string }>> {
  const { content, file, notify, buttons = [] } = message
  const result = await rest.call<APIMessage>({
    method: 'POST',
    route: Routes.channelMessages(channelId),
    body: {
      content,
      ...(buttons.length > 0 && { components: rowOf(buttons) }),
      nonce,
      enforce_nonce: true,
      allowed_mentions: { parse: [] },
      flags: MessageFlags.SuppressEmbeds | (notify ? 0 : MessageFlags.SuppressNotifications),
    },
    ...(file ? { files: [{ name: file.name, data: file.text, contentType: 'text/plain; charset=utf-8' }] } : {}),
  })
  return result.ok ? { ok: true, value: { messageId: result.value.id } } : result
}

export async function editMessage(rest: Rest, channelId: string, messageId: string, face: Face): Promise<ChatResult<void>> {
  const result = await rest.call<APIMessage>({
    method: 'PATCH',
    route: Routes.channelMessage(channelId, messageId),
    body: { content: face.text, components: rowOf(face.buttons), allowed_mentions: { parse: [] } },
  })
  return result.ok ? { ok: true, value: undefined } : result
}

/** One row of buttons; none takes away those that stood there. */
function rowOf(buttons: readonly Button[]): readonly APIActionRowComponent<APIButtonComponent>[] {
  if (buttons.length === 0) return []
  const components = buttons.map(({ id, label }) => ({
    type: ComponentType.Button as const,
    style: ButtonStyle.Secondary as const,
    custom_id: id,
    label,
  }))
  return [{ type: ComponentType.ActionRow, components }]
}

/** All messages of the bot after `afterId` (undefined: from the start), oldest first. */
export async function ownMessagesAfter(
  rest: Rest,
  {
    channelId,
    botUserId,
    afterId = '0',
  }: { readonly channelId: string; readonly botUserId: string; readonly afterId: string | undefined },
): Promise<ChatResult<readonly { readonly id: string; readonly content: string }[]>> {
  const own: { readonly id: string; readonly content: string }[] = []
  for (let after = afterId; ;) {
    const page = await messagesAfter(rest, channelId, after)
    if (!page.ok) return page
    for (const { id, content, author } of page.value) if (author.id === botUserId) own.push({ id, content })
    const last = page.value.at(-1)
    if (!last || page.value.length < PAGE) return { ok: true, value: own }
    after = last.id
  }
}

export const PAGE = 100

/** One page of the messages right after `afterId`, oldest first (Discord sends them newest first). */
export async function messagesAfter(rest: Rest, channelId: string, afterId: string): Promise<ChatResult<readonly APIMessage[]>> {
  const page = await rest.read<readonly APIMessage[]>(Routes.channelMessages(channelId), { after: afterId, limit: String(PAGE) })
  return page.ok ? { ok: true, value: page.value.toSorted((a, b) => compareSnowflakes(a.id, b.id)) } : page
}
