/** A person presses a button or chooses in a select (docs: Interactions > Message Component Data; Components). */
import type { Snowflake } from '../../api.ts'
import { COMPONENT as C, INTERACTION } from '../../rules/types.ts'
import { visibleChannel } from '../realm/access.ts'
import { askBot } from './ask-bot.ts'
import { formRefusal, refusal } from '../base/discord-error.ts'
import { findMessageOrEphemeral } from './interactions.ts'
import type { Realm } from '../realm/realm.ts'
import type { ChannelRecord, Fields, InteractionRecord, ThreadRecord } from '../realm/records.ts'
import { namedBy, resolve, type Named } from './resolve.ts'

export interface ComponentUse {
  readonly userId: Snowflake
  readonly channelId: Snowflake
  readonly messageId: Snowflake
  readonly customId: string
}

export function pressButton(realm: Realm, use: ComponentUse): InteractionRecord {
  const { component, ...found } = findComponent(realm, use)
  if (component.type !== C.button) throw unusable(use, 'is not a button')
  return ask(realm, use, { ...found, data: { custom_id: use.customId, component_type: C.button, id: component.id } })
}

/** `values` are option values, or ids of users, roles and channels. */
export function chooseInSelect(realm: Realm, use: ComponentUse, values: readonly string[]): InteractionRecord {
  const { component, ...found } = findComponent(realm, use)
  if (!isSelect(component)) throw unusable(use, 'is not a select')
  checkChosen(component, values, use)
  const resolved = resolve(
    realm,
    { channel: found.channel, userId: use.userId },
    namedOf(realm, found.channel, component, values),
  )
  const chosen = { custom_id: use.customId, component_type: component.type, id: component.id, values }
  return ask(realm, use, { ...found, data: { ...chosen, ...(resolved === undefined ? {} : { resolved }) } })
}

export function isSelect({ type }: Fields): boolean {
  return [C.stringSelect, C.userSelect, C.roleSelect, C.mentionableSelect, C.channelSelect].some((one) => one === type)
}

/** As many as asked for, and only what is offered. */
export function checkChosen(component: Fields, values: readonly string[], use: { readonly customId: string }): void {
  const least = typeof component.min_values === 'number' ? component.min_values : 1
  const most = typeof component.max_values === 'number' ? component.max_values : 1
  if (values.length < least || values.length > most) throw unusable(use, `takes ${least} to ${most} values`)
  if (!Array.isArray(component.options)) return
  const offered = (component.options as readonly Fields[]).map(({ value }) => value)
  if (!values.every((value) => offered.includes(value))) throw unusable(use, 'does not offer that')
}

/** Users, roles and channels are named by id; texts name nothing. */
export function namedOf(realm: Realm, channel: ChannelRecord | ThreadRecord, { type }: Fields, values: readonly string[]): Named {
  return type === C.stringSelect ? {} : namedBy(realm, channel, values)
}

export function unusable({ customId }: { readonly customId: string }, why: string) {
  return formRefusal([{ path: ['data', 'custom_id'], code: 'COMPONENT_VALIDATION_FAILED', message: `${customId} ${why}` }])
}

/** Every component under these, at any depth. */
export function componentsIn(components: readonly unknown[]): readonly Fields[] {
  return (components as readonly Fields[]).flatMap((component) => {
    const { components: many, accessory, component: one } = component
    const children = [...(Array.isArray(many) ? (many as unknown[]) : []), accessory, one].filter((child) => child !== undefined)
    return [component, ...componentsIn(children)]
  })
}

/** On a message the person sees, theirs alone or everybody's. */
function findComponent(realm: Realm, use: ComponentUse) {
  const { userId, channelId, messageId, customId } = use
  const channel = visibleChannel(realm, userId, channelId)
  const message = findMessageOrEphemeral(realm, channelId, messageId)
  if (message === undefined || (message.ephemeralFor ?? userId) !== userId) throw refusal('unknownMessage')
  if (channel.kind === 'thread' && channel.archived) throw refusal('archivedThread')
  const component = componentsIn(message.components).find(({ custom_id }) => custom_id === customId)
  if (component === undefined) throw unusable(use, 'is on none of its components')
  if (component.disabled === true) throw unusable(use, 'is disabled')
  return { channel, component, botId: message.authorId }
}

function ask(
  realm: Realm,
  { userId, messageId }: ComponentUse,
  rest: { readonly channel: ChannelRecord | ThreadRecord; readonly botId: Snowflake; readonly data: Fields },
): InteractionRecord {
  return askBot(realm, { type: INTERACTION.component, userId, messageId, ...rest })
}
