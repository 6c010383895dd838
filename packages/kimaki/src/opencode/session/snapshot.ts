/**
 * Reads everything OpenCode knows of a session. The order of the calls matters: the state first, then the messages, so that the messages of an
 * idle session are complete; the other way round a run could end in between and look cut off.
 */
import type { AgentMessage, Ask, Snapshot, UserMessage } from '../../domain/agent.ts'
import type * as api from '../wire/api.ts'
import { permissionOf, questionOf } from '../wire/events.ts'
import { sessionPath } from '../wire/http.ts'
import type { CallError, Http } from '../wire/http.ts'
import { messageOf, partOf, statusIn, wordsOf } from '../wire/message.ts'
import { read, readList } from '../wire/read.ts'
import type { Received } from '../wire/read.ts'
import type { Link } from './link.ts'
import { readSession } from './sessions.ts'

/** The single-threaded server reads a page in one go: 150 steps are about 1 MB and 40 ms. */
const PAGE = 200
const PAGE_LIMIT = 500
const PAGE_MS = 30_000

export interface SnapshotAndAsks extends Snapshot {
  /** Asks that wait in a running session or below it: their events may have been missed. */
  readonly asks: readonly Ask[]
}

export async function readSnapshot(
  link: Pick<Link, 'http' | 'events'>,
  session: string,
  page = PAGE,
): Promise<SnapshotAndAsks | CallError> {
  const { http } = link
  const found = await readSession(link, session)
  if (found instanceof Error) return found
  // Status and asks belong to the folder the session lives in now, whatever folder it began in.
  const directory = found.text('directory') ?? ''
  const states = await http.call({ method: 'GET', path: '/session/status', directory })
  if (states instanceof Error) return states
  const status = statusIn(states.json, session)
  const [messages, listed] = await Promise.all([
    readMessages(http, session, page),
    // OpenCode keeps the asks of an aborted run in its list, but a session that does not run does not ask.
    status.kind === 'idle' ? [] : readAsks(link, directory, session),
  ])
  if (messages instanceof Error) return messages
  const waits = await Promise.all(listed.map((ask) => stillWaits(http, ask)))
  const asks = listed.filter((_, index) => waits[index])
  return { status, messages, title: found.text('title'), asks: asks.map(({ ask }) => ask) }
}

interface Listed {
  readonly ask: Ask
  /** Which call waits for the answer. */
  readonly tool: Received<{ readonly messageID: string; readonly callID: string }>
}

/** A run that was aborted has ended the call, and OpenCode would take an answer all the same: with "done", to nobody. */
async function stillWaits(http: Http, { ask, tool }: Listed): Promise<boolean> {
  const messageId = tool.text('messageID')
  if (messageId === undefined) return true
  const found = await http.call({ method: 'GET', path: sessionPath(ask.session, 'message', messageId) })
  if (found instanceof Error) return true
  const parts = read<api.MessageWithParts>(found.json).list('parts')
  const call = parts.map((part) => partOf(part)).find((part) => part?.kind === 'tool' && part.callId === tool.text('callID'))
  return call?.kind !== 'tool' || call.state === 'pending' || call.state === 'running'
}

async function readMessages(http: Http, session: string, page: number): Promise<readonly AgentMessage[] | CallError> {
  const found = await readPages(http, session, page)
  return found instanceof Error ? found : wholeMessages(found)
}

/** OpenCode gives the newest page first, and within a page the oldest message first. */
export async function readPages(
  http: Http,
  session: string,
  page = PAGE,
): Promise<readonly Received<api.MessageWithParts>[] | CallError> {
  const pages: (readonly Received<api.MessageWithParts>[])[] = []
  let before: string | undefined
  do {
    const query = { limit: String(page), ...(before !== undefined && { before }) }
    const answer = await http.call({ method: 'GET', path: sessionPath(session, 'message'), query, deadlineMs: PAGE_MS })
    if (answer instanceof Error) return answer
    pages.unshift(readList<api.MessageWithParts>(answer.json))
    before = answer.next
  } while (before !== undefined && pages.length < PAGE_LIMIT)
  return pages.flat()
}

export function wholeMessages(found: readonly Received<api.MessageWithParts>[]): readonly AgentMessage[] {
  const answered = new Set(found.flatMap((received) => received.object('info').text('parentID') ?? []))
  return found.flatMap((received) => wholeMessage(received, answered))
}

function wholeMessage(received: Received<api.MessageWithParts>, answered: ReadonlySet<string>): readonly AgentMessage[] {
  const message = messageOf(received.object('info'))
  const parts = received.list('parts')
  if (!message) return []
  // The server died while it stored a user message without parts; unless somebody reads it, as a plugin of the user has left it.
  if (message.kind === 'user') return parts.length > 0 || answered.has(message.id) ? [spoken(message, parts)] : []
  return [{ ...message, parts: parts.flatMap((part) => partOf(part) ?? []) }]
}

function spoken(message: UserMessage, parts: readonly Received<api.Part>[]): UserMessage {
  const words = wordsOf(parts)
  return words === '' ? message : { ...message, words }
}

async function readAsks(
  { http, events }: Pick<Link, 'http' | 'events'>,
  directory: string,
  session: string,
): Promise<readonly Listed[]> {
  const [permissions, questions] = await Promise.all([
    http.call({ method: 'GET', path: '/permission', directory }),
    http.call({ method: 'GET', path: '/question', directory }),
  ])
  const asks = [
    ...(permissions instanceof Error ? [] : readList<api.PermissionRequest>(permissions.json)).map((request) => ({
      ask: permissionOf(request),
      tool: request.object('tool'),
    })),
    ...(questions instanceof Error ? [] : readList<api.QuestionRequest>(questions.json)).map((request) => ({
      ask: questionOf(request),
      tool: request.object('tool'),
    })),
  ].filter((listed): listed is Listed => listed.ask !== undefined)
  const roots = await Promise.all(asks.map(({ ask }) => events.rootOf(ask.session)))
  return asks.filter((_, index) => roots[index] === session)
}
