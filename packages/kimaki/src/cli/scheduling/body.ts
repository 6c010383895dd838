/** The bodies of the routes of tasks, checked: whoever may open the socket may send anything. */
import type { TaskEdit, TaskOrder, TaskWish } from '../../app/tasks/orders.ts'
import { UsageError } from '../../base/errors.ts'
import { readSend } from '../sending/body.ts'
import { readModel, readUser } from '../sending/wishes.ts'
import { readId, readMissed } from './ask.ts'

type Fields = Readonly<Record<string, unknown>>

const fields = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {})
const textIn = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

export function readOrder(body: unknown): (TaskOrder & { readonly within: string | undefined }) | UsageError {
  const sent = readSend(body)
  if (sent instanceof Error) return sent
  const { sendAt, timeZone, machineZone, notifyOnly, overlaps, missed } = fields(body)
  const afterwards = readMissed(textIn(missed))
  if (afterwards instanceof Error) return afterwards
  if (typeof sendAt !== 'string') return new UsageError({ reason: 'sendAt is needed' })
  const { within, ...request } = sent
  return {
    request,
    within,
    sendAt,
    timeZone: textIn(timeZone),
    machineZone: textIn(machineZone) ?? 'UTC',
    notifyOnly: notifyOnly === true,
    overlaps: overlaps === true,
    missed: afterwards,
  }
}

export function readWish(body: unknown): TaskWish | UsageError {
  const { kind, id, edit } = fields(body)
  const named = readId(textIn(id))
  if (named instanceof Error) return named
  if (kind === 'pause' || kind === 'resume' || kind === 'delete') return { kind, id: named }
  if (kind !== 'edit') return new UsageError({ reason: 'kind must be pause, resume, delete or edit' })
  const read = readEdit(fields(edit))
  return read instanceof Error ? read : { kind, id: named, edit: read }
}

function readEdit({ prompt, time, agent, model, userId, overlaps, missed }: Fields): TaskEdit | UsageError {
  const { sendAt, timeZone, machineZone } = fields(time)
  const { provider, model: name } = fields(model)
  const chosen = model === undefined || model === 'none' ? model : readModel(`${String(provider)}/${String(name)}`)
  if (chosen instanceof Error) return chosen
  const user = typeof userId !== 'string' || userId === '' ? textIn(userId) : readUser(userId)
  if (user instanceof Error) return user
  const afterwards = missed === undefined ? undefined : readMissed(textIn(missed))
  if (afterwards instanceof Error) return afterwards
  return {
    prompt: textIn(prompt),
    agent: textIn(agent),
    model: chosen,
    userId: user,
    overlaps: typeof overlaps === 'boolean' ? overlaps : undefined,
    missed: afterwards,
    time:
      typeof sendAt === 'string' ? { sendAt, timeZone: textIn(timeZone), machineZone: textIn(machineZone) ?? 'UTC' } : undefined,
  }
}
