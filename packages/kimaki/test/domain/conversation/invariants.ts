/** The invariants that stand at the top of `state.ts`, over one step. */
import { voice } from '../../../src/domain/conversation/features/voice/voice.ts'
import { btw } from '../../../src/domain/conversation/features/btw.ts'
import { isWaiting, queue } from '../../../src/domain/conversation/features/queue.ts'
import { isRunning, shell, shellKey } from '../../../src/domain/conversation/features/shell.ts'
import { isStale } from '../../../src/domain/conversation/posts/post.ts'
import type { Conversation } from '../../../src/domain/conversation/state.ts'

/** `planned`: after the step and its posts; `after`: with the turn closed, if that is due. Throws what is wrong. */
export function checkInvariants(before: Conversation, planned: Conversation, after: Conversation): void {
  checkPrompts(before, planned)
  const questions = btw.of(planned)
  if (questions.filter(({ phase }) => phase.kind === 'forking').length > 1) throw new Error('two copies are made at once')
  for (const { id, phase } of btw.of(before)) {
    const isUnderWay = phase.kind !== 'asked' && phase.kind !== 'failed'
    if (isUnderWay && !questions.some((question) => question.id === id)) throw new Error(`${id} was forgotten`)
  }
  for (const { id } of queue.of(before).filter(isWaiting))
    if (!queue.of(planned).some((item) => item.id === id)) throw new Error(`the queued ${id} was forgotten`)
  for (const { id, phase } of shell.of(before)) {
    const now = shell.of(planned).find((command) => command.id === id)
    if (!now) throw new Error(`the command ${id} was forgotten`)
    if (phase.kind === 'ended' && now.phase !== phase) throw new Error(`the command ${id} had ended`)
  }
  for (const key of before.posts.posted) if (!planned.posts.posted.has(key)) throw new Error(`${key} was posted`)
  if (after !== planned) checkClosing(planned, after)
}

function checkPrompts(before: Conversation, planned: Conversation): void {
  const { prompts } = planned.turn
  const orders = prompts.map(({ order }) => order)
  if (orders.some((order, index) => index > 0 && order <= (orders[index - 1] ?? 0))) throw new Error('prompts out of order')
  if (prompts.filter(({ phase }) => phase.kind === 'sending').length > 1) throw new Error('two prompts are submitted at once')
  for (const old of before.turn.prompts) {
    const now = prompts.find(({ id }) => id === old.id)
    if (!now) throw new Error(`${old.id} was forgotten`)
    if (old.phase.kind === 'ended' && now.phase !== old.phase) throw new Error(`${old.id} had ended`)
  }
}

function checkClosing({ turn, posts, ...planned }: Conversation, after: Conversation): void {
  if (turn.prompts.some(({ phase }) => phase.kind !== 'ended')) throw new Error('closed with a live prompt')
  const running = shell.of(planned).filter(isRunning)
  if (running.some((command) => !shell.of(after).includes(command))) throw new Error('closed with a command that goes on')
  const waiting = queue.of(planned).filter(isWaiting)
  if (waiting.some((item) => !queue.of(after).includes(item))) throw new Error('closed with a message that waits')
  const spoken = voice.of(planned).filter(({ phase }) => phase.kind === 'new' || phase.kind === 'hearing')
  if (spoken.some((note) => !voice.of(after).includes(note))) throw new Error('closed with a voice message that is being heard')
  const changing = new Set(running.map(({ id }) => shellKey(id)))
  const outliving = new Set([
    ...changing,
    ...waiting.map(({ id }) => `queue/${id}`),
    ...(voice.outlives?.(voice.of(planned)) ?? []),
  ])
  if (posts.editable.some((post) => isStale(post) && !outliving.has(post.key)))
    throw new Error('closed with a post that does not show what it should')
  if (posts.editable.some((post) => changing.has(post.key) && !after.posts.editable.includes(post)))
    throw new Error('closed with the post of a command that goes on')
  if (posts.outbox.length > 0 || turn.status.kind !== 'idle' || !turn.isSynced) throw new Error('closed too early')
}
