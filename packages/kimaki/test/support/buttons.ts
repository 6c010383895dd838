/** The buttons that stand in a thread, and pressing them. */
import { ComponentType } from 'discord-api-types/v10'
import type { Harness } from './harness.ts'

export interface Button {
  readonly messageId: string
  readonly customId: string
  readonly label: string
}

/** Oldest message first; none where there is no such thread. */
export function buttonsIn({ emulator: { world } }: Harness, threadId: string): readonly Button[] {
  if (!world.channel(threadId)) return []
  return world
    .messages(threadId)
    .flatMap(({ id: messageId, components = [] }) =>
      components
        .flatMap((row) => (row.type === ComponentType.ActionRow ? row.components : []))
        .flatMap((button) =>
          'custom_id' in button
            ? [{ messageId, customId: button.custom_id, label: 'label' in button ? (button.label ?? '') : '' }]
            : [],
        ),
    )
}

/** The owner presses the first button that is called so. */
export function press(harness: Harness, threadId: string, label: string): void {
  const button = buttonsIn(harness, threadId).find((each) => each.label === label)
  if (!button) throw new Error(`no button ${label} in ${threadId}`)
  harness.owner.press(threadId, button.messageId, button.customId)
}
