/** Adds the person who wrote to the thread, so that Discord tells them of what comes in it. */
import type { AddMember } from '../../domain/conversation/run/effects.ts'
import { defineAction } from './definition.ts'

export const addMember = defineAction<AddMember>({
  kind: 'add-member',
  start:
    ({ chat }) =>
    (_, { threadId, userId }) =>
      chat.cosmetic.addMember(threadId, userId),
})
