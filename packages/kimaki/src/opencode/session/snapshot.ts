/**
 * Everything OpenCode knows of a session. The order of the questions matters: the state first, then the messages, so that
 * an idle session's messages are complete; the other way round a run could end in between and look cut off.
 */
import type { AgentMessage, Ask, Snapshot } from '../../domain/conversation/agent.ts'
import type { AgentResult } from '../../ports/agent.ts'
import { permissionOf, questionOf } from '../wire/events.ts'
import type { Http } from '../wire/http.ts'
import { list, record, text } from '../wire/json.ts'
import type { Link } from './link.ts'
import { messageOf, partOf, statusOf } from '../wire/message.ts'
import { readSession, sessionPath } from './sessions.ts'
import { done } from '../wire/result.ts'

/** A page is read in one go by the single-threaded server: 150 steps are about 1 MB and 40 ms. */
const PAGE = 200
const PAGES = 500

export interface SnapshotAndAsks extends Snapshot {
  /** Asks that wait in a running session or below it: they may have come while nobody listened. */
  readonly asks: readonly Ask[]
}

export async function readSnapshot(link: Link, session: string, page = PAGE): Promise<AgentResult<SnapshotAndAsks>> {
  const { http } = link
  const found = await readSession(link, session)
  if (!found.ok) return found
  // Status and asks belong to the folder the session lives in now, whatever folder it began in.
  const directory = text(found.value['directory']) ?? ''
  const states = await http.call({ method: 'GET', path: '/session/status', directory })
  if (!states.ok) return states
  const status = statusOf(record(states.value.json)[session])
  const [messages, asks] = await Promise.all([
    readMessages(http, session, page),
    // An aborted run leaves its asks in the list: what does not run does not ask.
    status.kind === 'idle' ? [] : readAsks(link, directory, session),
  ])
  if (!messages.ok) return messages
  return done({ status, messages: messages.value, title: text(found.value['title']), asks })
}

/** The newest page comes first, oldest message first within it. */
async function readMessages(http: Http, session: string, page: number): Promise<AgentResult<readonly AgentMessage[]>> {
  const pages: (readonly AgentMessage[])[] = []
  let before: string | undefined
  do {
    const query = { limit: String(page), ...(before === undefined ? {} : { before }) }
    const answer = await http.call({ method: 'GET', path: sessionPath(session, 'message'), query, deadlineMs: 30_000 })
    if (!answer.ok) return answer
    pages.unshift(list(answer.value.json).flatMap(wholeMessage))
    before = answer.value.next
  } while (before !== undefined && pages.length < PAGES)
  return done(pages.flat())
}

function wholeMessage(value: unknown): readonly AgentMessage[] {
  const { info, parts } = record(value)
  const message = messageOf(info)
  if (!message) return []
  // A user message without parts is one whose server died while it stored it.
  if (message.kind === 'user') return list(parts).length > 0 ? [message] : []
  return [{ ...message, parts: list(parts).flatMap((part) => partOf(part) ?? []) }]
}

async function readAsks({ http, listening }: Link, directory: string, session: string): Promise<readonly Ask[]> {
  const [permissions, questions] = await Promise.all(
    ['/permission', '/question'].map((path) => http.call({ method: 'GET', path, directory })),
  )
  const asks = [
    ...list(permissions?.ok && permissions.value.json).map(permissionOf),
    ...list(questions?.ok && questions.value.json).map(questionOf),
  ].filter((ask) => ask !== undefined)
  const roots = await Promise.all(asks.map((ask) => listening.find(ask.session)))
  return asks.filter((_, index) => roots[index] === session)
}
