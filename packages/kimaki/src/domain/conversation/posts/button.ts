/**
 * Ids of buttons, made and read here and nowhere else: `action:about`. The id names what the button is about, so a press that comes
 * late, twice or after a restart is either still right or void. They stand in messages of Discord: an action keeps its name.
 */
import type { Button } from './post.ts'

export const button = (action: string, about: string, label: string): Button => ({ id: `${action}:${about}`, label })

export function readButton(customId: string): { readonly action: string; readonly about: string } {
  const at = customId.indexOf(':')
  return { action: customId.slice(0, at), about: customId.slice(at + 1) }
}
