/** A thread that goes on with a session, and one whose session goes on elsewhere: both are told, once. */
import { defineFeature, keep } from '../../feature.ts'
import type { GoesOn } from '../../request.ts'

type Passage =
  | (GoesOn & {
      readonly kind: 'here'
      /** The thread it was copied from. */
      readonly copyOf: string | undefined
      /** What was said in the session is read, or why it cannot be. */
      readonly isRead: boolean
      readonly unread?: string
    })
  | { readonly kind: 'moved'; readonly to: string }

type PassageSlice = Passage | null

export const goesOn = defineFeature<PassageSlice>({
  name: 'goes-on',
  version: 1,
  initial: null,
  on: {
    begun: (known, { beginning: { goesOn: begun, copyOf } }) =>
      keep(begun ? { kind: 'here', ...begun, copyOf: copyOf?.threadId, isRead: false } : known),
    'session-read': (known) => keep(known?.kind === 'here' && !known.isRead ? { ...known, isRead: true } : known),
    'history-unread': (known, { text }) => keep(known?.kind === 'here' ? { ...known, isRead: true, unread: text } : known),
    'session-moved': (_, { to }) => keep({ kind: 'moved', to }),
  },
  closeTurn: (known) => (known === null || (known.kind === 'here' && !known.isRead) ? known : null),
})
