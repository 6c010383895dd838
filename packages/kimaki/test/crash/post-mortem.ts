/** What is known of a thread that went wrong: what stands in it, and its rows. */
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Harness } from '../support/harness.ts'

interface Row {
  readonly [column: string]: unknown
}

/** The session as OpenCode has stored it. */
function sessionOf({ env }: Harness, id: string): readonly string[] {
  const db = new DatabaseSync(join(env['XDG_DATA_HOME'] ?? '', 'opencode', 'opencode.db'), { readOnly: true })
  const rows = (sql: string): readonly Row[] => db.prepare(sql).all(id)
  const parts = rows('SELECT message_id, data FROM part WHERE session_id = ? ORDER BY id')
  const found = rows('SELECT id, data FROM message WHERE session_id = ? ORDER BY id').flatMap((message) => [
    `  ${String(message['id'])} ${String(message['data'])}`,
    ...parts.filter((part) => part['message_id'] === message['id']).map((part) => `    ${String(part['data']).slice(0, 300)}`),
  ])
  db.close()
  return found
}

export function postMortem(harness: Harness, threadId: string): string {
  const db = new DatabaseSync(join(harness.dataDir, 'discord-sessions.db'), { readOnly: true })
  const rows = (sql: string): readonly string[] =>
    db
      .prepare(sql)
      .all(threadId)
      .map((row) => `  ${JSON.stringify(row)}`)
  const messages = harness.emulator.world
    .messages(threadId)
    .map(({ id, author, content }) => `  ${id} ${author.username}: ${content}`)
  const requests = harness.model.log
    .filter(({ userTexts }) => userTexts.some((text) => text.includes(threadId)))
    .map(
      ({ seq, at, step, token, outcome, answers }) =>
        `  #${seq} ${at.toFixed(0)} ${step} ${token} ${outcome} ${answers.join(' | ').match(/#m\d+/g)?.join(' ')}`,
    )
  return [
    `thread ${threadId}`,
    ...messages,
    'model',
    ...requests,
    'session',
    ...[...new Set(JSON.stringify(rows('SELECT state FROM conversation WHERE id = ?')).match(/ses_\w+/g))].flatMap((id) =>
      sessionOf(harness, id),
    ),
    'conversation',
    ...rows('SELECT state FROM conversation WHERE id = ?'),
    'prompts',
    ...rows(`SELECT id, seq, settled, substr(phase, 1, 400) AS phase FROM prompt WHERE conversation = ? ORDER BY seq`),
    'posts',
    ...rows('SELECT id, blocks, state, settled, message, content FROM posted WHERE conversation = ? ORDER BY rowid'),
    'effects',
    ...rows(`SELECT key, state FROM effect WHERE conversation = ? ORDER BY rowid`),
    'inbox',
    ...rows('SELECT seq, key, state, tries, error FROM inbox WHERE conversation = ? ORDER BY seq'),
  ].join('\n')
}
