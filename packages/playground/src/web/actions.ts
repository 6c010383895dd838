/** What a page can do: write, edit, delete, press, choose, fill in and use commands as a person, kill the bot and start it again, cause other trouble, open a file. */
import type { Person, World } from 'discord-emulator'
import type { Member } from '../discord/people.ts'
import type { BotKeeper } from '../machine/bot.ts'
import type { Troubles } from '../machine/troubles.ts'
import type { Choice, Form, Scene } from '../wire.ts'
import { answerTo, formOf, type Used } from './interaction.ts'
import { filesIn, filledIn, optionsIn, stringIn, stringsIn } from './request-body.ts'

/** What became of it, or what was wrong. */
export type Done = { readonly id: string } | { readonly error: string }

/** `form`: what the bot asks for first. */
export type Answered = Done & { readonly form?: Form }

/** `body` is that of a request, not yet looked at: an object. `as` in it is the id of whoever acts, you by default. */
export interface Actions {
  /** `{ placeId, content, files? }` */
  send(body: unknown): Promise<Done>
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
  readonly cast: readonly Member[]
  /** Grows by whoever uses something: only they may have ephemeral messages. */
  readonly eyes: Set<Person>
  /** Of the emulated Discord, where another bot writes. */
  readonly apiUrl: string
  readonly bot: BotKeeper
  readonly troubles: Pick<Troubles, 'cause'>
  readonly read: () => Scene
  /** By the id of the interaction: what was used, as it was typed. */
  readonly commandLines: Map<string, string>
}

export function createActions({ world, cast, bot, troubles, read, eyes, commandLines, apiUrl }: ActionSources): Actions {
  let shown: { readonly interaction: Used['interaction']; readonly person: Person } | undefined

  /** Who acts: whom the page speaks as, else you. */
  const memberIn = (body: unknown): Member => {
    const id = stringIn(body, 'as')
    const member = id === undefined ? cast[0] : cast.find(({ who }) => who.id === id)
    if (!member) throw new Error('Nobody here has this id.')
    return member
  }
  const personIn = (body: unknown): Person => {
    const member = memberIn(body)
    if (member.kind === 'bot') throw new Error('A bot can only write: it has no hands to press, choose or edit with here.')
    return member.who
  }

  async function use(body: unknown, act: (person: Person) => Used['interaction'], silence: string): Promise<Answered> {
    let actor: Person | undefined
    const acting = () => {
      actor = personIn(body)
      eyes.add(actor)
      return act(actor)
    }
    const used = await answerTo(world, acting, silence)
    if ('error' in used) return used
    const { interaction } = used
    const form = formOf(interaction)
    if (!form || !actor) return { id: interaction.id }
    shown = { interaction, person: actor }
    return { id: interaction.id, form }
  }

  return {
    async send(body) {
      try {
        const member = memberIn(body)
        const [place, content] = stringsIn(body, ['placeId', 'content'])
        if (member.kind === 'bot') return await sendAsBot(apiUrl, member.who.token, place, content)
        return { id: member.who.send(place, content, { files: filesIn(body) }).id }
      } catch (cause) {
        return { error: cause instanceof Error ? cause.message : String(cause) }
      }
    },
    edit: (body) => attempt(() => personIn(body).edit(...stringsIn(body, ['placeId', 'messageId', 'content']))),
    delete: (body) =>
      attempt(() => {
        const [place, id] = stringsIn(body, ['placeId', 'messageId'])
        personIn(body).delete(place, id)
        return { id }
      }),
    press: (body) => use(body, (person) => person.press(...stringsIn(body, ['placeId', 'messageId', 'button'])), FAILED),
    choose: (body) =>
      use(
        body,
        (person) => {
          const [place, id, menu, values] = stringsIn(body, ['placeId', 'messageId', 'menu', 'values'])
          return person.select(place, id, menu, values.split('\n'))
        },
        FAILED,
      ),
    fill: (body) =>
      use(
        body,
        () => {
          if (!shown || !formOf(shown.interaction)) throw new Error('There is no form to fill in.')
          return shown.person.fill(shown.interaction, filledIn(body))
        },
        FAILED,
      ),
    command: (body) =>
      use(
        body,
        (person) => {
          const [place, line] = stringsIn(body, ['placeId', 'line'])
          const interaction = person.command(place, line, optionsIn(body))
          commandLines.set(interaction.id, line)
          return interaction
        },
        SILENT,
      ),
    async propose(body) {
      const used = await answerTo(
        world,
        () => {
          const [place, line, focused] = stringsIn(body, ['placeId', 'line', 'focused'])
          return personIn(body).autocomplete(place, line, optionsIn(body), focused)
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
      const inPlace = message ? [world.messages(message.placeId), ...[...eyes].map((one) => one.messages(message.placeId))] : []
      const found = inPlace
        .flat()
        .flatMap((one) => one.attachments)
        .find(({ id }) => id === attachmentId)
      if (found === undefined) return undefined
      const response = await fetch(found.url, { signal: AbortSignal.timeout(5_000) })
      return response.ok ? new Uint8Array(await response.arrayBuffer()) : undefined
    },
  }
}

/** Another bot has no page: it writes as bots do. */
async function sendAsBot(apiUrl: string, token: string, placeId: string, content: string): Promise<Done> {
  const response = await fetch(`${apiUrl}/v10/channels/${encodeURIComponent(placeId)}/messages`, {
    method: 'POST',
    headers: { authorization: `Bot ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ content }),
    signal: AbortSignal.timeout(5_000),
  })
  const { id, message } = (await response.json()) as { readonly id?: string; readonly message?: string }
  return id === undefined ? { error: message ?? 'Discord refused it' } : { id }
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
