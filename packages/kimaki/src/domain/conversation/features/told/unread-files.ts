/** Files of messages that the agent does not get: empty, damaged, not to be fetched. The thread names each. */
import { defineFeature, keep } from '../../feature.ts'

export interface UnreadFile {
  readonly promptId: string
  readonly name: string
  /** Completes the sentence that the name begins. */
  readonly reason: string
}

export const unreadFiles = defineFeature<readonly UnreadFile[]>({
  name: 'unread-files',
  version: 1,
  initial: [],
  on: {
    'files-prepared'(unread, { promptId, prepared }) {
      const news = prepared.flatMap((file) =>
        file.kind === 'failed' ? [{ promptId, name: file.name, reason: file.reason }] : [],
      )
      return keep(news.length === 0 || unread.some((known) => known.promptId === promptId) ? unread : [...unread, ...news])
    },
  },
  closeTurn: (unread) => (unread.length === 0 ? unread : []),
})
