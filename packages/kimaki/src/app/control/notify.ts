/** A post that nobody answers: `kimaki send --notify-only`. */
import { deriveId } from '../../base/ids.ts'
import type { ChatError, ChatPort } from '../../ports/chat.ts'
import { lineBlock } from '../../view/blocks.ts'

/** Asked again with the same `id`, Discord shows it once (for some minutes). Resolves with the id of the first message. */
export async function notify(
  chat: Pick<ChatPort, 'post' | 'layout'>,
  { id, channelId, text }: { readonly id: string; readonly channelId: string; readonly text: string },
): Promise<{ readonly messageId: string } | ChatError> {
  let first: { readonly messageId: string } | undefined
  for (const [index, message] of chat.layout([lineBlock(`notify/${id}`, text)]).entries()) {
    const { attached: _attached, ...words } = message
    const posted = await chat.post(channelId, words, deriveId('n', id, String(index)).slice(0, 25))
    if (posted instanceof Error) return posted
    first ??= { messageId: posted.messageId }
  }
  return first ?? { messageId: '' }
}
