/** Interactions as Discord sends them: the kind first, and the rest only of those that are ours (Discord docs: Receiving and Responding). */
import { ApplicationCommandType, ComponentType, InteractionType } from 'discord-api-types/v10'
import { Unreadable } from '../../base/errors.ts'
import type { MessageTarget } from '../../domain/conversation/request.ts'
import { memberWithUser } from './guild.ts'
import { attachment, type RawAttachment } from './message.ts'
import {
  anything,
  isThere,
  flag,
  list,
  number,
  optional,
  orElse,
  orNone,
  readable,
  record,
  scalar,
  snowflake,
  text,
  type Read,
  type Reader,
} from './shape.ts'

const common = {
  id: snowflake,
  token: text,
  application_id: snowflake,
  guild_id: optional(snowflake),
  member: optional(memberWithUser),
  /** Either of them names the place. */
  channel: orNone(record({ id: snowflake })),
  channel_id: orNone(snowflake),
}

const kinds = record({
  type: number,
  guild_id: optional(snowflake),
  message: isThere,
  data: orNone(record({ type: orNone(number), component_type: orNone(number) })),
})

const press = record({ ...common, message: record({ id: snowflake }), data: record({ custom_id: text }) })

const choice = record({
  ...common,
  message: record({ id: snowflake }),
  data: record({ custom_id: text, values: list(text) }),
})

/** By their ids (Discord docs: Resolved Data). */
const sentFiles: Reader<readonly RawAttachment[]> = (value) =>
  typeof value === 'object' && value !== null ? list(attachment)(Object.values(value)) : []

/** What was written or sent stands in a label each. Ours are shown for buttons: without a message it is another program's (Discord docs: Modal Submit Data). */
const modal = record({
  ...common,
  message: record({ id: snowflake }),
  data: record({
    custom_id: text,
    components: readable(record({ component: record({ value: orNone(text), values: orNone(list(snowflake)) }) })),
    resolved: orNone(record({ attachments: sentFiles })),
  }),
})

const slashCommand = record({
  ...common,
  data: record({
    name: text,
    options: optional(list(record({ name: text, value: optional(scalar) }))),
    resolved: orNone(record({ attachments: sentFiles })),
  }),
})

/** Picked in the menu of a message. `content` is there whatever intents the bot has. */
const menuCommand = record({
  ...common,
  data: record({ name: text, target_id: snowflake, resolved: record({ messages: anything }) }),
})

const menuTarget = record({
  id: snowflake,
  content: orElse(text, ''),
  attachments: orElse(list(anything), []),
  author: orNone(record({ id: snowflake })),
})

function picked(value: unknown): RawCommand | Unreadable {
  const known = menuCommand(value)
  if (known instanceof Unreadable) return known
  const { name, target_id: id, resolved } = known.data
  const messages = resolved.messages as Readonly<Record<string, unknown>> | null | undefined
  const found = menuTarget(messages?.[id])
  if (found instanceof Unreadable) return found
  const target = { id, text: found.content, hasFiles: found.attachments.length > 0, authorId: found.author?.id }
  return { ...known, data: { name, options: undefined, resolved: undefined, target } }
}

const typing = record({
  ...common,
  data: record({
    name: text,
    options: optional(list(record({ name: text, value: optional(scalar), focused: optional(flag) }))),
  }),
})

export type RawTyping = Read<typeof typing>
export type RawPress = Read<typeof press> | Read<typeof choice> | Read<typeof modal>
type RawSlashCommand = Read<typeof slashCommand>
export type RawCommand = Omit<RawSlashCommand, 'data'> & {
  readonly data: RawSlashCommand['data'] & { readonly target?: MessageTarget }
}
export type RawMemberWithUser = Read<typeof memberWithUser>

export type Invoked =
  /** A button was pressed, an option of a menu chosen, or a modal sent. */
  | { readonly kind: 'press'; readonly interaction: RawPress }
  | { readonly kind: 'command'; readonly interaction: RawCommand }
  /** An option of a command is being typed. */
  | { readonly kind: 'autocomplete'; readonly interaction: RawTyping }
  /** A command of the menu of a user, or outside of a server. */
  | { readonly kind: 'other' }

const MESSAGE_COMPONENT: number = InteractionType.MessageComponent
const MODAL_SUBMIT: number = InteractionType.ModalSubmit
const APPLICATION_COMMAND: number = InteractionType.ApplicationCommand
const AUTOCOMPLETE: number = InteractionType.ApplicationCommandAutocomplete
const BUTTON: number = ComponentType.Button
const MENU: number = ComponentType.StringSelect
const MESSAGE_MENU: number = ApplicationCommandType.Message
const CHAT_INPUT: number = ApplicationCommandType.ChatInput

export const interaction: Reader<Invoked> = (value) => {
  const known = kinds(value)
  if (known instanceof Unreadable) return known
  if (known.guild_id === undefined) return { kind: 'other' }
  if (known.type === MESSAGE_COMPONENT && known.data?.component_type === BUTTON) {
    const pressed = press(value)
    return pressed instanceof Unreadable ? pressed : { kind: 'press', interaction: pressed }
  }
  if (known.type === MESSAGE_COMPONENT && known.data?.component_type === MENU) {
    const chosen = choice(value)
    return chosen instanceof Unreadable ? chosen : { kind: 'press', interaction: chosen }
  }
  if (known.type === MODAL_SUBMIT && known.message) {
    const sent = modal(value)
    return sent instanceof Unreadable ? sent : { kind: 'press', interaction: sent }
  }
  if (known.type === APPLICATION_COMMAND && known.data?.type === CHAT_INPUT) {
    const invoked = slashCommand(value)
    return invoked instanceof Unreadable ? invoked : { kind: 'command', interaction: invoked }
  }
  if (known.type === APPLICATION_COMMAND && known.data?.type === MESSAGE_MENU) {
    const invoked = picked(value)
    return invoked instanceof Unreadable ? invoked : { kind: 'command', interaction: invoked }
  }
  if (known.type === AUTOCOMPLETE) {
    const typed = typing(value)
    return typed instanceof Unreadable ? typed : { kind: 'autocomplete', interaction: typed }
  }
  return { kind: 'other' }
}
