/** The buttons that stand in a thread, and pressing them. */
import { ComponentType } from 'discord-api-types/v10'
import type { Interaction } from 'discord-emulator'
import type { Harness } from './harness.ts'

export interface Button {
  readonly messageId: string
  readonly customId: string
  readonly label: string
  /** Of the message that it belongs to. */
  readonly text: string
}

/** Oldest message first; none where there is no such thread. */
export function buttonsIn({ emulator: { world } }: Harness, threadId: string): readonly Button[] {
  if (!world.channel(threadId)) return []
  return world
    .messages(threadId)
    .flatMap(({ id: messageId, content: text, components = [] }) =>
      components
        .flatMap((row) => (row.type === ComponentType.ActionRow ? row.components : []))
        .flatMap((button) =>
          button.type === ComponentType.Button && 'custom_id' in button
            ? [{ messageId, customId: button.custom_id, label: button.label ?? '', text }]
            : [],
        ),
    )
}

/** The newest menu in the thread. */
export function menuIn({ emulator: { world } }: Harness, threadId: string): Pick<Button, 'messageId' | 'customId'> {
  const menus = world
    .messages(threadId)
    .flatMap(({ id: messageId, components = [] }) =>
      components
        .flatMap((row) => (row.type === ComponentType.ActionRow ? row.components : []))
        .flatMap((one) => (one.type === ComponentType.StringSelect ? [{ messageId, customId: one.custom_id }] : [])),
    )
  const menu = menus.at(-1)
  if (!menu) throw new Error(`no menu in ${threadId}`)
  return menu
}

/** The owner presses the first button that is called so. */
export function press(harness: Harness, threadId: string, label: string): Interaction {
  const button = buttonsIn(harness, threadId).find((each) => each.label === label)
  if (!button) throw new Error(`no button ${label} in ${threadId}`)
  return harness.owner.press(threadId, button.messageId, button.customId)
}
