/**
 * A session without a title of its own gets one from the model, beside its first answer: a request without tools, with what was said
 * first. Nobody waits for it; one that fails is not tried again.
 */
import { findModel, modelName } from '../config/models.ts'
import type { Instance } from '../config/instance.ts'
import { text } from '../base/json.ts'
import { callModel } from '../model/call.ts'
import { conversation } from '../model/conversation.ts'
import type { Server } from '../server/server.ts'
import type { Part, Session, Stored } from '../store/shapes.ts'

const LONGEST = 100
const UNTITLED = /^(?:New|Child) session - /

export async function makeTitle({ sessions }: Server, { config }: Instance, { id, title, parentID }: Session): Promise<void> {
  const messages = sessions.messages(id)
  const [first, ...others] = messages.filter(isPeoples)
  if (parentID !== undefined || !UNTITLED.test(title) || !first || others.length > 0) return
  const small = text(config['small_model'])
  const model =
    first.info.role === 'user' ? findModel(config, small === undefined ? first.info.model : modelName(small)) : undefined
  if (!model) return
  const context = messages.slice(0, messages.indexOf(first) + 1)
  const request = { model, session: id, messages: [SYSTEM, ASK, ...conversation(context)] }
  let said = ''
  for await (const event of callModel(request, NEVER)) {
    if (event.kind === 'failed') return
    if (event.kind === 'text') said += event.text
  }
  const line = said
    .replaceAll(/<think>[^]*?<\/think>\s*/g, '')
    .split('\n')
    .map((each) => each.trim())
    .find((each) => each !== '')
  if (line === undefined) return
  sessions.change(id, { title: line.length > LONGEST ? `${line.slice(0, LONGEST - 3)}...` : line })
}

const NEVER = new AbortController().signal
const SYSTEM = { role: 'system', content: 'You are a title generator. You output ONLY a thread title. Nothing else.' } as const
const ASK = { role: 'user', content: 'Generate a title for this conversation:\n' } as const

const isPeoples = ({ info, parts }: Stored): boolean => info.role === 'user' && !parts.every(isSynthetic)

const isSynthetic = (part: Part): boolean => part.type === 'text' && part.synthetic === true
