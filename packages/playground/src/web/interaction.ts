/** What became of an interaction, as the person sees it. */
import { ComponentType, TextInputStyle, type APIModalInteractionResponseCallbackData } from 'discord-api-types/v10'
import type { Interaction, World } from 'discord-emulator'
import type { Form, FormField } from '../wire.ts'

export interface Used {
  readonly interaction: Interaction
}

/** Resolves once the bot has answered, at once or with "thinking"; `silence`: what is said where it does not. */
export async function answerTo(
  world: World,
  act: () => Interaction,
  silence: string,
): Promise<Used | { readonly error: string }> {
  let interaction: Interaction
  try {
    interaction = act()
  } catch (cause) {
    return { error: cause instanceof Error ? cause.message : String(cause) }
  }
  const isOver = (): true | undefined => (interaction.state === 'waiting' ? undefined : true)
  await world.until('an answer to the interaction', isOver, ANSWER_MS).catch(() => undefined)
  return interaction.state === 'waiting' || interaction.state === 'failed' ? { error: silence } : { interaction }
}

/** Fields for words and for files stand behind a label each, up to five; other components are left out. */
export function formOf({ modal }: Interaction): Form | undefined {
  const fields = modal?.components.flatMap((component) => fieldOf(component) ?? []) ?? []
  return modal && fields.length > 0 ? { title: modal.title, fields } : undefined
}

function fieldOf(shown: APIModalInteractionResponseCallbackData['components'][number]): FormField | undefined {
  if (shown.type !== ComponentType.Label) return undefined
  const { label, component } = shown
  if (component.type === ComponentType.TextInput) {
    const {
      custom_id: id,
      placeholder = '',
      value = '',
      style,
      required = true,
      min_length = 1,
      max_length = WORDS_MAX,
    } = component
    const isOneLine = style === TextInputStyle.Short
    const input = {
      kind: 'words',
      placeholder,
      value,
      isOneLine,
      atLeast: required ? min_length : 0,
      atMost: max_length,
    } as const
    return { id, label, input }
  }
  if (component.type !== ComponentType.FileUpload) return undefined
  const { custom_id: id, min_values: atLeast = 1, max_values: atMost = 1, required = true } = component
  return { id, label, input: { kind: 'files', atLeast: required ? atLeast : 0, atMost } }
}

/** Discord docs: Text Input. */
const WORDS_MAX = 4000

/** Discord waits three seconds. */
const ANSWER_MS = 3_500
