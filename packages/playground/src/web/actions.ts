/** What a page can do: write, edit, delete, press, choose and fill in as a person, kill the bot, open an attached text. */
import { ComponentType, MessageFlags } from 'discord-api-types/v10'
import type { Interaction, Person, World } from 'discord-emulator'
import type { BotKeeper } from '../machine/bot.ts'
import type { Form, Scene } from '../wire.ts'

/** What became of it, or what was wrong. */
type Done = { readonly id: string } | { readonly error: string }

/** `told`: what only the person is told; `form`: what the bot asks for first. */
type Pressed = Done & { readonly told?: string; readonly form?: Form }

/** `body` is that of a request, not yet looked at: an object of strings. */
export interface Actions {
  /** `{ placeId, content }` */
  send(body: unknown): Done
  /** `{ placeId, messageId, content }` */
  edit(body: unknown): Done
  /** `{ placeId, messageId }` */
  delete(body: unknown): Done
  /** `{ placeId, messageId, button }`; resolves once the bot has answered. */
  press(body: unknown): Promise<Pressed>
  /** `{ placeId, messageId, menu, values }`: of the options that are chosen, separated by line breaks. */
  choose(body: unknown): Promise<Pressed>
  /** `{ words }`: into the form that was shown last. */
  fill(body: unknown): Promise<Pressed>
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
  let shown: Interaction | undefined

  async function use<const Names extends readonly string[]>(
    body: unknown,
    names: Names,
    act: (values: { readonly [Index in keyof Names]: string }) => Interaction,
  ): Promise<Pressed> {
    let begun: Interaction | undefined
    const done = attempt<Names>(body, names, (values) => (begun = act(values)))
    if ('error' in done || !begun) return done
    const interaction = begun
    const isOver = (): true | undefined => (interaction.state === 'waiting' ? undefined : true)
    await world.until('an answer to the press', isOver, ANSWER_MS).catch(() => undefined)
    // In the words of Discord's own client.
    if (interaction.state === 'waiting' || interaction.state === 'failed') return { error: 'This interaction failed' }
    const form = formOf(interaction)
    if (form) {
      shown = interaction
      return { ...done, form }
    }
    const told = toldBy(interaction)
    return told === undefined ? done : { ...done, told }
  }

  return {
    send: (body) => attempt(body, ['placeId', 'content'], ([place, content]) => you.send(place, content)),
    edit: (body) => attempt(body, ['placeId', 'messageId', 'content'], ([place, id, content]) => you.edit(place, id, content)),
    delete: (body) =>
      attempt(body, ['placeId', 'messageId'], ([place, id]) => {
        you.delete(place, id)
        return { id }
      }),
    press: (body) => use(body, ['placeId', 'messageId', 'button'], ([place, id, button]) => you.press(place, id, button)),
    choose: (body) =>
      use(body, ['placeId', 'messageId', 'menu', 'values'], ([place, id, menu, values]) =>
        you.select(place, id, menu, values.split('\n')),
      ),
    fill: (body) =>
      use(body, ['words'], ([words]) => {
        const field = shown && fieldOf(shown)
        if (!shown || !field) throw new Error('There is no form to fill in.')
        return you.fill(shown, { [field.custom_id]: words })
      }),
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

function toldBy({ response }: Interaction): string | undefined {
  const isPrivate = response !== undefined && ((response.flags ?? 0) & MessageFlags.Ephemeral) !== 0
  return isPrivate ? response.content : undefined
}

/** The bot's modals have one field: a text behind a label. */
function fieldOf({
  modal,
}: Interaction): { readonly custom_id: string; readonly label: string; readonly placeholder: string } | undefined {
  const [first] = modal?.components ?? []
  if (first?.type !== ComponentType.Label || first.component.type !== ComponentType.TextInput) return undefined
  return { custom_id: first.component.custom_id, label: first.label, placeholder: first.component.placeholder ?? '' }
}

function formOf(interaction: Interaction): Form | undefined {
  const field = fieldOf(interaction)
  return field && { title: interaction.modal?.title ?? '', label: field.label, placeholder: field.placeholder }
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
