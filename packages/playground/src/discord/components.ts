/** Components of a message, as the page shows them. Pure. */
import { type APIMessage, type APIMessageTopLevelComponent, ButtonStyle, ComponentType } from 'discord-api-types/v10'
import type { Button, Component, Menu, Piece } from '../wire.ts'

export function componentsOf({ components = [] }: APIMessage): readonly Component[] {
  return components.flatMap((one): readonly Component[] =>
    one.type === ComponentType.Container
      ? [{ kind: 'container', color: one.accent_color ?? undefined, pieces: one.components.flatMap(pieceOf) }]
      : pieceOf(one),
  )
}

/** Buttons and menus are shown below the message. */
function pieceOf(component: APIMessageTopLevelComponent): readonly Piece[] {
  if (component.type === ComponentType.TextDisplay) return [{ kind: 'text', text: component.content }]
  return component.type === ComponentType.Separator ? [{ kind: 'separator' }] : []
}

/** A message of the bot has one at most. */
export function menuOf({ components = [] }: APIMessage): Menu | undefined {
  const menu = components
    .flatMap((row) => (row.type === ComponentType.ActionRow ? row.components : []))
    .find((one) => one.type === ComponentType.StringSelect)
  if (menu?.type !== ComponentType.StringSelect) return undefined
  return {
    id: menu.custom_id,
    placeholder: menu.placeholder ?? 'Make a selection',
    atMost: menu.max_values ?? 1,
    options: menu.options.map(({ value, label, description, default: isPicked = false }) => ({
      value,
      label,
      description,
      isPicked,
    })),
  }
}

/** Those that can be pressed. */
export function buttonsOf({ components = [] }: APIMessage): readonly Button[] {
  return components
    .flatMap((row) => (row.type === ComponentType.ActionRow ? row.components : []))
    .flatMap((one) =>
      one.type === ComponentType.Button && 'custom_id' in one && !one.disabled
        ? [{ id: one.custom_id, label: one.label ?? '', look: LOOKS.get(one.style) ?? 'plain' }]
        : [],
    )
}

const LOOKS: ReadonlyMap<ButtonStyle, Button['look']> = new Map([
  [ButtonStyle.Primary, 'primary'],
  [ButtonStyle.Success, 'good'],
  [ButtonStyle.Danger, 'bad'],
])
