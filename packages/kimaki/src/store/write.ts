/** A batch as SQL: every statement prepared once. Runs inside a transaction that somebody else opens. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { AllowanceChange } from '../domain/allowance.ts'
import type { Post } from '../domain/conversation/posts/post.ts'
import type { Acceptance, Batch, ConversationRows, InboxRow } from '../ports/store.ts'
import { CACHE_VERSION, toCache } from './cache.ts'
import { EVERYWHERE } from './preferences.ts'
import { prepareTaskWriter } from './tasks/write.ts'

const DEAD_DISPATCHES_KEPT = 200

const SQL = {
  accept: `INSERT INTO inbox (key, conversation, at, body, place, receipt) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING`,
  receipt: `UPDATE inbox SET receipt = ? WHERE seq = ?`,
  inboxDone: `UPDATE inbox SET state = 'done' WHERE seq = ?`,
  inboxTried: `UPDATE inbox SET tries = tries + 1, error = ? WHERE seq = ?`,
  position: `INSERT INTO gateway (id, session, url, sequence) VALUES (1, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET session = excluded.session, url = excluded.url, sequence = excluded.sequence`,
  deadDispatch: `INSERT INTO dead_dispatch (session, sequence, at, type, reason, payload) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (session, sequence) DO NOTHING`,
  buryDispatches: `DELETE FROM dead_dispatch WHERE seq <= (SELECT max(seq) FROM dead_dispatch) - ${DEAD_DISPATCHES_KEPT}`,
  cursor: `INSERT INTO cursor (channel, message) VALUES (?, ?) ON CONFLICT (channel) DO UPDATE SET message = excluded.message
    WHERE length(excluded.message) > length(message) OR (length(excluded.message) = length(message) AND excluded.message > message)`,
  unread: `INSERT INTO unread (channel, since) VALUES (?, ?) ON CONFLICT (channel) DO NOTHING`,
  readToEnd: `DELETE FROM unread WHERE channel = ?`,
  conversation: `INSERT INTO conversation (id, guild, channel, directory, version, state) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET version = excluded.version, state = excluded.state, directory = excluded.directory`,
  /** Of no version: should there be none yet, it is built from the tables. */
  unwrittenConversation: `INSERT INTO conversation (id, guild, channel, directory, version, state) VALUES (?, ?, ?, ?, 0, '{}')
    ON CONFLICT (id) DO NOTHING`,
  binding: `INSERT INTO binding (conversation, thread, session, bound_at) VALUES (?, ?, ?, ?)
    ON CONFLICT (conversation, session) DO UPDATE SET thread = excluded.thread WHERE thread IS NOT excluded.thread`,
  prompt: `INSERT INTO prompt (id, conversation, seq, body, phase) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET phase = excluded.phase, body = excluded.body`,
  effect: `INSERT INTO effect (key, conversation, kind, body) VALUES (?, ?, ?, ?)
    ON CONFLICT (key) DO UPDATE SET state = 'new', body = excluded.body`,
  effectDone: `UPDATE effect SET state = 'done', body = '' WHERE key = ?`,
  post: `INSERT INTO posted (id, conversation, channel, blocks, content, components, file, notify, pings, fallback, held)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET content = excluded.content, components = excluded.components, file = excluded.file, fallback = excluded.fallback, held = excluded.held`,
  editable: `UPDATE posted SET live = ?, shown = ? WHERE id = ?`,
  fixed: `UPDATE posted SET live = NULL, shown = NULL WHERE id = ?`,
  sent: `UPDATE posted SET state = 'sent', message = ?, content = '', components = NULL, file = NULL WHERE id = ?`,
  dropped: `UPDATE posted SET state = 'dropped', content = '', components = NULL, file = NULL WHERE id = ?`,
  allow: `INSERT INTO allowance (id, directory, permission, patterns, user, name, conversation, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO NOTHING`,
  revoke: `DELETE FROM allowance WHERE id = ?`,
  verbosity: `INSERT INTO verbosity (channel, level) VALUES (?, ?)
    ON CONFLICT (channel) DO UPDATE SET level = excluded.level`,
  prefer: `INSERT INTO preference (place, name, value) VALUES (?, ?, ?)
    ON CONFLICT (place, name) DO UPDATE SET value = excluded.value`,
  preferNothing: `DELETE FROM preference WHERE place = ? AND name = ?`,
  board: `INSERT INTO board (channel, message) VALUES (?, ?) ON CONFLICT (channel) DO UPDATE SET message = excluded.message`,
  boardEnds: `DELETE FROM board WHERE channel = ?`,
  closePrompts: `UPDATE prompt SET settled = 1 WHERE conversation = ? AND settled = 0`,
  closePosts: `UPDATE posted SET settled = 1 WHERE conversation = ? AND settled = 0 AND id NOT IN (SELECT value FROM json_each(?))`,
} as const

export type WriteBatch = (batch: Batch) => readonly InboxRow[]

