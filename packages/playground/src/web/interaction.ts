/** What became of an interaction, as the person sees it. */
import { ComponentType } from 'discord-api-types/v10'
import type { Interaction, World } from 'discord-emulator'
import type { Form } from '../wire.ts'

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

/** The bot's modals have one field behind a label. `id`: of the field. */
export function formOf({ modal }: Interaction): (Form & { readonly id: string }) | undefined {
  const [first] = modal?.components ?? []
  if (first?.type !== ComponentType.Label) return undefined
  const { label, component } = first
  const head = { title: modal?.title ?? '', label }
  if (component.type === ComponentType.TextInput)
    return { ...head, id: component.custom_id, field: { kind: 'words', placeholder: component.placeholder ?? '' } }
  if (component.type !== ComponentType.FileUpload) return undefined
  const { custom_id: id, min_values: atLeast = 1, max_values: atMost = 1, required = true } = component
  return { ...head, id, field: { kind: 'files', atLeast: required ? atLeast : 0, atMost } }
}

/** Discord waits three seconds. */
const ANSWER_MS = 3_500
