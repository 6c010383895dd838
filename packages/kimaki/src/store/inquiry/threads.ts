/** The threads of a project channel as the record knows them, and where its board stands. */
import type { DatabaseSync } from 'node:sqlite'
import { asks, isWaiting } from '../../domain/conversation/features/asks/asks.ts'
import { isWaiting as isQueued, queue } from '../../domain/conversation/features/queue.ts'
import type { ThreadRecord } from '../../domain/conversation/inquiry/board.ts'
import { promptIdOf } from '../../domain/conversation/prompt.ts'
import { authorUserId, type IncomingMessage } from '../../domain/message/incoming.ts'
import type { StorePort } from '../../ports/store.ts'
import { fromCache } from '../cache.ts'
import { toPrompt, type Row } from '../load.ts'

/** Threads on a board: the newest. */
const THREADS = 200

export function prepareThreads(db: DatabaseSync): Pick<StorePort, 'threadsOf' | 'boards'> {
  const conversations = db.prepare(
    `SELECT id, version, state FROM conversation WHERE channel = ? ORDER BY rowid DESC LIMIT ${THREADS}`,
  )
  const said = db.prepare(`SELECT at, json_extract(body, '$.message') AS message FROM inbox
    WHERE conversation = ? AND json_extract(body, '$.kind') = 'message' ORDER BY seq DESC LIMIT 1`)
  const open = db.prepare(`SELECT phase FROM prompt WHERE conversation = ? AND settled = 0`)
  const prompt = db.prepare(`SELECT * FROM prompt WHERE id = ?`)
  const boards = db.prepare(`SELECT channel, message FROM board`)

  const recordOf = (row: Row): readonly ThreadRecord[] => {
    const id = String(row['id'])
    const cached = fromCache(Number(row['version']), String(row['state']))
    const newest = said.get(id)
    if (cached?.thread?.kind !== 'open' || !newest) return []
    const message = JSON.parse(String(newest['message'])) as IncomingMessage
    const features = { features: cached.features ?? {} }
    const userId = authorUserId(message.author)
    const found = prompt.get(promptIdOf(message.id))
    const phase = found && toPrompt(found as Row).phase
    const live = open.all(id).filter((one) => (JSON.parse(String(one['phase'])) as { readonly kind: string }).kind !== 'ended')
    return [
      {
        threadId: cached.thread.id,
        asker: userId === undefined ? undefined : { id: userId, name: message.author.name },
        askedAt: Date.parse(String(newest['at'])),
        isAsking: asks.of(features).asks.some(isWaiting),
        isWorking: live.length > 0,
        queued: queue.of(features).filter(isQueued).length,
        end: phase?.kind === 'ended' ? phase.end.kind : undefined,
      },
    ]
  }
  return {
    threadsOf: async (channelId) => conversations.all(channelId).flatMap((row) => recordOf(row as Row)),
    boards: async () => new Map(boards.all().map(({ channel, message }) => [String(channel), String(message)])),
  }
}
