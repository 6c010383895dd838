/** What people say: prompts and commands. */
import { existsSync } from 'node:fs'
import { expand } from '../config/commands.ts'
import type { Instance } from '../config/instance.ts'
import { isRecord, list, record, text } from '../base/json.ts'
import type { Json } from '../base/json.ts'
import { modelName } from '../config/models.ts'
import type { ModelName } from '../config/models.ts'
import { tellError, unexpected, unknownError } from '../server/errors.ts'
import { storePrompt } from '../server/prompt.ts'
import type { Prompt, PromptPart } from '../server/prompt.ts'
import type { Server } from '../server/server.ts'
import { tellSession } from '../server/server.ts'
import type { Session } from '../store/shapes.ts'
import { about, badRequest, ok } from './route.ts'
import type { Reply, Route } from './route.ts'

export const PROMPT_ROUTES: readonly Route[] = [
  /** The answer comes before the message is stored: whoever wants to know it is must look, or listen. */
  about.session('POST /session/:sessionID/prompt_async', ({ server, instance, session, body }) => {
    const prompt = promptOf(body)
    if (!prompt) return badRequest
    if (!existsSync(session.directory)) return { status: 500, json: unexpected() }
    setImmediate(() => {
      if (storePrompt(server, instance, session, prompt) && body['noReply'] !== true) void server.runs.ensure(session.id)
    })
    return { status: 204 }
  }),
  /** The answer comes when the run is over, and is its last message. */
  about.session('POST /session/:sessionID/message', async ({ server, instance, session, body }) => {
    const prompt = promptOf(body)
    return prompt ? answered(server, instance, session, prompt) : badRequest
  }),
  about.session('POST /session/:sessionID/command', async ({ server, instance, session, body }) => {
    const [name = '', args = ''] = [text(body['command']), text(body['arguments'])]
    const command = instance.commands.find((each) => each.name === name)
    const given = promptOf({ parts: [], ...body, model: undefined })
    if (!given) return badRequest
    if (!command) {
      const known = instance.commands.map((each) => each.name).join(', ')
      tellError(server, session.id, unknownError(`Command not found: "${name}". Available commands: ${known}`))
      return { status: 500, json: unexpected() }
    }
    const words = await expand(command.template, args, instance.directory)
    const model = text(body['model']) ?? command.model
    const reply = await answered(server, instance, session, {
      messageID: given.messageID,
      agent: command.agent ?? given.agent,
      model: model === undefined ? undefined : { ...modelName(model), variant: text(body['variant']) },
      parts: [{ type: 'text', text: words }, ...given.parts],
    })
    tellSession(server, session.id, 'command.executed', { name, arguments: args })
    return reply
  }),
]

async function answered(server: Server, instance: Instance, session: Session, prompt: Prompt): Promise<Reply> {
  if (!storePrompt(server, instance, session, prompt)) return { status: 500, json: unexpected() }
  await server.runs.ensure(session.id)
  const last = server.sessions.messages(session.id).at(-1)
  return last?.info.role === 'assistant' ? ok(last) : { status: 500, json: unexpected() }
}

/** `undefined`: it is refused. */
function promptOf(body: Json): Prompt | undefined {
  const messageID = text(body['messageID'])
  const parts = list(body['parts']).map(partOf)
  const areGood = parts.every((part) => part !== undefined)
  if (!Array.isArray(body['parts']) || !areGood || !isId('msg', messageID)) return undefined
  return { messageID, agent: text(body['agent']), model: modelOf(body), parts }
}

function modelOf({ model, variant }: Json): ModelName | undefined {
  const [providerID, modelID] = [text(record(model)['providerID']), text(record(model)['modelID'])]
  return providerID === undefined || modelID === undefined ? undefined : { providerID, modelID, variant: text(variant) }
}

/** Files come as data, or from this machine. */
function partOf(part: unknown): PromptPart | undefined {
  if (!isRecord(part) || !isId('prt', text(part['id']))) return undefined
  if (part['type'] === 'text' && typeof part['text'] === 'string') return part as unknown as PromptPart
  const isReadable = typeof part['mime'] === 'string' && /^(?:data|file):/.test(text(part['url']) ?? '')
  return part['type'] === 'file' && isReadable ? (part as unknown as PromptPart) : undefined
}

const isId = (prefix: string, id: string | undefined): boolean => id === undefined || id.startsWith(`${prefix}_`)
