/** Gives a thread another name. */
import type { RenameThread } from '../../domain/conversation/features/title.ts'
import { defineAction } from './definition.ts'

export const renameThread = defineAction<RenameThread>({
  kind: 'rename-thread',
  start:
    ({ chat }) =>
    (_, { threadId, name, over }) =>
      chat.cosmetic.rename(threadId, name, over),
})
