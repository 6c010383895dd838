/** What a page can do: write as a person, kill the bot, open an attached text. */
import type { Person, World } from 'discord-emulator'
import type { BotKeeper } from '../machine/bot.ts'
import type { Scene } from '../wire.ts'

export interface Actions {
  /** `body`: `{ placeId, content }` of a request, not yet looked at. */
  send(body: unknown): { readonly id: string } | { readonly error: string }
  kill(): { readonly pid: number | undefined }
  /** The text of an attachment that a message on the page has. */
  open(attachmentId: string): Promise<string | undefined>
}

export function createActions({
  world,
  you,
  bot,
  read,
}: {
  readonly world: World
  readonly you: Person
  readonly bot: BotKeeper
  readonly read: () => Scene
}): Actions {
  return {
    send(body) {
      const asked = readSending(body)
      if (asked === undefined) return { error: 'A message needs a placeId and a content' }
      try {
        return { id: you.send(asked.placeId, asked.content).id }
      } catch (cause) {
        return { error: cause instanceof Error ? cause.message : String(cause) }
      }
    },
    kill: () => ({ pid: bot.kill() }),
    async open(attachmentId) {
      const message = Object.values(read().messages).find(({ attachments }) =>
        attachments.some(({ id, text }) => text && id === attachmentId),
      )
      const found =
        message &&
        world
          .messages(message.placeId)
          .flatMap((one) => one.attachments)
          .find(({ id }) => id === attachmentId)
      if (found === undefined) return undefined
      const response = await fetch(found.url, { signal: AbortSignal.timeout(5_000) })
      return response.ok ? response.text() : undefined
    },
  }
}

function readSending(body: unknown): { readonly placeId: string; readonly content: string } | undefined {
  if (typeof body !== 'object' || body === null || !('placeId' in body) || !('content' in body)) return undefined
  const { placeId, content } = body
  return typeof placeId === 'string' && typeof content === 'string' ? { placeId, content } : undefined
}
