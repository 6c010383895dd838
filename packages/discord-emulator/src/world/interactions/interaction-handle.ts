/** What a person sees of an interaction of theirs, now: derived each time it is looked at. */
import { MessageFlags } from 'discord-api-types/v10'
import type { Interaction } from '../../api.ts'
import { findMessageOrEphemeral, isLate, originalId } from './interactions.ts'
import type { Realm } from '../realm/realm.ts'
import type { InteractionRecord, MessageRecord } from '../realm/records.ts'
import { shaped } from '../base/shaped.ts'
import { showMessage } from '../show/show-message.ts'

export function interactionHandle(realm: Realm, interaction: InteractionRecord): Interaction {
  const current = realm.interactions.watch(interaction)
  return {
    id: interaction.id,
    get state() {
      return stateOf(realm, current())
    },
    get response() {
      const message = responseOf(realm, current())
      return message && showMessage(realm, message)
    },
    get modal() {
      const { answer } = current()
      return answer?.kind === 'modal' ? shaped<NonNullable<Interaction['modal']>>(answer.modal) : undefined
    },
    get choices() {
      const { answer } = current()
      return answer?.kind === 'choices'
        ? answer.choices.map((choice) => shaped<NonNullable<Interaction['choices']>[number]>(choice))
        : undefined
    },
  }
}

function stateOf(realm: Realm, interaction: InteractionRecord): Interaction['state'] {
  if (interaction.answer === undefined) return isLate(realm, interaction) ? 'failed' : 'waiting'
  const message = responseOf(realm, interaction)
  return message !== undefined && (message.flags & MessageFlags.Loading) !== 0 ? 'thinking' : 'answered'
}

function responseOf(realm: Realm, interaction: InteractionRecord): MessageRecord | undefined {
  const messageId = originalId(interaction)
  return messageId === undefined ? undefined : findMessageOrEphemeral(realm, interaction.channelId, messageId)
}
