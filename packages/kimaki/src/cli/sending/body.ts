/** The bodies of `POST /send` and `POST /notify`, checked: whoever may open the socket may send anything. */
import type { SendRequest } from '../../app/send.ts'
import { UsageError } from '../../base/errors.ts'
import { checkSnowflake } from '../snowflake.ts'
import { readModel, readRule } from './wishes.ts'

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/

/** It stands in a system prompt. */
const SESSION = /^ses_\w{1,60}$/

export function readSend(body: unknown): (SendRequest & { readonly within: string | undefined }) | UsageError {
  const given = fields(body)
  const { channelId, threadId, prompt, name, id, within, userId, agent, cwd, parent, worktree } = given
  if (typeof prompt !== 'string' || (typeof channelId === 'string') === (typeof threadId === 'string'))
    return new UsageError({ reason: 'prompt and either channelId or threadId are needed' })
  if (typeof id !== 'string' || !UUID.test(id))
    return new UsageError({ reason: 'id must be a UUID of your own for this request' })
  const wishes = readWishes(given)
  if (wishes instanceof Error) return wishes
  const request = { id, prompt, within: textOf(within), userId: textOf(userId), agent: textOf(agent), ...wishes }
  if (parent !== undefined && (typeof parent !== 'string' || !SESSION.test(parent)))
    return new UsageError({ reason: 'parent must be the id of a session' })
  const begins = {
    cwd: textOf(cwd),
    parent: textOf(parent),
    ...(worktree !== undefined && { worktree: { name: textOf(fields(worktree)['name']) } }),
  }
  if (typeof threadId === 'string') return { ...request, target: { kind: 'thread', threadId } }
  return { ...request, ...begins, target: { kind: 'channel', channelId: String(channelId), name: textOf(name) } }
}

function readWishes({
  model,
  rules,
  files,
}: Readonly<Record<string, unknown>>): Pick<SendRequest, 'model' | 'rules' | 'files'> | UsageError {
  const { provider, model: named } = fields(model)
  const chosen = model === undefined ? undefined : readModel(`${String(provider)}/${String(named)}`)
  if (chosen instanceof Error) return chosen
  const read = []
  for (const rule of Array.isArray(rules) ? rules : []) {
    const { permission, pattern, action } = fields(rule)
    const known = readRule(`${String(permission)}:${String(pattern)}:${String(action)}`)
    if (known instanceof Error) return known
    read.push(known)
  }
  const paths = Array.isArray(files) ? files.filter((file) => typeof file === 'string') : []
  return { model: chosen, rules: read, files: paths }
}

export function readNotice(
  body: unknown,
): { readonly id: string; readonly channelId: string; readonly text: string } | UsageError {
  const { id, channelId, text } = fields(body)
  if (typeof text !== 'string' || text.trim() === '' || typeof channelId !== 'string')
    return new UsageError({ reason: 'channelId and text are needed' })
  if (typeof id !== 'string' || !UUID.test(id))
    return new UsageError({ reason: 'id must be a UUID of your own for this request' })
  return checkSnowflake('channelId', channelId) ?? { id, channelId, text }
}

const fields = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)
