/** Gives a job to another agent, in a child session of its own; stopped together with its parent. */
import { text } from '../base/json.ts'
import { newSession } from '../server/session.ts'
import { storePrompt } from '../server/prompt.ts'
import type { Server } from '../server/server.ts'
import type { Session } from '../store/shapes.ts'
import { texts } from './tool.ts'
import type { Tool } from './tool.ts'

export const task: Tool = {
  name: 'task',
  description: 'Launches a new agent to handle complex tasks autonomously.',
  parameters: texts('description', 'prompt', 'subagent_type'),
  async run(input, { server, scene, progress, signal }) {
    const { session, instance, message } = scene
    const [title = '', agent = '', prompt = ''] = ['description', 'subagent_type', 'prompt'].map((name) => text(input[name]))
    if (!instance.agents.some(({ name }) => name === agent))
      return new Error(`Unknown agent type: ${agent} is not a valid agent type`)
    const permission = [{ permission: 'task', pattern: '*', action: 'deny' as const }]
    const more = { title: `${title} (@${agent} subagent)`, parentID: session.id, agent, permission }
    const child = server.sessions.create(newSession(session, more))
    const model = { modelID: message.modelID, providerID: message.providerID }
    const metadata = { parentSessionId: session.id, sessionId: child.id, model }
    progress({ title, metadata })
    storePrompt(server, instance, child, { agent, model, parts: [{ type: 'text', text: prompt }] })
    const stop = () => void server.runs.stop(child.id)
    signal.addEventListener('abort', stop, { once: true })
    await server.runs.ensure(child.id)
    signal.removeEventListener('abort', stop)
    signal.throwIfAborted()
    const result = resultOf(server, child)
    if (result instanceof Error) return result
    const output = `<task id="${child.id}" state="completed">\n<task_result>\n${result}\n</task_result>\n</task>`
    return { title, output, metadata: { ...metadata, truncated: false } }
  },
}

function resultOf({ sessions }: Server, { id }: Session): string | Error {
  const last = sessions.messages(id).findLast(({ info }) => info.role === 'assistant')
  const said = last?.parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).at(-1)
  const failed = last?.parts
    .flatMap((part) => (part.type === 'tool' && part.state.status === 'error' ? [part.state.error] : []))
    .at(-1)
  const error = last?.info.role === 'assistant' ? text(last.info.error?.data['message']) : undefined
  const reason = error ?? failed
  return reason === undefined ? (said ?? '') : new Error(`Subagent failed (task_id: ${id}): ${reason}`)
}
