/** What only the bot's database tells: where a message of a person stands on its way through the agent's session. */
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Harness } from './harness.ts'

export const isDelivered = (harness: Harness, messageId: string): boolean =>
  read(harness, messageId, `phase ->> '$.kind'`) === 'delivered'

/** It was changed in the session, or that came too late. */
export const isRecalled = (harness: Harness, messageId: string): boolean =>
  ['over', 'emptied'].includes(String(read(harness, messageId, `body ->> '$.recall.kind'`)))

function read({ dataDir }: Harness, messageId: string, what: string): unknown {
  const db = new DatabaseSync(join(dataDir, 'discord-sessions.db'), { readOnly: true })
  const row = db.prepare(`SELECT ${what} AS found FROM prompt WHERE id = ?`).get(`discord:${messageId}`)
  db.close()
  return row?.['found']
}
