/**
 * The thread of a conversation that no message in the channel opened, and its inbox row: from there on it is a conversation like any other.
 *
 * B1. The row names the thread: a retry asks for the row first, and goes on from there.
 * B2. Without the row, a thread of ours with the wanted name, or the neutral one, that is newer than the request, and in which no conversation has begun, is the
 *     thread an earlier attempt has left.
 *     A request that stands in a message has the thread of that message.
 * B3. Conversations are begun one at a time in a channel: two requests of the same words must not find the same thread.
 */
import { ChatGone, ChatUnknown } from '../../base/errors.ts'
import type { BeginConversation, ConversationBegun } from '../../domain/conversation/begin.ts'
import { UNNAMED } from '../../domain/naming.ts'
import type { ChatError } from '../../ports/chat.ts'
import type { Acceptance, ConversationPlace } from '../../ports/store.ts'
import { defineEffect, type EffectDeps } from './definition.ts'
import { refusedThreadText, THREAD_ATTEMPTS } from './open-thread.ts'

export const beginConversation = defineEffect<BeginConversation, ConversationBegun>({
  kind: 'begin-conversation',
  afterCrash: { by: 'probe', why: 'the inbox row names the thread; before it, a thread of ours of that name is looked for' },
  proof: {
    points: [
      'begin-thread-before',
      'begin-thread-after',
      'begin-accept-before-commit',
      'begin-accept-after-commit',
      'begin-outcome-before-commit',
    ],
  },
  run: async (deps, effect, { isRetry }) => deps.beginning.run(effect.channelId, async () => begin(deps, effect, isRetry)),
})

async function begin(deps: EffectDeps, effect: BeginConversation, isRetry: boolean): Promise<ConversationBegun> {
  const accepted = await acceptedIn(deps, effect.requestKey)
  const thread = accepted === undefined ? await findOrStart(deps, effect, isRetry) : accepted
  if (typeof thread !== 'string') return thread
  const { session } = effect.begins
  const left = session && accepted === undefined ? await ownerOf(deps, session.id) : undefined
  if (session) deps.bind(session.id, thread)
  if (accepted === undefined) await accept(deps, effect, { thread, left })
  if (effect.userId !== undefined) deps.chat.cosmetic.addMember(thread, effect.userId)
  return { kind: 'begun', threadId: thread }
}

/** The conversation that a request was accepted in; undefined: it was not. */
export const acceptedIn = ({ store, ...deps }: EffectDeps, requestKey: string): Promise<string | undefined> =>
  untilRead(deps, () => store.conversationOfRequest(requestKey))

const ownerOf = ({ store, ...deps }: EffectDeps, session: string): Promise<string | undefined> =>
  untilRead(deps, () => store.conversationOfSession(session))

/** Asked until the database answers. */
async function untilRead(
  { retry, log }: Pick<EffectDeps, 'retry' | 'log'>,
  read: () => Promise<string | undefined>,
): Promise<string | undefined> {
  const { id } = await retry.until(async () => {
    try {
      return { id: await read() }
    } catch (error) {
      log.error('the database cannot be read', { error: String(error) })
      return undefined
    }
  })
  return id
}

async function accept(
  { commits, clock, accept: handOn }: EffectDeps,
  { requestKey: key, message, begins, guildId, channelId, directory }: BeginConversation,
  { thread: id, left }: { readonly thread: string; readonly left: string | undefined },
): Promise<void> {
  const place = { guildId, channelId, directory, inThread: true }
  const at = clock.now()
  const kind = begins.goesOn || begins.isEmpty ? 'goes-on' : 'message'
  const rows = await commits.commit({
    accept: [
      { key, request: { kind, message, begins }, conversation: { ...place, id }, at },
      ...(left === undefined || left === id ? [] : [movedFrom(left, { key, begins, place, at, to: id })]),
    ],
    cursors: [{ channelId: id, messageId: id }],
  })
  for (const row of rows) handOn(row)
}

/** The thread that had the session until now learns that it is another one's. */
function movedFrom(
  id: string,
  {
    key,
    begins,
    place,
    at,
    to,
  }: Pick<BeginConversation, 'begins'> & { key: string; at: number; to: string } & {
    place: Omit<ConversationPlace, 'id'>
  },
): Acceptance {
  const request = { kind: 'session-moved', session: begins.session?.id ?? '', to } as const
  return { key: `moved:${key}`, request, conversation: { ...place, id }, at }
}

/** The id of the thread. */
async function findOrStart(
  deps: EffectDeps,
  effect: BeginConversation,
  isRetry: boolean,
): Promise<string | Extract<ConversationBegun, { kind: 'failed' }>> {
  const { chat, retry, log } = deps
  return retry.until(async (failures) => {
    const found = isRetry || failures > 0 ? await find(deps, effect) : undefined
    const started = found ?? (await start(chat, effect))
    if (typeof started === 'string') return started
    if (!(started instanceof Error)) return started.threadId
    if (!(started instanceof ChatUnknown) || failures + 1 >= THREAD_ATTEMPTS)
      return { kind: 'failed' as const, text: refusedThreadText(started) }
    log.warn('the thread of a new conversation could not be opened yet', { request: effect.id, reason: started.reason })
    return undefined
  })
}

/** A message that was deleted meanwhile has been accepted. */
async function start(
  chat: EffectDeps['chat'],
  { channelId, begins: { from, name } }: BeginConversation,
): Promise<{ readonly threadId: string } | ChatError> {
  const opened = from === undefined ? undefined : await chat.openThread(channelId, from, name)
  return opened === undefined || opened instanceof ChatGone ? chat.startThread(channelId, name) : opened
}

async function find(
  { chat, store }: EffectDeps,
  { channelId, afterId, begins }: BeginConversation,
): Promise<string | ChatError | undefined> {
  const threads = await chat.ownThreadsAfter(channelId, afterId)
  if (threads instanceof Error) return threads
  for (const { id, name } of threads) {
    const isWanted = name === begins.name || name === UNNAMED
    if (isWanted && !(await store.hasConversation(id))) return id
  }
  return undefined
}
