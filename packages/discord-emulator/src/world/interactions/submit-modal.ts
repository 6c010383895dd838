/** A person fills a modal and sends it (docs: Interactions > Modal Submit Data; Components > Label, File Upload). */
import type { ModalValue, Snowflake, Upload } from '../../api.ts'
import { COMPONENT as C, INTERACTION } from '../../rules/types.ts'
import { visibleChannel } from '../realm/access.ts'
import { askBot } from './ask-bot.ts'
import { uploadOf } from './command-options.ts'
import { refusal } from '../base/discord-error.ts'
import type { Realm } from '../realm/realm.ts'
import type { AttachmentRecord, ChannelRecord, Fields, InteractionRecord, ThreadRecord } from '../realm/records.ts'
import { resolve, type Named } from './resolve.ts'
import { storeFiles } from '../messages/store-files.ts'
import { checkChosen, componentsIn, isSelect, namedOf, unusable } from './use-component.ts'

/** `values` by custom_id; what is left out keeps its default. Throws 50035 for what the client would not send. */
export function submitModal(
  realm: Realm,
  userId: Snowflake,
  interactionId: Snowflake,
  values: Readonly<Record<string, ModalValue>>,
): InteractionRecord {
  const shown = realm.interactions.find(interactionId)
  if (shown === undefined || shown.userId !== userId || shown.answer?.kind !== 'modal') throw refusal('unknownInteraction')
  const { modal } = shown.answer
  const channel = visibleChannel(realm, userId, shown.channelId)
  const components = (modal.components ?? []) as readonly Fields[]
  const known = componentsIn(components).map(({ custom_id }) => custom_id)
  const unknown = Object.keys(values).find((name) => !known.includes(name))
  if (unknown !== undefined) throw unusable({ customId: unknown }, 'is not in the modal')

  const submission: Submission = { realm, channel, values, named: [] }
  const data = { custom_id: modal.custom_id, components: components.map((component) => submitted(submission, component)) }
  const resolved = resolve(realm, { channel, userId }, together(submission.named))
  return askBot(realm, {
    botId: shown.botId,
    type: INTERACTION.modal,
    userId,
    channel,
    data: { ...data, ...(resolved === undefined ? {} : { resolved }) },
    messageId: shown.messageId,
    triggering: shown.origin,
  })
}

interface Submission {
  readonly realm: Realm
  readonly channel: ChannelRecord | ThreadRecord
  readonly values: Readonly<Record<string, ModalValue>>
  readonly named: Named[]
}

function submitted(submission: Submission, component: Fields): Fields {
  const { type, id, components, component: labelled } = component
  if (type === C.actionRow)
    return { type, id, components: (components as readonly Fields[]).map((one) => submitted(submission, one)) }
  if (type === C.label) return { type, id, component: submitted(submission, labelled as Fields) }
  return type === C.textDisplay ? { type, id } : { type, id, custom_id: component.custom_id, ...answerOf(submission, component) }
}

function answerOf(submission: Submission, component: Fields): Fields {
  const { realm, channel, values, named } = submission
  const customId = String(component.custom_id)
  const given = values[customId]
  if (component.type === C.textInput) return { value: checkedText(component, given ?? component.value ?? '') }
  if (component.type === C.checkbox) return { value: given ?? component.default ?? false }
  if (component.type === C.fileUpload) {
    const files = uploads(given)
    checkCount(component, files.length)
    const stored = storeFiles(realm, channel.id, files.map(uploadOf))
    named.push({ attachments: stored })
    return { values: stored.map(({ id }) => id) }
  }
  const chosen = texts(given) ?? defaultsOf(component)
  if (component.type === C.radioGroup) {
    checkCount({ ...component, max_values: 1 }, chosen.length)
    return { value: chosen[0] ?? null }
  }
  checkCount(component, chosen.length)
  if (chosen.length > 0) checkChosen(component, chosen, { customId })
  if (isSelect(component)) named.push(namedOf(realm, channel, component, chosen))
  return { values: chosen }
}

/** Required unless said otherwise (docs: Text Input, Select: `required` defaults to true in modals). */
function checkCount(component: Fields, count: number): void {
  const { custom_id, required, min_values, max_values } = component
  const least = required === false ? 0 : typeof min_values === 'number' ? min_values : 1
  const most = typeof max_values === 'number' ? max_values : component.type === C.checkboxGroup ? 10 : 1
  if (count < least || count > most) throw unusable({ customId: String(custom_id) }, `takes ${least} to ${most} values`)
}

function checkedText({ custom_id, required, min_length, max_length }: Fields, value: unknown): string {
  const text = String(value)
  const use = { customId: String(custom_id) }
  if (text === '' && required !== false) throw unusable(use, 'is required')
  if (text !== '' && typeof min_length === 'number' && text.length < min_length)
    throw unusable(use, `takes ${min_length} characters or more`)
  const most = typeof max_length === 'number' ? max_length : 4000
  if (text.length > most) throw unusable(use, `takes ${most} characters or fewer`)
  return text
}

function texts(given: ModalValue | undefined): readonly string[] | undefined {
  if (given === undefined) return undefined
  return (Array.isArray(given) ? given : [given]).map(String)
}

function uploads(given: ModalValue | undefined): readonly Upload[] {
  return (Array.isArray(given) ? (given as readonly unknown[]) : [given]).filter(
    (one): one is Upload => typeof one === 'object' && one !== null && 'data' in one,
  )
}

function defaultsOf({ options }: Fields): readonly string[] {
  const offered = Array.isArray(options) ? (options as readonly Fields[]) : []
  return offered.filter((option) => option.default === true).map(({ value }) => String(value))
}

function together(named: readonly Named[]): Named {
  const all = <T>(pick: (one: Named) => readonly T[] | undefined) => named.flatMap((one) => pick(one) ?? [])
  return {
    users: all(({ users }) => users),
    roles: all(({ roles }) => roles),
    channels: all(({ channels }) => channels),
    attachments: all<AttachmentRecord>(({ attachments }) => attachments),
  }
}
