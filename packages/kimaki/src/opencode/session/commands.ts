/**
 * OpenCode's own commands (`POST /session/{id}/command`): files of the project, skills, prompts of MCP servers. The call answers when the run
 * is over, and the run goes on when nobody waits for that; otherwise its message is like any other, under the id we gave it, but for its
 * words, which OpenCode makes. So it is never posted twice under one id: the words would stand there twice. To be run again the
 * message is posted without parts, which leaves those it has.
 *
 * Only files can go along: other texts go as files. In the arguments they would be expanded (`!`...`` runs in a shell).
 */
import type { CommandCall, PromptPart } from '../../domain/conversation/agent.ts'
import type { AgentResult, PromptRequest } from '../../ports/agent.ts'
import { FIRST_TOUCH_MS } from '../wire/http.ts'
import type { Call, Http } from '../wire/http.ts'
import { list, record, text } from '../wire/json.ts'
import { done } from '../wire/result.ts'
import { sessionPath } from './sessions.ts'

/** Prompts of MCP servers come and go. Files do not, before OpenCode reads them again. */
const KNOWN_FOR_MS = 60_000
/** What stands in backticks in a command is run before its message appears, and may be a whole build. */
const LONGEST_MS = 1_800_000

export async function commandCall(
  http: Http,
  { session, messageId: messageID, parts, resend, as }: PromptRequest,
  { name, args }: CommandCall,
): Promise<Pick<Call, 'path' | 'body' | 'deadlineMs'>> {
  const stored = resend ? await nudge(http, session, messageID) : undefined
  if (stored) return stored
  const { agent, model } = as ?? {}
  const body = {
    messageID,
    command: name,
    arguments: args,
    parts: parts.map(asFile),
    ...(agent !== undefined && { agent }),
    ...(model && { model: `${model.provider}/${model.model}` }),
    ...(model?.variant !== undefined && { variant: model.variant }),
  }
  return { path: sessionPath(session, 'command'), body, deadlineMs: LONGEST_MS }
}

/** The message as it stands there, with the agent and the model of the command. */
async function nudge(http: Http, session: string, messageID: string): Promise<Pick<Call, 'path' | 'body'> | undefined> {
  const answer = await http.call({ method: 'GET', path: sessionPath(session, 'message', messageID), deadlineMs: FIRST_TOUCH_MS })
  const { info, parts } = record(answer.ok ? answer.value.json : undefined)
  if (list(parts).length === 0) return undefined
  const { agent, model } = record(info)
  const { providerID, modelID, variant } = record(model)
  const body = { messageID, parts: [], agent, model: { providerID, modelID }, variant }
  return { path: sessionPath(session, 'prompt_async'), body }
}

function asFile(part: PromptPart): PromptPart {
  if (part.type === 'file') return part
  const url = `data:text/plain;base64,${Buffer.from(part.text).toString('base64')}`
  return { type: 'file', id: part.id, mime: 'text/plain', filename: part.synthetic ? 'discord.txt' : 'attached.txt', url }
}

export interface CommandNames {
  of(directory: string): Promise<AgentResult<readonly string[]>>
  forget(directory: string): void
}

export function createCommandNames(http: Http): CommandNames {
  const pages = new Map<string, { readonly readAt: number; readonly names: readonly string[] }>()
  return {
    async of(directory) {
      const page = pages.get(directory)
      if (page && performance.now() - page.readAt < KNOWN_FOR_MS) return done(page.names)
      const answer = await http.call({ method: 'GET', path: '/command', directory, deadlineMs: FIRST_TOUCH_MS })
      if (!answer.ok) return answer
      const names = list(answer.value.json).flatMap((command) => text(record(command)['name']) ?? [])
      pages.set(directory, { readAt: performance.now(), names })
      return done(names)
    },
    forget: (directory) => void pages.delete(directory),
  }
}
