/**
 * Converts rows of the first shape into the shape they have now. Before features had slices of their own, a conversation was one flat
 * record, a queued message a prompt in the phase `queued`, and an effect had no owner. Run once, by the migration of the file
 * (`migrate.ts`).
 */
import { blockKey } from '../domain/conversation/posts/block-key.ts'

type Json = Readonly<Record<string, unknown>>

const record = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {})
const list = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.map(record) : [])

/** A message had its author in four fields. */
function upcastMessage(value: unknown): Json {
  const { authorId, authorName, authorIsBot: _isBot, roleIds: _roles, ...message } = record(value)
  if (authorId === undefined) return record(value)
  return { ...message, author: { kind: 'person', id: authorId, name: authorName ?? '' } }
}

export function upcastRequest(value: unknown): Json {
  const { aside, ...request } = record(value)
  // Rows of the very first version hold the bare message.
  if (request['kind'] === undefined) return { kind: 'message', message: upcastMessage(value) }
  return {
    ...request,
    ...(request['message'] !== undefined && { message: upcastMessage(request['message']) }),
    ...(aside !== undefined && { begins: upcastBeginning(aside) }),
  }
}

/** `{ from, parent, fork: { session, upTo, as }, name }` */
function upcastBeginning(value: unknown): Json {
  const { from, parent, fork, name } = record(value)
  const { session: id, upTo, as: answeredBy } = record(fork)
  return { name, session: { id, upTo, answeredBy }, copyOf: { threadId: from, session: parent } }
}

export function upcastPromptBody(value: unknown): Json {
  const { aside, message, ...body } = record(value)
  return { ...body, message: upcastMessage(message), ...(aside !== undefined && { begins: upcastBeginning(aside) }) }
}

/** `queued`: of a conversation whose cache cannot be read, so that there is no queue to move it to. */
const PHASES: Readonly<Record<string, string>> = { handing: 'sending', seen: 'delivered', cut: 'resend', queued: 'waiting' }
const REASONS: Readonly<Record<string, string>> = { runaway: 'empty-loop', overfull: 'context-overflow', silent: 'stalled' }

export function upcastPhase(value: unknown): Json {
  const phase = record(value)
  const kind = String(phase['kind'])
  const end = record(phase['end'])
  const reason = record(end['reason'])
  const renamed = REASONS[String(reason['kind'])]
  // The person who took it out of the queue knows.
  if (end['kind'] === 'removed') return { kind, end: { kind: 'stopped' } }
  return {
    ...phase,
    kind: PHASES[kind] ?? kind,
    ...(renamed !== undefined && { end: { ...end, reason: { ...reason, kind: renamed } } }),
  }
}

const OWNERS: Readonly<Record<string, string>> = { fork: 'btw', 'open-aside': 'btw', 'reject-ask': 'asks', shell: 'shell' }

export function upcastEffect(value: unknown): Json {
  if (record(value)['owner'] !== undefined) return record(value)
  const { authorId, message, takeOut, behind, followed, as, ...effect } = record(value)
  const kind = String(effect['kind'])
  const moved = {
    ...effect,
    owner: OWNERS[kind] ?? 'run',
    ...(message !== undefined && { message: upcastMessage(message) }),
    ...(authorId !== undefined && { userId: authorId }),
  }
  if (kind === 'open-aside') return upcastOpenAside(moved)
  if (kind !== 'prompt') return moved
  return {
    ...moved,
    waited: effect['waited'] === true,
    after: behind ?? [],
    ...(takeOut !== undefined && { removeFirst: takeOut }),
    ...(followed !== undefined && { noReply: followed }),
    ...(as !== undefined && { answeredBy: as }),
  }
}

function upcastOpenAside({ promptId: id, aside, ...effect }: Json): Json {
  const message = record(effect['message'])
  const author = record(message['author'])
  return {
    ...effect,
    kind: 'begin-conversation',
    id,
    requestKey: `btw:${String(message['id'])}`,
    afterId: message['id'],
    begins: upcastBeginning(aside),
    userId: author['id'],
  }
}

/** A prompt that stood in the queue, or was taken out of it in the open turn. */
export interface QueuedRow {
  readonly id: string
  readonly order: number
  readonly body: Json
  readonly phase: Json
}

export const isQueueRow = (phase: Json): boolean =>
  phase['kind'] === 'queued' || (phase['kind'] === 'ended' && record(phase['end'])['kind'] === 'removed')

/** The cache of a conversation; `posted`: keys of the blocks that have a post in the open turn. */
export function upcastCache(value: unknown, queued: readonly QueuedRow[], posted: ReadonlySet<string>): Json {
  const { verbosity, thread, session, settledAt, title, ...old } = record(value)
  const { synced, theirs } = record(title)
  const slices: Readonly<Record<string, unknown>> = {
    asks: list(old['asks']),
    btw: list(old['asides']).map((aside) => ({ ...aside, message: upcastMessage(aside['message']) })),
    flush: record(old['sealed']),
    interrupts: list(old['interrupts']),
    'late-edits': list(old['late']),
    queue: queued
      .map((row) => queueItem(row))
      .filter(({ id, phase }) => phase.kind === 'waiting' || posted.has(blockKey('queue', id))),
    retry: old['retries'],
    shell: list(old['commands']).map(shellCommand),
    title: { given: synced, isTheirs: theirs ?? false },
  }
  const features = Object.entries(slices).filter(([, slice]) => slice !== undefined)
  return {
    verbosity,
    thread,
    session,
    closedUpTo: settledAt ?? 0,
    features: Object.fromEntries(features.map(([name, slice]) => [name, { version: 1, slice }])),
  }
}

function queueItem({ id, order, body, phase }: QueuedRow) {
  const { by } = record(phase['end'])
  return {
    id,
    order,
    message: upcastMessage(body['message']),
    acceptedAt: body['acceptedAt'],
    phase: phase['kind'] === 'queued' ? { kind: 'waiting' } : { kind: 'removed', by },
  }
}

function shellCommand({ said, message, ...command }: Json): Json {
  const { id, titleText, author } = upcastMessage(message)
  return { ...command, output: said ?? '', message: { id, titleText, author } }
}
