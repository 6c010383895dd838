import type { AddMember } from '../../domain/conversation/run/effects.ts'
import { defineAction } from './definition.ts'

/** A person who wrote is told of what comes in the thread. */
export const addMember = defineAction<AddMember>({
  kind: 'add-member',
  start: ({ chat }) => (_, { threadId, userId }) => chat.cosmetic.addMember(threadId, userId),
})
