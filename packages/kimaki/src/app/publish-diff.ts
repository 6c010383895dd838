/** Hands the changes of a folder to whoever makes pages of them, with what counts in the guild where they are shown. */
import type { DiffPublisher } from '../commands/declaration.ts'
import type { ChatPort } from '../ports/chat.ts'
import type { DiffHost } from '../ports/diff-host.ts'

interface Deps {
  readonly diffs: DiffHost
  readonly chat: Pick<ChatPort, 'fileLimit' | 'clean'>
}

export const createPublisher = ({ diffs, chat }: Deps): DiffPublisher => ({
  publish: ({ requestId, guildId, conversationId, directory, changes }) =>
    diffs.publish({
      id: requestId,
      conversationId,
      title: directory.split(/[\\/]/).findLast((name) => name !== '') ?? directory,
      changes,
      limitBytes: chat.fileLimit(guildId),
      clean: (text) => chat.clean(text),
    }),
})
