/**
 * A full context is summed up. A user message with a `compaction` part asks for it, the answer to that is the summary, and what came
 * before is left out of all later requests. Then the run goes on: with the message that did not fit, once more, or with a text that
 * says so.
 */
import { callModel } from '../model/call.ts'
import { conversation } from '../model/conversation.ts'
import type { Server } from '../server/server.ts'
import { tellSession } from '../server/server.ts'
import { moment, newId } from '../base/ids.ts'
import type { CompactionPart, Part, Stored, UserMessage } from '../store/shapes.ts'
import { Answer } from './answer.ts'
import { ABORTED } from '../server/errors.ts'
import { emptyAnswer, stopWith } from './step.ts'
import type { StepScene } from '../server/scene.ts'

const CONTINUE = 'Continue if you have next steps, or stop and ask for clarification if you are unsure how to proceed.'
const TOO_LARGE = `The previous request exceeded the provider's size limit due to large media attachments. The conversation was compacted and media files were removed from context. If the user was asking about attached images or files, explain that the attachments were too large to process and suggest they try again with smaller or fewer files.\n\n${CONTINUE}`

const partOf = ({ parts }: Stored): CompactionPart | undefined => parts.find((part) => part.type === 'compaction')

export const isCompaction = (message: Stored): boolean => partOf(message) !== undefined

/** What the model is to see: all since the last message that asked for a summary and got one. */
export function sinceCompaction(messages: readonly Stored[]): readonly Stored[] {
  const isSummedUp = ({ info }: Stored) =>
    messages.some(
      ({ info: other }) => other.role === 'assistant' && other.summary && other.finish === 'stop' && other.parentID === info.id,
    )
  const from = messages.findLastIndex((message) => isCompaction(message) && isSummedUp(message))
  return from < 0 ? messages : messages.slice(from)
}

export function requestCompaction(
  { sessions }: Server,
  { sessionID, agent, model }: UserMessage,
  asked: Pick<CompactionPart, 'auto' | 'overflow'>,
): void {
  const { id } = sessions.putMessage({ id: newId('msg'), role: 'user', model, sessionID, agent, time: { created: moment() } })
  sessions.putPart({ id: newId('prt'), messageID: id, sessionID, type: 'compaction', ...asked })
}

/** True when the run goes on. `scene.user` has asked for it. */
export async function compact(server: Server, scene: StepScene, signal: AbortSignal): Promise<boolean> {
  const { sessions } = server
  const { session, model, user, history } = scene
  const { auto = false, overflow = false } = partOf(user) ?? {}
  const replay = overflow ? messageToRepeat(history, user) : undefined
  const begun = sessions.putMessage({ ...emptyAnswer(scene), mode: 'compaction', agent: 'compaction', summary: true as const })
  const answer = new Answer(server, scene, begun, signal)
  server.runs.setStatus(session.id, { type: 'busy' })
  const before = history.filter((message) => message !== user && message !== replay)
  const messages = [
    { role: 'user', content: `Here is the conversation so far:\n\n${JSON.stringify(conversation(before))}` } as const,
  ]
  try {
    const ended = await answer.read(callModel({ model, session: session.id, messages }, signal))
    if ('error' in ended) {
      const message = 'Session too large to compact - context exceeds model limit even after stripping media'
      const error = ended.isOverflow ? { name: 'ContextOverflowError', data: { message } } : ended.error
      if (ended.isOverflow) answer.complete({ error, finish: 'error' })
      else await stopWith(server, answer, error)
      return false
    }
    answer.finish(ended)
  } catch (cause) {
    if (!signal.aborted) throw cause
    await stopWith(server, answer, ABORTED)
    return false
  }
  answer.complete({})
  if (auto) goOn(server, user.info, replay, overflow)
  tellSession(server, session.id, 'session.compacted', {})
  return auto
}

/** The newest message of a person, if there is something before it that can be summed up. */
function messageToRepeat(history: readonly Stored[], user: Stored): Stored | undefined {
  const isAsking = (message: Stored) => message.info.role === 'user' && message !== user && !isCompaction(message)
  const found = history.findLast(isAsking)
  return found && history.slice(0, history.indexOf(found)).some(isAsking) ? found : undefined
}

function goOn(
  { sessions }: Server,
  { sessionID, agent, model }: UserMessage,
  replay: Stored | undefined,
  overflow: boolean,
): void {
  const { id: messageID } = sessions.putMessage({
    id: newId('msg'),
    role: 'user',
    sessionID,
    time: { created: moment() },
    agent,
    model,
  })
  if (replay) {
    for (const part of replay.parts) sessions.putPart({ ...withoutMedia(part), id: newId('prt'), messageID })
    return
  }
  const now = Date.now()
  sessions.putPart({
    id: newId('prt'),
    messageID,
    sessionID,
    type: 'text',
    metadata: { compaction_continue: true },
    synthetic: true,
    text: overflow ? TOO_LARGE : CONTINUE,
    time: { start: now, end: now },
  })
}

function withoutMedia(part: Part): Part {
  if (part.type !== 'file' || part.mime === 'text/plain') return part
  const { id, messageID, sessionID, mime, filename } = part
  return { id, messageID, sessionID, type: 'text', text: `[Attached ${mime}: ${filename ?? 'file'}]` }
}
