/**
 * A user message (`POST /session/{id}/prompt_async`). Message and parts may bring their ids: posted again they are changed, not
 * doubled, and the message is the newest once more. Parts without ids are added each time.
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Instance } from '../config/instance.ts'
import { defaultAgent } from '../config/agents.ts'
import { defaultModel } from '../config/models.ts'
import type { ModelName } from '../config/models.ts'
import type { Server } from './server.ts'
import { moment, newId } from '../base/ids.ts'
import type { FilePart, Part, Session, TextPart, UserMessage } from '../store/shapes.ts'
import { readOutput } from './read-output.ts'
import { tellError, unknownError, withStack } from './errors.ts'

export interface Prompt {
  readonly messageID?: string | undefined
  readonly agent?: string | undefined
  readonly model?: ModelName | undefined
  readonly parts: readonly PromptPart[]
}

export type PromptPart = (
  | Pick<TextPart, 'type' | 'text' | 'synthetic'>
  | Pick<FilePart, 'type' | 'mime' | 'url' | 'filename'>
) & {
  readonly id?: string
}

/** Stored; `undefined` (and told as an error of the session) when nobody can answer it. */
export function storePrompt(server: Server, instance: Instance, session: Session, prompt: Prompt): UserMessage | undefined {
  const { sessions } = server
  const name = prompt.agent ?? defaultAgent(instance.config)
  const agent = instance.agents.find((each) => each.name === name)
  if (!agent) {
    tellAgentMissing(server, instance, session, prompt)
    return undefined
  }
  const model = prompt.model ??
    agent.model ??
    lastModel(session) ??
    defaultModel(instance.config) ?? { providerID: '', modelID: '' }
  const { providerID, modelID, variant } = model
  sessions.change(session.id, { agent: name, model: { id: modelID, providerID, variant: variant ?? 'default' } })
  const message = sessions.putMessage({
    id: prompt.messageID ?? newId('msg'),
    role: 'user' as const,
    sessionID: session.id,
    time: { created: moment() },
    agent: name,
    model: { providerID, modelID, ...(variant !== undefined && { variant }) },
  })
  for (const part of prompt.parts) for (const stored of partsOf(part, message)) sessions.putPart(stored)
  sessions.change(session.id, {})
  return message
}

/** One that was named is told with those there are, and once more without a word of it; one of the configuration only once. */
function tellAgentMissing(server: Server, instance: Instance, { id }: Session, prompt: Prompt): void {
  const { agent } = prompt
  if (agent === undefined) {
    return tellError(server, id, unknownError(withStack(`Error: default agent "${defaultAgent(instance.config)}" not found`)))
  }
  const known = instance.agents.map(({ name }) => name).sort()
  tellError(server, id, unknownError(`Agent not found: "${agent}". Available agents: ${known.join(', ')}`))
  tellError(server, id, unknownError(withStack('UnknownError: UnknownError')))
}

/** A session keeps its model. */
function lastModel({ model }: Session): ModelName | undefined {
  return model && { providerID: model.providerID, modelID: model.id }
}

/** Files of this machine are read: texts into texts beside them, all others into data. */
function partsOf(part: PromptPart, { id: messageID, sessionID }: UserMessage): readonly Part[] {
  const own = { messageID, sessionID }
  const whole: Part = { ...part, ...own, id: part.id ?? newId('prt') }
  if (part.type !== 'file') return [whole]
  const path = part.url.startsWith('file:') ? fileURLToPath(part.url) : undefined
  const text = (words: string): Part => ({ ...own, id: newId('prt'), type: 'text', synthetic: true, text: words })
  const called = text(`Called the Read tool with the following input: ${JSON.stringify({ filePath: path ?? part.filename })}`)
  if (part.mime === 'text/plain') {
    const content = path === undefined ? dataOf(part.url) : readOutput(path, readFileSync(path, 'utf8'))
    return [called, text(content), whole]
  }
  if (path === undefined) return [whole]
  return [called, { ...part, ...own, id: whole.id, url: `data:${part.mime};base64,${readFileSync(path, 'base64')}` }]
}

function dataOf(url: string): string {
  const comma = url.indexOf(',')
  const data = url.slice(comma + 1)
  return url.slice(0, comma).endsWith(';base64') ? Buffer.from(data, 'base64').toString('utf8') : decodeURIComponent(data)
}
