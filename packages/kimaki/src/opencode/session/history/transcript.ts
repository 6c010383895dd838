/** A session read from its beginning to its end. */
import type { Transcript } from '../../../domain/agent.ts'
import type * as api from '../../wire/api.ts'
import { FIRST_TOUCH_MS, sessionPath, type CallError, type Http } from '../../wire/http.ts'
import { read, readList, type Received } from '../../wire/read.ts'
import { readPages, wholeMessages } from '../snapshot.ts'
import { writtenIn } from './past.ts'

export async function readTranscript(http: Http, session: string, newest?: number): Promise<Transcript | CallError> {
  const found = await http.call({ method: 'GET', path: sessionPath(session), deadlineMs: FIRST_TOUCH_MS })
  if (found instanceof Error) return found
  const listed = newest === undefined ? await readPages(http, session) : await readNewest(http, session, newest)
  if (listed instanceof Error) return listed
  const words = new Map(listed.map((received) => [received.object('info').text('id'), writtenIn(received)]))
  const messages = wholeMessages(listed).map((message) => ({
    ...message,
    words: message.kind === 'user' ? (words.get(message.id) ?? '') : '',
  }))
  return { title: read<api.Session>(found.json).text('title') ?? '', messages }
}

const NEWEST_MS = 30_000

async function readNewest(
  http: Http,
  session: string,
  newest: number,
): Promise<readonly Received<api.MessageWithParts>[] | CallError> {
  const query = { limit: String(newest) }
  const answer = await http.call({ method: 'GET', path: sessionPath(session, 'message'), query, deadlineMs: NEWEST_MS })
  return answer instanceof Error ? answer : readList<api.MessageWithParts>(answer.json)
}

export async function exportSession(
  http: Http,
  session: string,
): Promise<{ readonly info: unknown; readonly messages: readonly unknown[] } | CallError> {
  const found = await http.call({ method: 'GET', path: sessionPath(session), deadlineMs: FIRST_TOUCH_MS })
  if (found instanceof Error) return found
  const listed = await readPages(http, session)
  return listed instanceof Error ? listed : { info: found.json, messages: listed.map(({ fields }) => fields) }
}
