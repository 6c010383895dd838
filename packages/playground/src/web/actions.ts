/** What a page can do: write, edit, delete, press, choose, fill in and use commands as a person, kill the bot and start it again, cause other trouble, open a file. */
import type { Person, World } from 'discord-emulator'
import type { BotKeeper } from '../machine/bot.ts'
import type { Troubles } from '../machine/troubles.ts'
import type { Choice, Form, Scene } from '../wire.ts'
import { answerTo, formOf, type Used } from './interaction.ts'
import { filledIn, optionsIn, stringsIn } from './request-body.ts'

/** What became of it, or what was wrong. */
export type Done = { readonly id: string } | { readonly error: string }

/** `form`: what the bot asks for first. */
export type Answered = Done & { readonly form?: Form }

/** `body` is that of a request, not yet looked at: an object. */
export interface Actions {
  /** `{ placeId, content }` */
  send(body: unknown): Done
  /** `{ placeId, content }`: written by the guest. */
  sendAsGuest(body: unknown): Done
  /** `{ placeId, messageId, content }` */
  edit(body: unknown): Done
  /** `{ placeId, messageId }` */
  delete(body: unknown): Done
  /** `{ placeId, messageId, button }`; resolves once the bot has answered. */
  press(body: unknown): Promise<Answered>
  /** `{ placeId, messageId, menu, values }`: of the options that are chosen, separated by line breaks. */
  choose(body: unknown): Promise<Answered>
  /** `{ fields }`: words or files by the id of their field, into the form that was shown last. */
  fill(body: unknown): Promise<Answered>
  /** `{ placeId, line, options }`: a slash command, e.g. `queue add`, and its options by name. */
  command(body: unknown): Promise<Answered>
  /** `{ placeId, line, options, focused }`: the bot proposes values for the option that is being typed. */
  propose(body: unknown): Promise<{ readonly choices: readonly Choice[] } | { readonly error: string }>
  kill(): { readonly pid: number | undefined }
  /** Once more after it has failed. */
  start(): Done
  /** `{ name }`: one of the troubles that are offered; `id` is what was done, in words. */
  cause(body: unknown): Done
  /** The bytes of a file that a message on the page has. */
  open(attachmentId: string): Promise<Uint8Array | undefined>
}

export interface ActionSources {
  readonly world: World
  readonly you: Person
  readonly guest: Person
  readonly bot: BotKeeper
  readonly troubles: Pick<Troubles, 'cause'>
  readonly read: () => Scene
  /** By the id of the interaction: what was used, as it was typed. */
  readonly commandLines: Map<string, string>
}

export function createActions({ world, you, guest, bot, troubles, read, commandLines }: ActionSources): Actions {
  let shown: Used['interaction'] | undefined

  async function use(act: () => Used['interaction'], silence: string): Promise<Answered> {
    const used = await answerTo(world, act, silence)
    if ('error' in used) return used
    const { interaction } = used
    const form = formOf(interaction)
    if (!form) return { id: interaction.id }
    shown = interaction
    return { id: interaction.id, form }
  }

  return {
    send: (body) => attempt(() => you.send(...stringsIn(body, ['placeId', 'content']))),
    sendAsGuest: (body) => attempt(() => guest.send(...stringsIn(body, ['placeId', 'content']))),
    edit: (body) => attempt(() => you.edit(...stringsIn(body, ['placeId', 'messageId', 'content']))),
    delete: (body) =>
      attempt(() => {
        const [place, id] = stringsIn(body, ['placeId', 'messageId'])
        you.delete(place, id)
        return { id }
      }),
    press: (body) => use(() => you.press(...stringsIn(body, ['placeId', 'messageId', 'button'])), FAILED),
    choose: (body) =>
      use(() => {
        const [place, id, menu, values] = stringsIn(body, ['placeId', 'messageId', 'menu', 'values'])
        return you.select(place, id, menu, values.split('\n'))
      }, FAILED),
    fill: (body) =>
      use(() => {
        if (!shown || !formOf(shown)) throw new Error('There is no form to fill in.')
        return you.fill(shown, filledIn(body))
      }, FAILED),
    command: (body) =>
      use(() => {
        const [place, line] = stringsIn(body, ['placeId', 'line'])
        const interaction = you.command(place, line, optionsIn(body))
        commandLines.set(interaction.id, line)
        return interaction
      }, SILENT),
    async propose(body) {
      const used = await answerTo(
        world,
        () => {
          const [place, line, focused] = stringsIn(body, ['placeId', 'line', 'focused'])
          return you.autocomplete(place, line, optionsIn(body), focused)
        },
        NO_CHOICES,
      )
      if ('error' in used) return used
      return { choices: (used.interaction.choices ?? []).map(({ name, value }) => ({ name, value })) }
    },
    kill: () => ({ pid: bot.kill() }),
    start: () => {
      bot.start()
      return { id: 'started' }
    },
    cause: (body) => attempt(() => ({ id: troubles.cause(...stringsIn(body, ['name'])) })),
    async open(attachmentId) {
      const message = Object.values(read().messages).find(({ attachments }) => attachments.some(({ id }) => id === attachmentId))
      const found =
        message &&
        you
          .messages(message.placeId)
          .flatMap((one) => one.attachments)
          .find(({ id }) => id === attachmentId)
      if (found === undefined) return undefined
      const response = await fetch(found.url, { signal: AbortSignal.timeout(5_000) })
      return response.ok ? new Uint8Array(await response.arrayBuffer()) : undefined
    },
  }
}

function attempt(act: () => { readonly id: string }): Done {
  try {
    return { id: act().id }
  } catch (cause) {
    return { error: cause instanceof Error ? cause.message : String(cause) }
  }
}

/** In the words of Discord's own client. */
const FAILED = 'This interaction failed'
const SILENT = 'The application did not respond'
const NO_CHOICES = 'Loading options failed'
