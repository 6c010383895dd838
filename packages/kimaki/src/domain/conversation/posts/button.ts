/**
 * Ids of buttons, made and read here and nowhere else: `action:about`. The id names what the button is about, so a press that comes
 * late, twice or after a restart is either still right or void. They stand in messages of Discord: an action keeps its name.
 *
 * The process that creates a message signs its buttons, `action:about~writer`: Discord answers a second post with the same nonce with the
 * message of the first, so of two processes with one token each can tell whose message stands.
 */
import type { Button } from './post.ts'

export const button = (action: string, about: string, label: string): Button => ({ id: `${action}:${about}`, label })

export const signed = (id: string, writer: string): string => `${id}~${writer}`

/** Undefined: nobody signed it. */
export const writerOf = (customId: string): string | undefined => customId.split('~')[1]

export function readButton(customId: string): { readonly action: string; readonly about: string } {
  const [id = ''] = customId.split('~')
  const at = id.indexOf(':')
  return { action: id.slice(0, at), about: id.slice(at + 1) }
}
