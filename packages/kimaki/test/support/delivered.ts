/** What only the bot's database tells: a message of a person stands in the agent's session. */
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Harness } from './harness.ts'

export function isDelivered({ dataDir }: Harness, messageId: string): boolean {
  const db = new DatabaseSync(join(dataDir, 'discord-sessions.db'), { readOnly: true })
  const row = db.prepare(`SELECT phase ->> '$.kind' AS kind FROM prompt WHERE id = ?`).get(`discord:${messageId}`)
  db.close()
  return row?.['kind'] === 'delivered'
}
