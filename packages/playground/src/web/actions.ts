/** What a page can do: write, edit, delete and press as a person, kill the bot, open an attached text. */
import { MessageFlags } from 'discord-api-types/v10'
import type { Interaction, Person, World } from 'discord-emulator'
import type { BotKeeper } from '../machine/bot.ts'
import type { Scene } from '../wire.ts'

/** What became of it, or what was wrong. */
type Done = { readonly id: string } | { readonly error: string }

/** `body` is that of a request, not yet looked at: an object of strings. */
export interface Actions {
  /** `{ placeId, content }` */
  send(body: unknown): Done
  /** `{ placeId, messageId, content }` */
  edit(body: unknown): Done
  /** `{ placeId, messageId }` */
  delete(body: unknown): Done
  /** `{ placeId, messageId, button }`; resolves once the bot has answered, with what only the person is told. */
  press(body: unknown): Promise<Done & { readonly told?: string }>
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
    send: (body) => attempt(body, ['placeId', 'content'], ([place, content]) => you.send(place, content)),
    edit: (body) => attempt(body, ['placeId', 'messageId', 'content'], ([place, id, content]) => you.edit(place, id, content)),
    delete: (body) =>
      attempt(body, ['placeId', 'messageId'], ([place, id]) => {
        you.delete(place, id)
        return { id }
      }),
    async press(body) {
      let pressed: Interaction | undefined
      const done = attempt(body, ['placeId', 'messageId', 'button'], ([place, id, button]) => {
        pressed = you.press(place, id, button)
        return pressed
      })
      if ('error' in done || !pressed) return done
      const interaction = pressed
      const isOver = (): true | undefined => (interaction.state === 'waiting' ? undefined : true)
      await world.until('an answer to the press', isOver, ANSWER_MS).catch(() => undefined)
      // In the words of Discord's own client.
      if (interaction.state === 'waiting' || interaction.state === 'failed') return { error: 'This interaction failed' }
      const { response } = interaction
      const isPrivate = response !== undefined && ((response.flags ?? 0) & MessageFlags.Ephemeral) !== 0
      return isPrivate ? { ...done, told: response.content } : done
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

/** The strings that are asked for, then what is to be done with them. */
function attempt<const Names extends readonly string[]>(
  body: unknown,
  names: Names,
  act: (values: { readonly [Index in keyof Names]: string }) => { readonly id: string },
): Done {
  const given = typeof body === 'object' && body !== null ? new Map<string, unknown>(Object.entries(body)) : new Map()
  const values = names.map((name) => given.get(name))
  if (!values.every((value) => typeof value === 'string')) return { error: `Wanted: ${names.join(', ')}` }
  try {
    return { id: act(values as unknown as { readonly [Index in keyof Names]: string }).id }
  } catch (cause) {
    return { error: cause instanceof Error ? cause.message : String(cause) }
  }
}

/** Discord waits three seconds. */
const ANSWER_MS = 3_500
