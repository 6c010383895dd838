/**
 * One step of a run: one answer of the model, and the tools it calls.
 *
 *     asked ──▶ streaming ──finish──▶ waiting for tools ──▶ done
 *       ▲           │ fails, and may be asked again
 *       └─ retry ◀──┘
 *
 * Each step is a message of its own. Tools begin as soon as their call is complete, and none is told as ended before the words of
 * the answer are.
 */
import type { Model } from '../config/models.ts'
import { callModel } from '../model/call.ts'
import { conversation } from '../model/conversation.ts'
import type { ModelFailure } from '../model/failures.ts'
import type { Server } from '../server/server.ts'
import { moment, newId } from '../base/ids.ts'
import { NO_TOKENS } from '../store/shapes.ts'
import type { AssistantMessage, NamedError } from '../store/shapes.ts'
import { toolDefinitions } from '../tools/tools.ts'
import { Answer } from './answer.ts'
import type { Finish } from './answer.ts'
import { ABORTED, tellError } from '../server/errors.ts'
import type { StepScene } from '../server/scene.ts'
import { systemPrompt } from './system.ts'
import { pauseBeforeRetry, RETRIES } from './retry.ts'

/** `full`: the context is used up; `refused`: so much that the provider refused it. */
export type Outcome = 'continue' | 'stop' | 'full' | 'refused'

export async function playStep(server: Server, scene: StepScene, signal: AbortSignal): Promise<Outcome> {
  const { sessions, runs } = server
  const { id } = scene.session
  const answer = new Answer(server, scene, sessions.putMessage(emptyAnswer(scene)), signal)
  noteSummary(server, scene)
  for (let tries = 0; ; tries += 1) {
    runs.setStatus(id, { type: 'busy' })
    try {
      const ended = await ask(scene, answer, signal)
      if (!('error' in ended)) return await finish(server, scene, answer, ended)
      if (ended.retry === undefined || tries >= RETRIES) return await fail(server, answer, ended)
      if (await pauseBeforeRetry(tries + 1, ended, (status) => runs.setStatus(id, status), signal)) continue
      // Stopped while it waited: no error is told, and none is left.
      answer.complete({})
    } catch (cause) {
      if (!signal.aborted) throw cause
      await stopWith(server, answer, ABORTED)
    }
    return 'stop'
  }
}

/** What the message has changed in the files: nothing, since nobody looks. Told all the same, as it is after each step. */
function noteSummary({ sessions, bus }: Server, { session, user }: StepScene): void {
  sessions.change(session.id, { summary: { additions: 0, deletions: 0, files: 0 } })
  bus.tell(session, 'session.diff', { sessionID: session.id, diff: [] })
  sessions.putMessage({ ...user.info, summary: { diffs: [] } })
}

async function finish(server: Server, { session, model }: StepScene, answer: Answer, ended: Finish): Promise<Outcome> {
  const tools = await answer.settleTools()
  const { total } = answer.finish(ended)
  answer.complete({})
  noteUsage(server, session.id, answer.message)
  if (tools === 'refused') return 'stop'
  return isFull(model, total) ? 'full' : 'continue'
}

export function emptyAnswer({ session, instance, user, model }: StepScene): AssistantMessage {
  const { agent } = user.info
  return {
    id: newId('msg'),
    parentID: user.info.id,
    role: 'assistant',
    mode: agent,
    agent,
    path: { cwd: instance.directory, root: instance.worktree },
    cost: 0,
    tokens: NO_TOKENS,
    modelID: model.modelID,
    providerID: model.providerID,
    time: { created: moment() },
    sessionID: session.id,
  }
}

async function ask(scene: StepScene, answer: Answer, signal: AbortSignal): Promise<Finish | ModelFailure> {
  const { session, instance, history, user, model } = scene
  const agent = instance.agents.find(({ name }) => name === user.info.agent)
  const messages = [systemPrompt(instance, agent), ...conversation(history)]
  const tools = toolDefinitions(session)
  return answer.read(callModel({ model, session: session.id, messages, tools }, signal))
}

async function fail(server: Server, answer: Answer, { error, isOverflow }: ModelFailure): Promise<Outcome> {
  if (!isOverflow) {
    await stopWith(server, answer, error)
    return 'stop'
  }
  tellError(server, answer.message.sessionID, error)
  answer.complete({})
  return 'refused'
}

/** Told at once; then what had begun is brought to its end, and the message gets its error. */
export async function stopWith(server: Server, answer: Answer, error: NamedError): Promise<void> {
  const { sessionID } = answer.message
  tellError(server, sessionID, error)
  server.runs.tellIdle(sessionID)
  await answer.breakOff()
  answer.complete({ error })
}

function noteUsage({ sessions }: Server, id: string, { cost, tokens }: AssistantMessage): void {
  const session = sessions.get(id)
  if (!session) return
  const { input, output, reasoning, cache } = session.tokens
  sessions.change(id, {
    cost: session.cost + cost,
    tokens: { input: input + tokens.input, output: output + tokens.output, reasoning, cache },
  })
}

/** OpenCode keeps room for one more answer. */
const isFull = ({ limit }: Model, used: number): boolean =>
  limit.context > 0 && used >= limit.context - Math.min(limit.output, 32_000)
