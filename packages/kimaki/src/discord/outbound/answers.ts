/** Answers to interactions (Discord docs: Receiving and Responding): one within 3 s, and for a deferred command its reply within 15 minutes. */
import {
  ComponentType,
  InteractionResponseType,
  MessageFlags,
  Routes,
  TextInputStyle,
  type APIComponentInLabel,
  type APILabelComponent,
  type APIModalInteractionResponseCallbackData,
  type RESTPostAPIInteractionCallbackJSONBody,
} from 'discord-api-types/v10'
import { cut } from '../../base/text.ts'
import { ChatGone } from '../../base/errors.ts'
import type { FollowUp } from '../../domain/conversation/request.ts'
import { MODAL_TEXT_MAX, type Modal, type SecretField } from '../../domain/conversation/posts/modal.ts'
import type { ChatError, ChatPort, Interaction } from '../../ports/chat.ts'
import type { Rest } from '../rest/rest.ts'
import { nothing } from '../wire/shape.ts'
import { rawFiles } from './attach.ts'
import { contentBody } from './post.ts'

type Answers = Pick<ChatPort, 'acknowledge' | 'refuse' | 'followUp' | 'showModal' | 'propose' | 'defer' | 'reply' | 'replyAlone'>

export function createAnswers(rest: Rest): Answers {
  const answer = ({ id, token }: Interaction, body: RESTPostAPIInteractionCallbackJSONBody): Promise<undefined | ChatError> =>
    rest.send({ method: 'POST', route: Routes.interactionCallback(id, token), body })

  /** Discord knows no token of an interaction that has no answer yet. By the id of the interaction. */
  const underWay = new Map<string, Promise<undefined | ChatError>>()

  const tellAlone = async (
    { applicationId, token }: Pick<FollowUp, 'applicationId' | 'token'>,
    content: string,
  ): Promise<undefined | ChatError> => {
    const body = { content, flags: MessageFlags.Ephemeral, allowed_mentions: { parse: [] } }
    const told = await rest.call({ method: 'POST', route: Routes.webhook(applicationId, token), body }, nothing)
    return told instanceof Error ? told : undefined
  }

  return {
    async acknowledge(press) {
      const answered = answer(press, { type: InteractionResponseType.DeferredMessageUpdate })
      underWay.set(press.id, answered)
      return answered.finally(() => underWay.delete(press.id))
    },
    async followUp(press, content) {
      await underWay.get(press.id)
      return tellAlone(press, content)
    },
    refuse: (interaction, content) =>
      answer(interaction, {
        type: InteractionResponseType.ChannelMessageWithSource,
        data: { content, flags: MessageFlags.Ephemeral, allowed_mentions: { parse: [] } },
      }),
    showModal: (press, modal) => answer(press, { type: InteractionResponseType.Modal, data: modalBody(modal) }),
    propose: (interaction, choices) =>
      answer(interaction, {
        type: InteractionResponseType.ApplicationCommandAutocompleteResult,
        data: { choices: choices.slice(0, CHOICES_MAX).map(({ name, value }) => ({ name: cut(name, CHOICE_MAX), value })) },
      }),
    defer: (interaction, visibility) =>
      answer(interaction, {
        type: InteractionResponseType.DeferredChannelMessageWithSource,
        ...(visibility === 'ephemeral' && { data: { flags: MessageFlags.Ephemeral } }),
      }),
    async reply({ applicationId, token }, content, attached = []) {
      const route = Routes.webhookMessage(applicationId, token, '@original')
      const files = rawFiles(undefined, attached)
      const named = files.length > 0 && {
        attachments: attached.map(({ name }, index) => ({ id: String(index), filename: name })),
      }
      const body = { ...(content && contentBody(content)), ...named }
      const edited = await rest.call({ method: 'PATCH', route, body, ...(files.length > 0 && { files }) }, nothing)
      return edited instanceof Error ? edited : undefined
    },
    // The first follow-up takes the place of a deferred answer, and is as public as that: so that goes first (Discord docs: Followup Messages).
    async replyAlone(command, content) {
      const route = Routes.webhookMessage(command.applicationId, command.token, '@original')
      const removed = await rest.send({ method: 'DELETE', route })
      if (removed instanceof Error && !(removed instanceof ChatGone)) return removed
      return tellAlone(command, content)
    },
  }
}

/** Discord docs: Autocomplete. A value that is too long would be refused with all others: whoever proposes it leaves it out. */
const CHOICES_MAX = 25
const CHOICE_MAX = 100

const modalBody = ({ id, title, label, placeholder, files, secrets }: Modal): APIModalInteractionResponseCallbackData => ({
  custom_id: id,
  title,
  components: secrets?.map(secretField) ?? [
    {
      type: ComponentType.Label,
      label,
      component: files === undefined ? textInput(placeholder) : fileInput(files),
    },
  ],
})

const secretField = ({ label, isOptional }: SecretField, index: number): APILabelComponent => ({
  type: ComponentType.Label,
  label,
  component: {
    type: ComponentType.TextInput,
    custom_id: `field-${index}`,
    style: TextInputStyle.Short,
    max_length: MODAL_TEXT_MAX,
    required: isOptional !== true,
  },
})

const textInput = (placeholder: string): APIComponentInLabel => ({
  type: ComponentType.TextInput,
  custom_id: 'words',
  style: TextInputStyle.Paragraph,
  max_length: MODAL_TEXT_MAX,
  placeholder,
})

const fileInput = (atMost: number): APIComponentInLabel => ({
  type: ComponentType.FileUpload,
  custom_id: 'files',
  min_values: 1,
  max_values: atMost,
  required: true,
})
