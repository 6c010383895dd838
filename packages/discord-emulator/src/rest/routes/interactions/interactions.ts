/** The callback of an interaction (docs: Interactions > Create Interaction Response). Its token is all it needs. */
import { MessageFlags } from 'discord-api-types/v10'
import { LIMITS } from '../../../rules/limits.ts'
import { CALLBACK, INTERACTION } from '../../../rules/types.ts'
import { formRefusal } from '../../../world/base/discord-error.ts'
import { awaitedInteraction, findMessageOrEphemeral, originalId } from '../../../world/interactions/interactions.ts'
import type { InteractionRecord } from '../../../world/realm/records.ts'
import {
  deferMessage,
  offerChoices,
  respondWithMessage,
  showModal,
  sourceMessage,
  updateSource,
} from '../../../world/interactions/respond.ts'
import { showMessage } from '../../../world/show/show-message.ts'
import { isObject, readForm, type Form } from '../../body/form.ts'
import { readDraft, readEdit } from '../../body/message-body.ts'
import { readModal } from '../../body/modal-body.ts'
import { noContent, ok, param, type RestAnswer, type RestRequest, type Route } from '../../route.ts'

export const interactionRoutes: readonly Route[] = [
  { method: 'POST', template: '/interactions/:interaction/:token/callback', open: true, handle: respond },
]

function respond(request: RestRequest): RestAnswer {
  const { realm, body, query } = request
  const interaction = awaitedInteraction(realm, param(request, 'interaction'), param(request, 'token'))
  const form = readForm(body)
  const type = form.integer('type', { of: allowedTypes(interaction) })
  if (type === undefined && !form.has('type')) form.problem(['type'], 'BASE_TYPE_REQUIRED', 'This field is required')
  form.check()
  carryOut(request, interaction, Number(type))
  return query.get('with_response') === 'true' ? ok(showAnswer(request, interaction.id, Number(type))) : noContent()
}

/** Which answers fit which question: no modal after a modal, choices only for autocomplete, updates only where a message is. */
function allowedTypes({ type, messageId }: InteractionRecord): readonly number[] {
  if (type === INTERACTION.autocomplete) return [CALLBACK.choices]
  const messages = [CALLBACK.message, CALLBACK.deferredMessage]
  const updates = messageId === undefined ? [] : [CALLBACK.deferredUpdate, CALLBACK.update]
  return [...messages, ...updates, ...(type === INTERACTION.modal ? [] : [CALLBACK.modal])]
}

function carryOut({ realm, body, files }: RestRequest, interaction: InteractionRecord, type: number): void {
  const data = isObject(body) ? body.data : undefined
  const message = { body: data, files }
  switch (type) {
    case CALLBACK.deferredMessage:
      return deferMessage(realm, interaction, flagsOf(data))
    case CALLBACK.deferredUpdate:
      return updateSource(realm, interaction, undefined)
    case CALLBACK.update: {
      const edit = isObject(data) ? readEdit(message, sourceMessage(realm, interaction).flags, ['data']) : undefined
      return updateSource(realm, interaction, edit)
    }
    case CALLBACK.choices:
      return offerChoices(realm, interaction, readChoices(readForm(data, ['data']), interaction))
    case CALLBACK.modal:
      return showModal(realm, interaction, readModal(readForm(data, ['data'])))
    default:
      return respondWithMessage(realm, interaction, readDraft(message, ['data']))
  }
}

function flagsOf(data: unknown): number {
  return isObject(data) && typeof data.flags === 'number' ? data.flags : 0
}

/** At most 25, names of 1 to 100 characters, values of the option's own type. */
function readChoices(form: Form, { data }: InteractionRecord) {
  const choices = (form.list('choices', LIMITS.autocompleteChoices) ?? []).filter(isObject)
  const numeric = [4, 10].includes(focusedType(data))
  choices.forEach(({ name, value }, index) => {
    const length = typeof name === 'string' ? name.length : 0
    if (length < 1 || length > 100) problem(form, [index, 'name'], 'Must be between 1 and 100 in length.')
    if (numeric && typeof value !== 'number') problem(form, [index, 'value'], `Value "${String(value)}" is not a number.`)
    const text = typeof value === 'string' ? value.length : -1
    if (!numeric && (text < 1 || text > 100)) problem(form, [index, 'value'], 'Must be between 1 and 100 in length.')
  })
  form.check()
  return choices
}

function problem(form: Form, path: readonly (string | number)[], message: string): void {
  form.problem(['choices', ...path], 'BASE_TYPE_BAD_LENGTH', message)
}

function focusedType({ type, focused, options }: Readonly<Record<string, unknown>>): number {
  if (focused === true) return Number(type)
  const nested = Array.isArray(options) ? options.filter(isObject).map(focusedType) : []
  return nested.find((one) => one !== 0) ?? 0
}

/** docs: Interactions > Interaction Callback Response Object. */
function showAnswer({ realm }: RestRequest, id: string, callback: number): unknown {
  const interaction = realm.interactions.find(id)
  if (interaction === undefined) throw formRefusal([])
  const messageId = originalId(interaction)
  const message = messageId === undefined ? undefined : findMessageOrEphemeral(realm, interaction.channelId, messageId)
  const { type, channelId, origin } = interaction
  const about =
    message === undefined
      ? {}
      : {
          response_message_id: message.id,
          response_message_loading: (message.flags & MessageFlags.Loading) !== 0,
          response_message_ephemeral: (message.flags & MessageFlags.Ephemeral) !== 0,
        }
  return {
    interaction: {
      id,
      type,
      ...about,
      channel_id: channelId,
      ...(origin.guildId === undefined ? {} : { guild_id: origin.guildId }),
    },
    ...(message === undefined ? {} : { resource: { type: resourceType(callback), message: showMessage(realm, message) } }),
  }
}

/** Discord's description knows two kinds of resource: a message written (4), a message changed (7). */
function resourceType(callback: number): number {
  return callback === CALLBACK.update || callback === CALLBACK.deferredUpdate ? CALLBACK.update : CALLBACK.message
}
