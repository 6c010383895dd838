/** What follows the first answer of an interaction, by its token (docs: Interactions > Followup Messages and the routes before it). */
import { MessageFlags } from 'discord-api-types/v10'
import { refusal } from '../../../world/base/discord-error.ts'
import { answeredInteraction, findMessageOrEphemeral, originalMessage } from '../../../world/interactions/interactions.ts'
import { recordDeleted } from '../../../world/messages/record-message.ts'
import type { InteractionRecord, MessageRecord } from '../../../world/realm/records.ts'
import { changeMessage, followUp } from '../../../world/interactions/respond.ts'
import { showMessage } from '../../../world/show/show-message.ts'
import { readDraft, readEdit } from '../../body/message-body.ts'
import { noContent, ok, param, type RestAnswer, type RestRequest, type Route } from '../../route.ts'

const messages = '/webhooks/:application/:token/messages'

export const webhookRoutes: readonly Route[] = [
  { method: 'POST', template: '/webhooks/:application/:token', open: true, handle: create },
  { method: 'GET', template: `${messages}/@original`, open: true, handle: (request) => get(request, original(request)) },
  { method: 'PATCH', template: `${messages}/@original`, open: true, handle: (request) => edit(request, original(request)) },
  { method: 'DELETE', template: `${messages}/@original`, open: true, handle: (request) => remove(request, original(request)) },
  { method: 'GET', template: `${messages}/:message`, open: true, handle: (request) => get(request, named(request)) },
  { method: 'PATCH', template: `${messages}/:message`, open: true, handle: (request) => edit(request, named(request)) },
  { method: 'DELETE', template: `${messages}/:message`, open: true, handle: (request) => remove(request, named(request)) },
]

function interactionOf(request: RestRequest): InteractionRecord {
  return answeredInteraction(request.realm, param(request, 'application'), param(request, 'token'))
}

function original(request: RestRequest): MessageRecord {
  return originalMessage(request.realm, interactionOf(request))
}

/** Only messages that were written for this interaction, and the one its component is on. */
function named(request: RestRequest): MessageRecord {
  const interaction = interactionOf(request)
  const message = findMessageOrEphemeral(request.realm, interaction.channelId, param(request, 'message'))
  if (message === undefined) throw refusal('unknownMessage')
  const own = message.interaction?.id === interaction.id || message.id === interaction.messageId
  if (!own) throw refusal('unknownMessage')
  return message
}

function create(request: RestRequest): RestAnswer {
  const interaction = interactionOf(request)
  return ok(showMessage(request.realm, followUp(request.realm, interaction, readDraft(request))))
}

function get({ realm }: RestRequest, message: MessageRecord): RestAnswer {
  return ok(showMessage(realm, message))
}

/** The flag IS_COMPONENTS_V2 of a deferred answer is set here, with its content. */
function edit(request: RestRequest, message: MessageRecord): RestAnswer {
  const change = readEdit(request, message.flags)
  if ((message.flags & MessageFlags.IsVoiceMessage) !== 0) throw refusal('voiceEdit')
  return ok(showMessage(request.realm, changeMessage(request.realm, interactionOf(request), message, change)))
}

function remove({ realm }: RestRequest, message: MessageRecord): RestAnswer {
  recordDeleted(realm, message, 'bot')
  return noContent()
}
