/**
 * Acknowledges a slash command to Discord and records that as its receipt. Discord is told that the command arrived, the receipt goes on
 * record, and only then the command may reach its conversation. A process that ends in between leaves a row without a receipt; the next
 * one carries it out no more, because nobody knows whether the person was told that it works on it.
 */
import type { Clock } from '../../base/clock.ts'
import { ChatRefused, ChatUnknown } from '../../base/errors.ts'
import { withDeadline } from '../../base/sleep.ts'
import type { ChatError, ChatPort } from '../../ports/chat.ts'
import type { Log } from '../../ports/host.ts'
import type { InboxRow } from '../../ports/store.ts'
import type { CommitQueue } from '../commit-queue.ts'
import type { Answer } from './acceptances.ts'

/** Discord takes no acknowledgement later than that (Discord docs: Receiving and Responding). */
const DISCORD_WAITS_MS = 3000
/** Interaction has already been acknowledged (Discord docs: JSON Error Codes). */
const ALREADY_ACKNOWLEDGED = 40_060

interface ReceiptDeps {
  readonly chat: Pick<ChatPort, 'defer'>
  readonly commits: Pick<CommitQueue, 'commit'>
  readonly clock: Clock
  readonly log: Log
  /** The bot stops. */
  readonly signal: AbortSignal
}

type Defer = Extract<Answer, { kind: 'defer' }>

/** The row with its receipt, which is on record; undefined when the command is not to be carried out, and done. */
export async function obtainReceipt(row: InboxRow, answer: Defer, deps: ReceiptDeps): Promise<InboxRow | undefined> {
  const { commits, clock, log, signal } = deps
  const taken = await withDeadline(deferTwice(answer, deps), DISCORD_WAITS_MS, signal, clock)
  if (taken !== true) {
    const reason = taken?.message ?? `no answer in ${DISCORD_WAITS_MS} ms`
    log.warn('Discord did not take the acknowledgement of a command: it is not run', { order: row.order, reason })
    await commits.commit({ done: [row.order] })
    return undefined
  }
  const at = clock.now()
  await commits.commit({ receipts: [{ order: row.order, at }] })
  return { ...row, receipt: at }
}

/** Without an answer Discord is told once more. It may have taken the first: the second is refused then, which is as good. */
async function deferTwice({ interaction, visibility }: Defer, { chat }: ReceiptDeps): Promise<true | ChatError> {
  const first = await chat.defer(interaction, visibility)
  if (!(first instanceof ChatUnknown)) return first ?? true
  const second = await chat.defer(interaction, visibility)
  if (second instanceof ChatRefused && second.code === ALREADY_ACKNOWLEDGED) return true
  return second ?? true
}
