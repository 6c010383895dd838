/** Discord's JSON read into what the suite compares: for a library that leaves that to its user. */
import type { API } from '@discordjs/core'
import {
  ApplicationCommandOptionType as Option,
  InteractionType,
  type APIApplicationCommandInteractionDataOption,
  type APIInteraction,
  type APIMessage,
  type APIModalInteractionResponseCallbackData,
  type MessageFlags,
  type RESTPostAPIChannelMessageJSONBody,
  type APIThreadChannel,
} from 'discord-api-types/v10'
import type { Draft, Question, Seen, SeenThread } from '../client.ts'

export function readMessage(message: APIMessage): Seen {
  return {
    id: message.id,
    channelId: message.channel_id,
    author: message.author.username,
    content: message.content,
    type: message.type,
    embeds: message.embeds.map(({ title = '' }) => title),
    customIds: customIds(message.components ?? []),
    files: message.attachments.map(({ filename, size, url }) => ({ name: filename, size, url })),
    reactions: (message.reactions ?? []).map(({ emoji, count }) => [emoji.name ?? '', count]),
    replyTo: message.message_reference?.message_id,
    pinned: message.pinned,
  }
}

/** Of components however deep. */
export function customIds(components: readonly unknown[]): readonly string[] {
  return components.flatMap((component) => {
    const { custom_id: id, components: inner = [] } = component as { custom_id?: string; components?: readonly unknown[] }
    return [...(id === undefined ? [] : [id]), ...customIds(inner)]
  })
}

export function readThread(thread: APIThreadChannel): SeenThread {
  return {
    id: thread.id,
    name: thread.name,
    parentId: thread.parent_id ?? '',
    archived: thread.thread_metadata?.archived === true,
    locked: thread.thread_metadata?.locked === true,
    type: thread.type,
  }
}

interface Resolved {
  readonly users?: Readonly<Record<string, { readonly username: string }>>
  readonly roles?: Readonly<Record<string, { readonly name: string }>>
  readonly channels?: Readonly<Record<string, { readonly name?: string | null }>>
  readonly attachments?: Readonly<Record<string, { readonly filename: string }>>
}

export function readQuestion(interaction: APIInteraction): Omit<Question, keyof ReturnType<typeof answersOf>> {
  const user = interaction.member?.user.username ?? interaction.user?.username ?? ''
  const nothing = { user, options: {}, focused: undefined, chosen: [], fields: {} }
  switch (interaction.type) {
    case InteractionType.ApplicationCommand:
    case InteractionType.ApplicationCommandAutocomplete: {
      const { data } = interaction
      const { path, leaves } = walk('options' in data ? (data.options ?? []) : [])
      const resolved: Resolved = 'resolved' in data ? ((data.resolved ?? {}) as Resolved) : {}
      const options = Object.fromEntries(leaves.map(({ name, value }) => [name, named(resolved, value)]))
      const what = interaction.type === InteractionType.ApplicationCommand ? 'command' : 'autocomplete'
      const focused = leaves.find(({ focused: isFocused }) => isFocused === true)?.name
      return { ...nothing, what, name: [data.name, ...path].join(' '), options, focused }
    }
    case InteractionType.MessageComponent: {
      const { data } = interaction
      const resolved = 'resolved' in data ? (data.resolved as Resolved) : {}
      const chosen = 'values' in data ? data.values.map((value) => String(named(resolved, value))) : []
      return { ...nothing, what: 'component', name: data.custom_id, chosen }
    }
    case InteractionType.ModalSubmit: {
      const { data } = interaction
      const resolved = (data.resolved ?? {}) as Resolved
      const filled = data.components.flatMap((part) => ('component' in part ? [part.component as Filled] : []))
      const values = ({ value, values: all }: Filled) => (all ?? [value ?? '']).map((one) => String(named(resolved, one)))
      return {
        ...nothing,
        what: 'modal',
        name: data.custom_id,
        fields: Object.fromEntries(filled.map((one) => [one.custom_id, values(one)])),
      }
    }
    case InteractionType.Ping:
    default:
      throw new Error(`An interaction of type ${interaction.type}`)
  }
}

interface Filled {
  readonly custom_id: string
  readonly value?: string
  readonly values?: readonly string[]
}

interface Leaf {
  readonly name: string
  readonly value: string | number | boolean
  readonly focused?: boolean
}

/** Through groups and subcommands to the options. */
function walk(options: readonly APIApplicationCommandInteractionDataOption[]): {
  readonly path: readonly string[]
  readonly leaves: readonly Leaf[]
} {
  const [first] = options
  if (first?.type !== Option.Subcommand && first?.type !== Option.SubcommandGroup)
    return { path: [], leaves: options as readonly Leaf[] }
  const inner = walk(first.options ?? [])
  return { path: [first.name, ...inner.path], leaves: inner.leaves }
}

function named({ users, roles, channels, attachments }: Resolved, value: string | number | boolean): string | number | boolean {
  const id = String(value)
  return users?.[id]?.username ?? roles?.[id]?.name ?? channels?.[id]?.name ?? attachments?.[id]?.filename ?? value
}

type Body = RESTPostAPIChannelMessageJSONBody & { readonly files?: { name: string; data: Buffer }[] }

export const bodyOf = ({ files, replyTo, ...draft }: Draft): Body =>
  ({
    ...draft,
    ...(files && { files: files.map(({ name, data }) => ({ name, data })) }),
    ...(replyTo !== undefined && { message_reference: { message_id: replyTo } }),
  }) as Body

export function answersOf({ interactions }: API, { id, token, application_id: application }: APIInteraction) {
  return {
    reply: (draft: Draft) => interactions.reply(id, token, bodyOf(draft)),
    defer: (flags?: MessageFlags) => interactions.defer(id, token, flags === undefined ? {} : { flags }),
    editReply: async (draft: Draft) => readMessage(await interactions.editReply(application, token, bodyOf(draft))),
    deleteReply: () => interactions.deleteReply(application, token),
    followUp: (draft: Draft) => interactions.followUp(application, token, bodyOf(draft)),
    update: (draft: Draft) => interactions.updateMessage(id, token, bodyOf(draft)),
    deferUpdate: () => interactions.deferMessageUpdate(id, token),
    show: (modal: Parameters<Question['show']>[0]) =>
      interactions.createModal(id, token, modal as APIModalInteractionResponseCallbackData),
    offer: (choices: Parameters<Question['offer']>[0]) =>
      interactions.createAutocompleteResponse(id, token, { choices: [...choices] }),
  }
}
