/**
 * Gives a message other words, or none, before a step of the run reads it. While a session works, OpenCode refuses to let a message go (409),
 * but its parts can be changed (`PATCH` and `DELETE /session/{id}/message/{messageID}/part/{partID}`); the model never sees a part that is
 * `ignored`. The message stays where it is, so the order stays too.
 *
 * R1. The message carries when it was changed: a call that is repeated after a crash changes nothing, and judges by the same time.
 * R2. A step takes in its messages before its answer shows. So one that begins until `BEGINS_WITHIN_MS` after the change counts as one that has
 *     read the message as it was.
 * R3. What was read as it was, says again what it said.
 */
import { AgentRefused } from '../../../base/errors.ts'
import { sleep } from '../../../base/sleep.ts'
import type { PromptPart } from '../../../domain/agent.ts'
import type { RecallRequest } from '../../../ports/agent.ts'
import type * as api from '../../wire/api.ts'
import { FIRST_TOUCH_MS, sessionPath } from '../../wire/http.ts'
import type { CallError, Http } from '../../wire/http.ts'
import { messageOf } from '../../wire/message.ts'
import { read, readList } from '../../wire/read.ts'
import type { Received } from '../../wire/read.ts'
import { APPEARS_WITHIN_MS } from '../find-message.ts'
import type { Link } from '../link.ts'

/** From the reading of the messages to the answer that shows: 3 to 10 ms measured, 70 ms on a loaded machine. */
const BEGINS_WITHIN_MS = 250
const LOOK_MS = 150
/** The message is among the newest, or was read long ago. */
const NEWEST = '200'
const MARK = 'recalled'
const NO_WORDS = '(taken back by its author before it was read)'

type Message = Received<api.MessageWithParts>
type Part = Received<api.Part>
type Recalled = 'emptied' | 'reworded' | 'absent' | 'read'

export async function recall(
  { http }: Pick<Link, 'http'>,
  request: Omit<RecallRequest, 'directory'>,
  stopped: AbortSignal,
): Promise<Recalled | CallError> {
  const { session, messageId, parts } = request
  const found = await find(http, request, stopped)
  if (found === undefined) return 'absent'
  if (found instanceof Error) return found
  const before = found.list('parts')
  const known = changedAt(before, parts)
  if (known === 'as it was sent') return 'reworded'
  if (known === undefined) {
    const isRead = await wasRead(http, session, messageId)
    if (isRead) return isRead instanceof Error ? isRead : 'read'
  }
  const at = known ?? (await change(http, request, before))
  if (at instanceof Error) return at
  const left = at + BEGINS_WITHIN_MS - Date.now()
  // A clock that was set makes nobody wait for longer.
  if (left > 0) await sleep(Math.min(left, BEGINS_WITHIN_MS), stopped)
  const isRead = await wasRead(http, session, messageId, at + BEGINS_WITHIN_MS)
  if (!isRead) return parts ? 'reworded' : 'emptied'
  if (isRead instanceof Error) return isRead
  const restored = known === undefined ? await putAll(http, session, messageId, before) : undefined
  return restored ?? 'read'
}

/** OpenCode announces a message before it has stored it to its end: one that is not there is looked for during 2 s. */
async function find(
  http: Http,
  { session, messageId }: Omit<RecallRequest, 'directory'>,
  stopped: AbortSignal,
): Promise<Message | undefined | CallError> {
  const until = performance.now() + APPEARS_WITHIN_MS
  for (;;) {
    const answer = await http.call({
      method: 'GET',
      path: sessionPath(session, 'message', messageId),
      deadlineMs: FIRST_TOUCH_MS,
    })
    const isAbsent = answer instanceof AgentRefused && answer.status === 404
    if (answer instanceof Error && !isAbsent) return answer
    const message: Message | undefined = answer instanceof Error ? undefined : read(answer.json)
    if (message && message.list('parts').length > 0) return message
    if (performance.now() >= until) return undefined
    await sleep(LOOK_MS, stopped)
  }
}

