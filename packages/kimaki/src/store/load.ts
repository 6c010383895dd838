/** Reading a conversation back: from its rows; the cached state only fills in what they do not say. */
import type { DatabaseSync } from 'node:sqlite'
import type { Effect } from '../domain/conversation/effect.ts'
import type { Prompt } from '../domain/conversation/prompt.ts'
import { wholeKey } from '../domain/conversation/posts/block-key.ts'
import type { EditablePost, Post } from '../domain/conversation/posts/post.ts'
import { interruptingOf } from '../domain/conversation/run/interrupt.ts'
import { beginConversation, NEW_TURN, type Conversation } from '../domain/conversation/state.ts'
import { DEFAULT_VERBOSITY } from '../domain/prefs.ts'
import type { InboxRow, LoadedConversation, Receipt } from '../ports/store.ts'
import type { TakenOver } from '../domain/conversation/features/commands/taken-over.ts'
import { fromCache } from './cache.ts'

export type Row = Readonly<Record<string, string | number | null>>

export function prepareLoader(db: DatabaseSync, installId: string): (id: string) => LoadedConversation {
  const all = (sql: string): ((id: string) => readonly Row[]) => {
    const statement = db.prepare(sql)
    return (id) => statement.all(id) as unknown as readonly Row[]
  }
  const conversation = all(`SELECT * FROM conversation WHERE id = ?`)
  const binding = all(`SELECT thread, session, chosen FROM binding WHERE conversation = ? ORDER BY rowid DESC LIMIT 1`)
  const firstPlace = all(`SELECT place FROM inbox WHERE conversation = ? ORDER BY seq LIMIT 1`)
  /** Neither an awaited row nor any newer one: the process that committed these hands them on itself, in their order. */
  const inbox = all(`SELECT * FROM inbox WHERE conversation = ?1 AND state = 'new' AND seq < coalesce(
    (SELECT min(seq) FROM inbox WHERE conversation = ?1 AND state = 'new' AND receipt = 'awaited'), 9e18) ORDER BY seq`)
  const effects = all(`SELECT body FROM effect WHERE conversation = ? AND state = 'new' ORDER BY rowid`)
  const prompts = all(`SELECT * FROM prompt WHERE conversation = ? AND settled = 0 ORDER BY seq`)
  const openPosts = all(`SELECT * FROM posted WHERE conversation = ? AND settled = 0 ORDER BY rowid`)
  const everyPost = all(`SELECT * FROM posted WHERE conversation = ? ORDER BY rowid`)

  return (id) => {
    const [row] = conversation(id)
    const rows = {
      inbox: inbox(id).map(toInboxRow),
      effects: effects(id).map((effect) => JSON.parse(text(effect, 'body')) as Effect),
    }
    const bound = row ? undefined : binding(id)[0]
    if (!row) return { state: undefined, ...(bound && { takenOver: takenOverOf(bound) }), ...rows }
    const cached = fromCache(Number(row['version']), text(row, 'state'))
    const posts = cached ? openPosts(id) : everyPost(id)
    const base = cached
      ? { ...begun(row, installId), ...cached }
      : rebuilt(begun(row, installId, beganInThread(firstPlace(id)[0])), binding(id)[0])
    const open = prompts(id).map(toPrompt)
    const state: Conversation = {
      ...base,
      turn: {
        ...NEW_TURN,
        prompts: open,
        // Blocks posted without a prompt of ours make an open turn, too.
        isSynced: open.length + posts.length === 0 || base.session.kind !== 'open',
        interrupting: interruptingOf(rows.effects),
      },
      posts: {
        posted: new Set(posts.flatMap(blockKeys)),
        outbox: posts.filter((post) => post['state'] === 'unsent').map(toPost),
        editable: posts.filter((post) => post['live'] !== null && post['state'] !== 'dropped').map(toEditable),
      },
    }
    return { state, ...rows }
  }
}

const beganInThread = (place: Row | undefined): boolean =>
  place !== undefined && (JSON.parse(text(place, 'place')) as InboxRow['conversation']).inThread

