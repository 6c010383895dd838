/** Whether Discord shows all that is on record: every post is there, and every card has its newest words. */
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { contentText, type MessageContent } from '../../src/domain/conversation/posts/post.ts'

export function isAllShown(dataDir: string): boolean {
  const db = new DatabaseSync(join(dataDir, 'discord-sessions.db'), { readOnly: true })
  try {
    const open = db.prepare(`SELECT state, live, shown FROM posted WHERE settled = 0 AND state <> 'dropped'`).all()
    return open.every(
      ({ state, live, shown }) =>
        state === 'sent' && (typeof live !== 'string' || shown === contentText(JSON.parse(live) as MessageContent)),
    )
  } finally {
    db.close()
  }
}