/** Unix ms; undefined: it does not say yet what it is to say. A message that was changed there and back is as it was sent. */
function changedAt(stored: readonly Part[], parts: readonly PromptPart[] | undefined): number | 'as it was sent' | undefined {
  const [first, ...others] = stored.filter((part) => part.fields['metadata'] !== undefined && markOf(part) !== undefined)
  if (!parts)
    return first && others.length === 0 && stored.length === 1 && first.fields['ignored'] === true ? markOf(first) : undefined
  if (!parts.every((part) => part.type === 'file' || stored.some((known) => says(known, part)))) return undefined
  return first ? markOf(first) : 'as it was sent'
}

const markOf = (part: Part): number | undefined => {
  const mark = (part.fields['metadata'] as Readonly<Record<string, unknown>> | undefined)?.[MARK]
  return typeof mark === 'number' ? mark : undefined
}

const says = (known: Part, part: Extract<PromptPart, { type: 'text' }>): boolean =>
  known.text('id') === part.id && known.fields['text'] === part.text

/** Unix ms: when the last part was about to be changed. */
async function change(
  http: Http,
  { session, messageId, parts }: Omit<RecallRequest, 'directory'>,
  stored: readonly Part[],
): Promise<number | CallError> {
  const own = { messageID: messageId, sessionID: session }
  const texts = stored.filter((part) => part.choice('type', ['text']) !== undefined)
  const gone = parts ? [] : stored.filter((part) => part !== texts[0])
  const removals = await Promise.all(gone.map(async (part) => remove(http, session, messageId, part.text('id') ?? '')))
  const failure = removals.find((removal) => removal instanceof Error)
  if (failure) return failure
  const at = Date.now()
  const metadata = { [MARK]: at }
  const news: readonly api.TextPart[] = parts
    ? parts
        .filter((part) => part.type === 'text')
        .filter((part) => !stored.some((known) => says(known, part)))
        .map((part) => ({ ...part, ...own, metadata }))
    : [
        {
          ...own,
          id: texts[0]?.text('id') ?? spareId(stored),
          type: 'text',
          text: NO_WORDS,
          synthetic: true,
          ignored: true,
          metadata,
        },
      ]
  const puts = await Promise.all(news.map(async (part) => put(http, part)))
  return puts.find((each) => each instanceof Error) ?? at
}

/** Of a message without any text. */
const spareId = ([first]: readonly Part[]): string => `${first?.text('id')?.slice(0, -2) ?? 'prt_'}00`

/** A step has begun that could read the message: its question is the message or a later one. `until`: not after this (Unix ms). */
async function wasRead(
  http: Http,
  session: string,
  messageId: string,
  until = Number.POSITIVE_INFINITY,
): Promise<boolean | CallError> {
  const answer = await http.call({ method: 'GET', path: sessionPath(session, 'message'), query: { limit: NEWEST } })
  if (answer instanceof Error) return answer
  const messages = readList<api.MessageWithParts>(answer.json).flatMap((message) => messageOf(message.object('info')) ?? [])
  const at = messages.findIndex(({ id }) => id === messageId)
  if (at === -1) return true
  const since = messages[at]?.created ?? 0
  // A message that was posted again is newer than its place.
  const questions = new Set(messages.filter(({ created }, index) => index >= at || created >= since).map(({ id }) => id))
  return messages.some(
    (message) => message.kind === 'assistant' && !message.summary && questions.has(message.parent) && message.created < until,
  )
}

async function putAll(http: Http, session: string, messageId: string, parts: readonly Part[]): Promise<undefined | CallError> {
  const own = { messageID: messageId, sessionID: session }
  const puts = await Promise.all(parts.map(async (part) => put(http, { ...(part.fields as unknown as api.Part), ...own })))
  return puts.find((each) => each instanceof Error)
}

async function put(http: Http, part: api.PartBody): Promise<undefined | CallError> {
  const path = sessionPath(part.sessionID, 'message', part.messageID, 'part', part.id)
  const answer = await http.call({ method: 'PATCH', path, body: part })
  return answer instanceof Error ? answer : undefined
}

async function remove(http: Http, session: string, messageId: string, partId: string): Promise<undefined | CallError> {
  const answer = await http.call({ method: 'DELETE', path: sessionPath(session, 'message', messageId, 'part', partId) })
  return answer instanceof Error ? answer : undefined
}
