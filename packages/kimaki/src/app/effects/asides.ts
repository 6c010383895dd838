/**
 * The thread for a question aside, and its inbox row: from there on it is a conversation like any other.
 *
 * The row names the thread, so it is asked first whether it is there. Else a thread of ours with that name which was opened after the
 * question, and in which nothing has begun, is the one an earlier try has left. One at a time in a channel: two questions of the same
 * words must not find the same thread.
 */
import type { Effect } from '../../domain/conversation/effect.ts'
import type { ChatPort } from '../../ports/chat.ts'
import type { Clock } from '../../base/clock.ts'
import type { Log } from '../../ports/host.ts'
import type { InboxRow, StorePort } from '../../ports/store.ts'
import { threadFailedText } from '../../view/text/notice.ts'
import type { Durable } from '../commit-queue.ts'
import { THREAD_TRIES, type Ended } from './effect-runner.ts'
import type { Retrying } from '../retry.ts'

type OpenAside = Extract<Effect, { kind: 'open-aside' }>

interface Parts {
  readonly chat: Pick<ChatPort, 'startThread' | 'ownThreadsAfter' | 'cosmetic'>
  readonly store: Pick<StorePort, 'acceptedIn' | 'knows'>
  readonly durable: Durable
  readonly clock: Clock
  readonly log: Log
  readonly retry: Retrying
  readonly accept: (row: InboxRow) => void
  readonly bind: (session: string, conversation: string) => void
}

export function createAsides(parts: Parts): (effect: OpenAside, again: boolean) => Promise<Ended> {
  const lines = new Map<string, Promise<unknown>>()
  return async (effect, again) => {
    const { channelId } = effect
    const turn = (lines.get(channelId) ?? Promise.resolve()).then(async () => open(parts, effect, again))
    const settled = turn.catch(() => undefined).finally(() => lines.get(channelId) === settled && lines.delete(channelId))
    lines.set(channelId, settled)
    return turn
  }
}

async function open(parts: Parts, effect: OpenAside, again: boolean): Promise<Ended> {
  const { retry, store, log, chat, bind } = parts
  const key = `btw:${effect.message.id}`
  const accepted = await retry.until(async () => {
    try {
      return { threadId: await store.acceptedIn(key) }
    } catch (error) {
      log.error('the database cannot be read', { error: String(error) })
      return undefined
    }
  })
  if (accepted === 'stopped') return accepted
  const thread: Ended =
    accepted.threadId === undefined
      ? await findOrStart(parts, effect, again)
      : { kind: 'thread-opened', threadId: accepted.threadId }
  if (thread === 'stopped' || thread.kind !== 'thread-opened') return thread
  const { threadId } = thread
  bind(effect.aside.fork.session, threadId)
  if (accepted.threadId === undefined && !(await begin(parts, effect, key, threadId))) return 'stopped'
  chat.cosmetic.addMember(threadId, effect.message.authorId)
  return thread
}

/** False when the bot stops before it is on record. */
async function begin(
  { durable, clock, accept }: Parts,
  { message, aside, guildId, channelId, directory }: OpenAside,
  key: string,
  id: string,
): Promise<boolean> {
  const rows = await durable.commit({
    accept: [
      {
        key,
        asked: { kind: 'message', message, aside },
        conversation: { id, guildId, channelId, directory, inThread: true },
        at: clock.now(),
      },
    ],
    cursors: [{ channelId: id, messageId: id }],
  })
  for (const row of rows ?? []) accept(row)
  return rows !== undefined
}

async function findOrStart(parts: Parts, effect: OpenAside, again: boolean): Promise<Ended> {
  const { chat, retry, log } = parts
  const { channelId, aside, message } = effect
  return retry.until(async (tries): Promise<Ended | undefined> => {
    const found = again || tries > 0 ? await find(parts, effect) : ({ ok: true, value: undefined } as const)
    const started = found.ok && found.value === undefined ? await chat.startThread(channelId, aside.name) : found
    if (started.ok) return started.value && { kind: 'thread-opened', ...started.value }
    const { failure } = started
    if (failure.kind === 'stopped') return 'stopped'
    if (failure.kind !== 'unknown' || tries + 1 >= THREAD_TRIES)
      return { kind: 'failed', text: threadFailedText(failure.message, 'code' in failure ? failure.code : undefined) }
    log.warn('the thread for a question aside could not be opened yet', { message: message.id, reason: failure.message })
    return undefined
  })
}

async function find({ chat, store }: Parts, { channelId, message, aside }: OpenAside) {
  const threads = await chat.ownThreadsAfter(channelId, message.id)
  if (!threads.ok) return threads
  for (const { id, name } of threads.value)
    if (name === aside.name && !(await store.knows(id))) return { ok: true, value: { threadId: id } } as const
  return { ok: true, value: undefined } as const
}