function begun(row: Row, install: string, inThread = false): Conversation {
  const facts = {
    id: text(row, 'id'),
    install,
    guildId: text(row, 'guild'),
    channelId: text(row, 'channel'),
    directory: text(row, 'directory'),
  }
  return beginConversation({ ...facts, verbosity: DEFAULT_VERBOSITY, inThread })
}

/** The cache was unreadable: thread and session from the newest binding, and every block ever posted counts as posted. */
function rebuilt(base: Conversation, binding: Row | undefined): Conversation {
  if (!binding) return base
  const thread = binding['thread']
  return {
    ...base,
    thread: { kind: 'open', id: typeof thread === 'string' ? thread : base.id },
    session: { kind: 'open', id: text(binding, 'session') },
  }
}

function takenOverOf(binding: Row): TakenOver {
  const chosen = binding['chosen'] === null ? {} : (JSON.parse(text(binding, 'chosen')) as TakenOver['chosen'])
  return { session: text(binding, 'session'), chosen }
}

const text = (row: Row, column: string): string => String(row[column])

const blockKeys = (row: Row): readonly string[] => (JSON.parse(text(row, 'blocks')) as readonly string[]).map(wholeKey)

const toInboxRow = (row: Row): InboxRow => ({
  order: Number(row['seq']),
  at: Date.parse(text(row, 'at')),
  request: JSON.parse(text(row, 'body')) as InboxRow['request'],
  conversation: JSON.parse(text(row, 'place')) as InboxRow['conversation'],
  receipt: toReceipt(row['receipt']),
  tries: Number(row['tries']),
  error: row['error'] === null ? undefined : text(row, 'error'),
})

function toReceipt(receipt: Row[string] | undefined): Receipt {
  if (receipt === null || receipt === undefined) return 'not-needed'
  return receipt === 'awaited' || receipt === 'missed' ? receipt : Number(receipt)
}

export const toPrompt = (row: Row): Prompt => ({
  id: text(row, 'id'),
  order: Number(row['seq']),
  ...(JSON.parse(text(row, 'body')) as Omit<Prompt, 'id' | 'order' | 'phase'>),
  phase: JSON.parse(text(row, 'phase')) as Prompt['phase'],
})

const toEditable = (row: Row): EditablePost => ({
  postId: text(row, 'id'),
  channelId: text(row, 'channel'),
  key: (JSON.parse(text(row, 'blocks')) as readonly string[])[0] ?? '',
  content: JSON.parse(text(row, 'live')) as EditablePost['content'],
  shown: row['shown'] === null ? undefined : text(row, 'shown'),
  messageId: row['message'] === null ? undefined : text(row, 'message'),
})

const liveOf = (row: Row): EditablePost['content'] | undefined =>
  row['live'] === null ? undefined : (JSON.parse(text(row, 'live')) as EditablePost['content'])

/** A text that came with the post, or a list of the agent's files. */
function filesOf(row: Row): Pick<Post, 'file' | 'attached'> {
  const json: unknown = row['file'] === null ? undefined : JSON.parse(text(row, 'file'))
  return Array.isArray(json) ? { file: undefined, attached: json as Post['attached'] } : { file: json as Post['file'] }
}

const toPost = (row: Row): Post => ({
  id: text(row, 'id'),
  channelId: text(row, 'channel'),
  blocks: JSON.parse(text(row, 'blocks')) as readonly string[],
  content: text(row, 'content'),
  ...(row['components'] !== null && { components: JSON.parse(text(row, 'components')) as Post['components'] }),
  ...filesOf(row),
  notify: row['notify'] === 1,
  ...(row['pings'] !== null && { pings: text(row, 'pings') }),
  fallback: row['fallback'] === 1,
  ...(row['held'] !== null && { heldBy: JSON.parse(text(row, 'held')) as Post['heldBy'] }),
  editable: row['live'] !== null,
  buttons: liveOf(row)?.buttons ?? [],
  select: liveOf(row)?.select,
})
