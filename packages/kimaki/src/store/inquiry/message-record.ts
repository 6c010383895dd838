/** What is on record of one message of Discord: accepted, taken, run, answered. */
import type { DatabaseSync } from 'node:sqlite'
import { compareSnowflakes } from '../../base/ids.ts'
import { blockKey } from '../../domain/conversation/posts/block-key.ts'
import { promptIdOf } from '../../domain/conversation/prompt.ts'
import type { StorePort } from '../../ports/store.ts'
import { toPrompt, type Row } from '../load.ts'

export function prepareMessageRecord(db: DatabaseSync): StorePort['messageRecord'] {
  const inbox = db.prepare(`SELECT conversation, state FROM inbox WHERE key = ?`)
  const prompts = db.prepare(`SELECT * FROM prompt WHERE id = ?`)
  const ours = db.prepare(`SELECT 1 FROM posted WHERE message = ?`)
  const cursor = db.prepare(`SELECT message FROM cursor WHERE channel = ?`)
  const post = db.prepare(`SELECT channel, message FROM posted WHERE conversation = ? AND message IS NOT NULL
    AND EXISTS (SELECT 1 FROM json_each(blocks) WHERE value = ?) LIMIT 1`)
  return async (messageId, channelId) => {
    const row = inbox.get(promptIdOf(messageId))
    const found = prompts.get(promptIdOf(messageId))
    const prompt = found && toPrompt(found as Row)
    const answer = prompt?.phase.kind === 'ended' && prompt.phase.end.kind === 'answered' ? prompt.phase.end.by : undefined
    const footer = answer !== undefined && row ? post.get(String(row['conversation']), blockKey('footer', answer)) : undefined
    const seen = cursor.get(channelId)?.['message']
    return {
      isOurs: ours.get(messageId) !== undefined,
      isSeen: typeof seen === 'string' && compareSnowflakes(seen, messageId) >= 0,
      accepted: row && { conversation: String(row['conversation']), isTaken: row['state'] === 'done' },
      prompt,
      answeredAt: footer && { channelId: String(footer['channel']), messageId: String(footer['message']) },
    }
  }
}
