/** Going back in a session: what was said in it, undoing the last of it, and summing it up. */
import type { FilePatch } from '../../../domain/changes.ts'
import type { History, PastMessage, SessionSummary } from '../../../ports/agent/sessions.ts'
import type * as api from '../../wire/api.ts'
import { FIRST_TOUCH_MS, sessionPath, type CallError, type Http } from '../../wire/http.ts'
import { messageOf } from '../../wire/message.ts'
import { read, readList, type Received } from '../../wire/read.ts'
import { summaryOf } from './summaries.ts'

/** The newest ones: a session of 2,000 messages is 6 MB. */
const MESSAGES = '1000'
const MESSAGES_MS = 30_000

export async function readHistory(http: Http, session: string): Promise<History | CallError> {
  const found = await http.call({ method: 'GET', path: sessionPath(session), deadlineMs: FIRST_TOUCH_MS })
  if (found instanceof Error) return found
  const query = { limit: MESSAGES }
  const listed = await http.call({ method: 'GET', path: sessionPath(session, 'message'), query, deadlineMs: MESSAGES_MS })
  if (listed instanceof Error) return listed
  const received = read<api.Session>(found.json)
  return {
    title: received.text('title') ?? '',
    messages: readList<api.MessageWithParts>(listed.json).flatMap(pastMessageOf),
    undoneFrom: received.object('revert').text('messageID'),
  }
}

function pastMessageOf(received: Received<api.MessageWithParts>): readonly PastMessage[] {
  const message = messageOf(received.object('info'))
  if (!message) return []
  const { id, kind, created } = message
  // Nobody has written it: it only names who goes on (`packages/opencode-plugin/src/accounts/hand-over.ts`).
  if (kind === 'user' && received.list('parts').length === 0) return []
  return [{ id, kind, created, words: kind === 'user' ? writtenIn(received) : '' }]
}

/** What somebody has written, without what programs have added. */
export function writtenIn(received: Received<api.MessageWithParts>): string {
  const written = received.list('parts').flatMap((part) => {
    const isWritten = part.text('type') === 'text' && !part.isTrue('synthetic') && !part.isTrue('ignored')
    return isWritten ? [part.text('text') ?? ''] : []
  })
  return written.join('\n').trim()
}

export async function readChildren(http: Http, session: string): Promise<readonly SessionSummary[] | CallError> {
  const path = sessionPath(session, 'children')
  const answer = await http.call({ method: 'GET', path, deadlineMs: FIRST_TOUCH_MS })
  return answer instanceof Error ? answer : readList<api.Session>(answer.json).flatMap(summaryOf)
}

/** Files are written back from git objects. */
const REVERT_MS = 60_000

/** OpenCode undoes from a user message on, as its terminal does: from an answer on, what earlier steps had done would stay. */
export async function revert(http: Http, session: string, from: string | undefined): Promise<string | CallError> {
  const body: api.RevertBody | undefined = from === undefined ? undefined : { messageID: from }
  const path = sessionPath(session, body ? 'revert' : 'unrevert')
  const answer = await http.call({ method: 'POST', path, body, deadlineMs: REVERT_MS })
  return answer instanceof Error ? answer : (read<api.Session>(answer.json).object('revert').text('diff') ?? '')
}

export async function readChanged(http: Http, session: string, messageId: string): Promise<readonly FilePatch[] | CallError> {
  const query = { messageID: messageId }
  const answer = await http.call({ method: 'GET', path: sessionPath(session, 'diff'), query })
  if (answer instanceof Error) return answer
  return readList<api.SnapshotFileDiff>(answer.json).map((file) => ({
    path: file.text('file') ?? '',
    status: statusOf(file.text('status')),
    added: file.number('additions') ?? 0,
    deleted: file.number('deletions') ?? 0,
    patch: file.text('patch') ?? '',
  }))
}

const statusOf = (told: string | undefined): FilePatch['status'] => (told === 'added' || told === 'deleted' ? told : 'changed')

/** As long as a model may need to read a whole context. */
const SUMMARIZE_MS = 10 * 60_000

export async function summarize(
  http: Http,
  session: string,
  { provider, model }: { readonly provider: string; readonly model: string },
): Promise<undefined | CallError> {
  const body: api.SummarizeBody = { providerID: provider, modelID: model, auto: false }
  const path = sessionPath(session, 'summarize')
  const answer = await http.call({ method: 'POST', path, body, deadlineMs: SUMMARIZE_MS })
  return answer instanceof Error ? answer : undefined
}
