/** The invariants that stand at the top of `state.ts`, over one step. */
import { isUnderWay } from '../../../src/domain/conversation/aside.ts'
import { commandKey, isGoing } from '../../../src/domain/conversation/shell.ts'
import { isStale, type Conversation } from '../../../src/domain/conversation/state.ts'

/** `planned`: after the step and its posts; `after`: settled, if that is due. Throws what is wrong. */
export function checkInvariants(before: Conversation, planned: Conversation, after: Conversation): void {
  const orders = planned.prompts.map(({ order }) => order)
  if (orders.some((order, index) => index > 0 && order <= (orders[index - 1] ?? 0))) throw new Error('prompts out of order')
  if (planned.prompts.filter(({ phase }) => phase.kind === 'handing').length > 1) throw new Error('two prompts are handed over')
  for (const old of before.prompts) {
    const now = planned.prompts.find(({ id }) => id === old.id)
    if (!now) throw new Error(`${old.id} was forgotten`)
    if (old.phase.kind === 'ended' && now.phase !== old.phase) throw new Error(`${old.id} had ended`)
  }
  if (planned.asides.filter(({ phase }) => phase.kind === 'forking').length > 1) throw new Error('two copies are made at once')
  for (const { id } of before.asides.filter(isUnderWay))
    if (!planned.asides.some((aside) => aside.id === id)) throw new Error(`${id} was forgotten`)
  for (const { id, phase } of before.commands) {
    const now = planned.commands.find((one) => one.id === id)
    if (!now) throw new Error(`the command ${id} was forgotten`)
    if (phase.kind === 'ended' && now.phase !== phase) throw new Error(`the command ${id} had ended`)
  }
  for (const key of before.posted) if (!planned.posted.has(key)) throw new Error(`${key} was posted`)
  if (after === planned) return
  if (planned.prompts.some(({ phase }) => phase.kind !== 'ended' && phase.kind !== 'queued'))
    throw new Error('settled with a live prompt')
  const going = planned.commands.filter(isGoing)
  if (going.some((one) => !after.commands.includes(one))) throw new Error('settled with a command that goes on')
  const changing = new Set(going.map(({ id }) => commandKey(id)))
  if (planned.cards.some((card) => isStale(card) && !changing.has(card.key)))
    throw new Error('settled with a card that does not show what it should')
  if (planned.cards.some((card) => changing.has(card.key) && !after.cards.includes(card)))
    throw new Error('settled with the card of a command that goes on')
  if (planned.outbox.length > 0 || planned.status.kind !== 'idle' || !planned.mirrored) throw new Error('settled too early')
}
