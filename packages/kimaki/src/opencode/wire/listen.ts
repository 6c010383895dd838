/**
 * From the raw stream of one server to our events: in the order of each session, under the root session's id. A session
 * that was born before we listened is looked up first; its events wait meanwhile. All memory is bounded.
 */
import type { AgentEvent } from '../../domain/conversation/agent.ts'
import { sessionOf, translate } from './events.ts'
import { record, text } from './json.ts'
import type { Json } from './json.ts'
import { messageOf } from './message.ts'

export interface Listening {
  /** One event as it stands on `/global/event`. */
  hear(event: unknown): void
  /** From a session object, wherever it was read. */
  learn(session: unknown): void
  /** The root of a known session. */
  rootOf(session: string): string | undefined
  /** The root of any session, looked up where it is not known; `undefined` when there is none. */
  find(session: string): Promise<string | undefined | Error>
  /** Calls back with OpenCode's creation time each time this user message is announced; returns the cancel. */
  onUserMessage(id: string, callback: (created: number) => void): () => void
  /** Calls back each time this session tells an error; returns the cancel. */
  onFailure(session: string, callback: () => void): () => void
}

export interface ListenOptions {
  readonly tell: (event: AgentEvent) => void
  /** `GET /session/{id}`: the session object; `undefined` when there is none; an Error when it cannot be told. */
  readonly lookUp: (session: string) => Promise<Json | undefined | Error>
  /** Events of a session had to be dropped: it must be read again. */
  readonly missed: () => void
}

const SESSIONS = 5_000
const USER_MESSAGES = 5_000
const WAITING_EVENTS = 1_000
const GENERATIONS = 10

export function createListening({ tell, lookUp, missed }: ListenOptions): Listening {
  const parents = new Map<string, string | undefined>()
  const titles = new Map<string, string>()
  const users = new Map<string, true>()
  /** By the id of a user message, or of a session. */
  const watchers = new Map<string, Set<(created: number) => void>>()
  const waiting = new Map<string, Json[]>()

  function rootOf(session: string): string | undefined {
    let at = session
    for (let steps = 0; steps < GENERATIONS && parents.has(at); steps += 1) {
      const parent = parents.get(at)
      if (parent === undefined) return at
      at = parent
    }
    return undefined
  }

  function learn(value: unknown): void {
    const { id, parentID } = record(value)
    if (typeof id === 'string') remember(parents, id, text(parentID), SESSIONS)
  }

  function hear(event: unknown): void {
    const payload = record(record(event)['payload'])
    const session = sessionOf(payload)
    if (session === undefined) return
    const { info } = record(payload['properties'])
    if (payload['type'] === 'message.updated') noteUser(info)
    else if (payload['type'] === 'session.error') call(session, 0)
    else if (payload['type'] === 'session.created' || payload['type'] === 'session.updated') learn(info)

    const queue = waiting.get(session)
    if (queue) {
      if (queue.length <= WAITING_EVENTS) queue.push(payload)
    } else if (rootOf(session) === undefined) void hold(session, payload)
    else pass(session, payload)
  }

  function noteUser(info: unknown): void {
    const message = messageOf(info)
    if (message?.kind !== 'user') return
    remember(users, message.id, true, USER_MESSAGES)
    call(message.id, message.created)
  }

  function call(id: string, created: number): void {
    for (const callback of watchers.get(id) ?? []) callback(created)
  }

  async function hold(session: string, payload: Json): Promise<void> {
    const queue = [payload]
    waiting.set(session, queue)
    const found = await find(session)
    waiting.delete(session)
    if (found instanceof Error || queue.length > WAITING_EVENTS) return missed()
    for (const waited of queue) pass(session, waited)
  }

  async function find(session: string): Promise<string | undefined | Error> {
    let at = session
    for (let steps = 0; steps < GENERATIONS && rootOf(session) === undefined; steps += 1) {
      const found = await lookUp(at)
      if (found instanceof Error || found === undefined) return found
      learn(found)
      at = parents.get(at) ?? at
    }
    return rootOf(session)
  }

  function pass(session: string, payload: Json): void {
    const root = rootOf(session)
    if (root === undefined) return
    const event = translate(payload, { root, isUserMessage: (id) => users.has(id) })
    if (!event) return
    if (event.kind === 'title') {
      if (titles.get(session) === event.title) return
      remember(titles, session, event.title, SESSIONS)
    }
    tell(event)
  }

  function watch(id: string, callback: (created: number) => void): () => void {
    const callbacks = watchers.get(id) ?? new Set()
    watchers.set(id, callbacks.add(callback))
    return () => {
      callbacks.delete(callback)
      if (callbacks.size === 0) watchers.delete(id)
    }
  }

  return { hear, learn, rootOf, find, onUserMessage: watch, onFailure: watch }
}

/** Sets the newest entry; beyond `most` the oldest goes. */
function remember<Value>(map: Map<string, Value>, key: string, value: Value, most: number): void {
  map.delete(key)
  map.set(key, value)
  for (const oldest of map.keys()) {
    if (map.size <= most) return
    map.delete(oldest)
  }
}
