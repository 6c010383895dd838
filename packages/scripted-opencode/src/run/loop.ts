/**
 * A run: steps, until the newest user message is answered.
 *
 * I1  Each step reads all user messages there are; the parent of its answer is the newest of them.
 * I2  A run ends without looking for more after a stop, a failure, and an ask that was refused: what waits then
 *     is read by the next run.
 * I3  Posted again, a message keeps its place for the model but is the newest: it is answered anew, unless the last answer
 *     is its own.
 */
import { findModel, nameOf } from '../config/models.ts'
import { ConfigError } from '../config/load.ts'
import type { Server } from '../server/server.ts'
import type { Stored, UserMessage } from '../store/shapes.ts'
import type { Scene } from '../server/scene.ts'
import { compact, isCompaction, requestCompaction, sinceCompaction } from './compaction.ts'
import { tellModelMissing } from '../server/errors.ts'
import { playStep } from './step.ts'
import { makeTitle } from './title.ts'

export async function runLoop(server: Server, id: string, signal: AbortSignal): Promise<void> {
  for (let step = 1; !signal.aborted; step += 1) {
    const scene = look(server, id)
    if (!scene) return
    server.runs.setStatus(id, { type: 'busy' })
    if (isAnswered(scene)) return
    const { session, instance, user } = scene
    const model = findModel(instance.config, user.info.model)
    if (!model) return tellModelMissing(server, session, nameOf(user.info.model))
    if (step === 1) void makeTitle(server, instance, session)
    if (isCompaction(user)) {
      if (!(await compact(server, { ...scene, model }, signal))) return
      continue
    }
    const outcome = await playStep(server, { ...scene, model }, signal)
    if (outcome === 'stop') return
    if (outcome !== 'continue') requestCompaction(server, user.info, { auto: true, overflow: outcome === 'refused' })
  }
}

function look({ sessions, instances }: Server, id: string): Scene | undefined {
  const session = sessions.get(id)
  const instance = session && instances.of(session.directory)
  if (!session || !instance || instance instanceof ConfigError) return undefined
  const history = sinceCompaction(sessions.messages(id))
  const [user] = history.filter(isUsers).sort((a, b) => b.info.time.created - a.info.time.created)
  return user && { session, instance, history, user }
}

const isUsers = (message: Stored): message is Stored<UserMessage> => message.info.role === 'user'

function isAnswered({ history, user }: Scene): boolean {
  const last = history.findLast(({ info }) => info.role === 'assistant')?.info
  if (last?.role !== 'assistant' || last.finish === undefined) return false
  return last.parentID === user.info.id && last.finish !== 'tool-calls' && last.finish !== 'unknown'
}