/** Returns the writer; it answers with the inbox rows that were new. */
export function prepareWriter(db: DatabaseSync): WriteBatch {
  const statements = Object.fromEntries(Object.entries(SQL).map(([name, sql]) => [name, db.prepare(sql)])) as Record<
    keyof typeof SQL,
    StatementSync
  >
  const writeTasks = prepareTaskWriter(db)
  return (batch) => {
    const accepted = (batch.accept ?? []).flatMap((acceptance) => accept(statements.accept, acceptance))
    for (const seq of batch.done ?? []) statements.inboxDone.run(seq)
    if (batch.tried) statements.inboxTried.run(batch.tried.error, batch.tried.order)
    if (batch.conversation) writeConversation(statements, batch.conversation)
    if (batch.board?.messageId !== undefined) statements.board.run(batch.board.channelId, batch.board.messageId)
    else if (batch.board) statements.boardEnds.run(batch.board.channelId)
    if (batch.verbosity) statements.verbosity.run(batch.verbosity.channelId, batch.verbosity.level)
    for (const { place = EVERYWHERE, name, value } of batch.preferences ?? []) {
      if (value === undefined) statements.preferNothing.run(place, name)
      else statements.prefer.run(place, name, JSON.stringify(value))
    }
    for (const { order, at } of batch.receipts ?? []) statements.receipt.run(String(at), order)
    if (batch.fallbackPost) {
      const { place, post } = batch.fallbackPost
      statements.unwrittenConversation.run(place.id, place.guildId, place.channelId, place.directory)
      writePost(statements.post, place.id, post)
    }
    if (batch.deadDispatch) {
      const { dispatch, position, at } = batch.deadDispatch
      const { type, reason, payload } = dispatch
      statements.deadDispatch.run(position.sessionId, position.sequence, new Date(at).toISOString(), type, reason, payload)
      statements.buryDispatches.run()
    }
    if (batch.tasks) writeTasks(batch.tasks)
    for (const { channelId, messageId } of batch.cursors ?? []) statements.cursor.run(channelId, messageId)
    for (const { channelId, since } of batch.unread?.begin ?? []) statements.unread.run(channelId, since)
    for (const channelId of batch.unread?.end ?? []) statements.readToEnd.run(channelId)
    if (batch.position) statements.position.run(batch.position.sessionId, batch.position.resumeUrl, batch.position.sequence)
    return accepted
  }
}

function accept(statement: StatementSync, { key, request, conversation, at, needsReceipt }: Acceptance): readonly InboxRow[] {
  const result = statement.run(
    key,
    conversation.id,
    new Date(at).toISOString(),
    JSON.stringify(request),
    JSON.stringify(conversation),
    needsReceipt ? 'awaited' : null,
  )
  if (result.changes === 0) return []
  const receipt = needsReceipt ? 'awaited' : 'not-needed'
  return [{ order: Number(result.lastInsertRowid), at, request, conversation, receipt, tries: 0, error: undefined }]
}

function writeConversation(statements: Record<keyof typeof SQL, StatementSync>, rows: ConversationRows): void {
  const { state } = rows
  statements.conversation.run(state.id, state.guildId, state.channelId, state.directory, CACHE_VERSION, toCache(state))
  if (state.session.kind === 'open') {
    const thread = state.thread.kind === 'open' ? state.thread.id : null
    statements.binding.run(state.id, thread, state.session.id, new Date().toISOString())
  }
  for (const { id, order, phase, ...body } of rows.prompts) {
    statements.prompt.run(id, state.id, order, JSON.stringify(body), JSON.stringify(phase))
  }
  for (const key of rows.effectsDone) statements.effectDone.run(key)
  for (const effect of rows.effects) statements.effect.run(effect.key, state.id, effect.kind, JSON.stringify(effect))
  for (const post of rows.posts) writePost(statements.post, state.id, post)
  for (const post of rows.editable) statements.editable.run(JSON.stringify(post.content), post.shown ?? null, post.postId)
  for (const { postId, messageId } of rows.sent) statements.sent.run(messageId, postId)
  for (const postId of rows.dropped) statements.dropped.run(postId)
  for (const postId of rows.fixed) statements.fixed.run(postId)
  for (const change of rows.allowances ?? []) writeAllowance(statements, change)
  if (rows.turnClosed) {
    statements.closePrompts.run(state.id)
    statements.closePosts.run(state.id, JSON.stringify(state.posts.editable.map(({ postId }) => postId)))
  }
}

function writeAllowance({ allow, revoke }: Record<'allow' | 'revoke', StatementSync>, change: AllowanceChange): void {
  if (change.kind === 'revoke') return void revoke.run(change.id)
  const { id, directory, permission, patterns, userId, userName, conversation, at } = change.allowance
  allow.run(id, directory, permission, JSON.stringify(patterns), userId, userName, conversation, new Date(at).toISOString())
}

function writePost(statement: StatementSync, conversation: string, post: Post): void {
  const { id, channelId, blocks, content, components, file, attached, notify, pings = null, fallback, heldBy } = post
  const json = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value))
  const shown = [JSON.stringify(blocks), content, json(components), json(file ?? attached)]
  statement.run(id, conversation, channelId, ...shown, Number(notify), pings, Number(fallback), json(heldBy))
}
