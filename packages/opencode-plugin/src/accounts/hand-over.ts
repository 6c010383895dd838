/**
 * Has the newest message of a session that runs name another model, so that the next step is asked of it. No run begins by that (`noReply`).
 *
 * Before anything stands behind the message, it is itself posted once more without parts, which leaves those that it has and makes it the
 * newest. Behind steps it would then stand after what it has led to, which not every provider takes: there a message without parts is added,
 * of which no model learns.
 */
import type { PluginInput } from '../opencode.ts'
import type { Model } from './stored.ts'

/** OpenCode answers before it has stored anything. */
const APPEARS_WITHIN_MS = 5000
const LOOK_MS = 20
/** The message, and the steps behind it. */
const LOOK_BACK = 200

export interface Step {
  readonly session: string
  /** Its name. */
  readonly agent: string
}

/** False: the message is as it was, or nobody knows. */
export async function handOver(
  { session: sessions }: PluginInput['client'],
  { session, agent }: Step,
  model: Model,
): Promise<boolean> {
  const path = { id: session }
  const read = async (limit: number) => (await sessions.messages({ path, query: { limit } })).data ?? []
  try {
    const known = await read(LOOK_BACK)
    const at = known.findLastIndex(({ info }) => info.role === 'user')
    const message = known[at]?.info
    const isBegun = known.slice(at + 1).some(({ parts }) => parts.some(({ type }) => SAID.has(type)))
    const again = message && !isBegun ? { messageID: message.id } : {}
    await sessions.promptAsync({ path, body: { ...again, agent, model, parts: [], noReply: true } })
    for (const until = performance.now() + APPEARS_WITHIN_MS; performance.now() < until;) {
      const named = (await read(2)).findLast(({ info }) => info.role === 'user')?.info.model
      if (named?.providerID === model.providerID && named.modelID === model.modelID) return true
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    }
  } catch {
    // The run ends as it would without another model.
  }
  return false
}

const SAID: ReadonlySet<string> = new Set(['text', 'reasoning', 'tool'])
