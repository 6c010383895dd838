/** A prompt waits because so many agents work already: one notice says so, with a button that gives it up, and what came of it. */
import { defineFeature, keep, type FeatureChange } from '../../feature.ts'
import { isLive, isSubmitted } from '../../prompt.ts'
import type { Conversation } from '../../state.ts'

export interface RoomWait {
  /** The prompt that waited first. */
  readonly during: string
  readonly atMost: number
  readonly state: 'waits' | 'begun' | 'given-up'
}

type RoomSlice = RoomWait | undefined

export const room = defineFeature<RoomSlice>({
  name: 'room',
  version: 1,
  initial: undefined,
  on: {
    'no-room': (wait, { promptId, atMost }) =>
      keep(wait?.state === 'waits' ? wait : { during: promptId, atMost, state: 'waits' }),
  },
  due: (wait, state) => keep(wait?.state === 'waits' ? seen(wait, state) : wait),
  buttons: { 'give-up': giveUp },
  closeTurn: () => undefined,
})

/** It waits, and nobody works on anything in this conversation. */
export const isWaitingForRoom = (state: Pick<Conversation, 'features'>): boolean => room.of(state)?.state === 'waits'

function seen(wait: RoomWait, { turn }: Conversation): RoomWait {
  if (turn.prompts.some(isSubmitted)) return { ...wait, state: 'begun' }
  return turn.prompts.some(isLive) ? wait : { ...wait, state: 'given-up' }
}

function giveUp(wait: RoomSlice, about: string, { userName }: { readonly userName: string }): FeatureChange<RoomSlice> {
  if (wait?.state !== 'waits' || wait.during !== about) return keep(wait)
  return { slice: wait, requests: [{ kind: 'stop-run', by: userName, unread: 'drop' }] }
}
