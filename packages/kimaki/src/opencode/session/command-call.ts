/**
 * The POST that runs one of OpenCode's own commands (`/session/{id}/command`): a file of the project, a skill, a prompt of an MCP server.
 * OpenCode answers when the run is over, and the run goes on when the caller no longer waits. The message gets the id we chose, like any
 * other, but OpenCode writes its words. So a command is never posted twice under one id: the words would stand there twice. To run it
 * again, the stored message is posted without parts, which leaves the parts it has.
 *
 * Only files can go along, so other texts go as files. In the arguments they would be expanded (`!`...`` runs in a shell).
 */
import type { AnsweredBy, CommandCall, PromptPart } from '../../domain/agent.ts'
import type { PromptRequest } from '../../ports/agent.ts'
import type * as api from '../wire/api.ts'
import { FIRST_TOUCH_MS, sessionPath } from '../wire/http.ts'
import type { Call, Http } from '../wire/http.ts'
import { read } from '../wire/read.ts'

/** What stands in backticks in a command runs before its message appears, and may be a whole build. */
const LONGEST_MS = 1_800_000

export async function commandCall(
  http: Http,
  { session, messageId, parts, resend, answeredBy }: PromptRequest,
  { name, args }: CommandCall,
): Promise<Pick<Call, 'path' | 'body' | 'deadlineMs'>> {
  const stored = resend ? await rerunCall(http, session, messageId) : undefined
  if (stored) return stored
  const body: api.CommandBody = {
    messageID: messageId,
    command: name,
    arguments: args,
    parts: parts.map(asFile),
    ...(answeredBy && agentAndModel(answeredBy)),
  }
  return { path: sessionPath(session, 'command'), body, deadlineMs: LONGEST_MS }
}

const agentAndModel = ({ agent, model }: AnsweredBy): Pick<api.CommandBody, 'agent' | 'model' | 'variant'> => ({
  ...(agent !== undefined && { agent }),
  ...(model && { model: `${model.provider}/${model.model}` }),
  ...(model?.variant !== undefined && { variant: model.variant }),
})

/** Posts the stored message again, with the agent and the model of the command; `undefined` when the message is not stored whole. */
async function rerunCall(http: Http, session: string, messageId: string): Promise<Pick<Call, 'path' | 'body'> | undefined> {
  const path = sessionPath(session, 'message', messageId)
  const answer = await http.call({ method: 'GET', path, deadlineMs: FIRST_TOUCH_MS })
  if (answer instanceof Error) return undefined
  const message = read<api.MessageWithParts>(answer.json)
  if (message.list('parts').length === 0) return undefined
  const info = message.object('info')
  const agent = info.text('agent')
  const model = info.object('model')
  const provider = model.text('providerID')
  const name = model.text('modelID')
  const variant = model.text('variant')
  const body: api.PromptBody = {
    messageID: messageId,
    parts: [],
    ...(agent !== undefined && { agent }),
    ...(provider !== undefined && name !== undefined && { model: { providerID: provider, modelID: name } }),
    ...(variant !== undefined && { variant }),
  }
  return { path: sessionPath(session, 'prompt_async'), body }
}

type FilePart = Extract<PromptPart, { type: 'file' }>

function asFile(part: PromptPart): FilePart {
  if (part.type === 'file') return part
  const url = `data:text/plain;base64,${Buffer.from(part.text).toString('base64')}`
  return { type: 'file', id: part.id, mime: 'text/plain', filename: part.synthetic ? 'discord.txt' : 'attached.txt', url }
}
