/**
 * Turns the raw event stream of one server into the product's events. It owns what must be remembered between events; `onEvent` of the
 * options is all that comes out.
 *
 * E1 Events of one session come out in the order in which they came in.
 * E2 An event carries the id of the root session. While the parents of a session are unknown, they are looked up, and its events wait.
 * E3 Events that had to be dropped are reported by `onMissed`, so that their session is read again.
 * E4 All memory is bounded.
 */
import { isAbortError } from '../../base/errors.ts'
import type { AgentError } from '../../ports/agent-error.ts'
import type { AgentEvent, AgentFailure, Toast } from '../../domain/agent.ts'
import type * as api from './api.ts'
import { BoundedMap } from './bounded-map.ts'
import { sessionOf, toastOf, translate } from './events.ts'
import { failureOf, messageOf } from './message.ts'
import { read } from './read.ts'
import type { Received } from './read.ts'
import { SessionTree } from './session-tree.ts'
import type { LookUpSession } from './session-tree.ts'
import { Watchers } from './watchers.ts'

export interface SessionEventsOptions {
  readonly onEvent: (event: AgentEvent) => void
  readonly lookUp: LookUpSession
  readonly onMissed: () => void
  /** A toast is about no session. */
  readonly onToast?: (toast: Toast) => void
}

const TITLES = 5_000
const USER_MESSAGES = 5_000
const AGENT_MESSAGES = 5_000
const WAITING_EVENTS = 1_000

export class SessionEvents {
  readonly #options: SessionEventsOptions
  readonly #tree: SessionTree
  readonly #titles = new BoundedMap<string>(TITLES)
  readonly #userMessages = new BoundedMap<true>(USER_MESSAGES)
  readonly #agentMessages = new BoundedMap<true>(AGENT_MESSAGES)
  readonly #userMessageWatchers = new Watchers<number>()
  readonly #failureWatchers = new Watchers<AgentFailure | undefined>()
  /** Raw payloads of sessions whose root is being looked up. */
  readonly #waiting = new Map<string, unknown[]>()

  constructor(options: SessionEventsOptions) {
    this.#options = options
    this.#tree = new SessionTree(options.lookUp)
  }

  /** Takes one event as it stands on `/global/event`. */
  receive(event: unknown): void {
    const { payload } = read<api.GlobalEvent>(event).fields
    const session = sessionOf(payload)
    if (session === undefined) {
      const toast = toastOf(payload)
      if (toast) this.#options.onToast?.(toast)
      return
    }
    this.#observe(session, payload)
    const queue = this.#waiting.get(session)
    if (queue) {
      if (queue.length <= WAITING_EVENTS) queue.push(payload)
    } else if (this.#tree.rootOf(session) === undefined) {
      void this.#holdBack(session, payload)
    } else {
      this.#emit(session, payload)
    }
  }

  /** From a session object, wherever it was read. */
  learn(session: Received<api.Session>): void {
    this.#tree.learn(session)
  }

  /** The root of any session; `undefined` when the session does not exist, an error when OpenCode cannot tell. */
  rootOf(session: string): Promise<string | undefined | AgentError> {
    return this.#tree.find(session)
  }

  /** Looks the session up ahead of its first event, so that this event does not wait. */
  prefetch(session: string): void {
    // A failure shows again when an event of the session needs the answer.
    this.#tree.find(session).catch(() => undefined)
  }

  /** Calls back with OpenCode's creation time each time this user message is announced; returns the cancel. */
  onUserMessage(id: string, callback: (created: number) => void): () => void {
    return this.#userMessageWatchers.add(id, callback)
  }

  /** Calls back each time this session reports an error, with what it is; returns the cancel. */
  onFailure(session: string, callback: (failure: AgentFailure | undefined) => void): () => void {
    return this.#failureWatchers.add(session, callback)
  }

  /** What is remembered, and who is called back, does not wait for the root of the session. */
  #observe(session: string, payload: unknown): void {
    const type = read<api.GlobalEvent['payload']>(payload).text('type')
    if (type === 'session.error') {
      const { properties } = read<api.EventOf<'session.error'>>(payload).fields
      return this.#failureWatchers.announce(
        session,
        failureOf(read<api.PropertiesOf<'session.error'>>(properties).object('error')),
      )
    }
    if (type === 'session.created' || type === 'session.updated') {
      return this.#tree.learn(read<api.EventOf<typeof type>>(payload).object('properties').object('info'))
    }
    if (type !== 'message.updated') return
    const message = messageOf(read<api.EventOf<typeof type>>(payload).object('properties').object('info'))
    if (message?.kind === 'assistant') this.#agentMessages.set(message.id, true)
    if (message?.kind !== 'user') return
    this.#userMessages.set(message.id, true)
    this.#userMessageWatchers.announce(message.id, message.created)
  }

  async #holdBack(session: string, payload: unknown): Promise<void> {
    const queue = [payload]
    this.#waiting.set(session, queue)
    const isFound = await this.#isFound(session)
    this.#waiting.delete(session)
    if (!isFound || queue.length > WAITING_EVENTS) return this.#options.onMissed()
    for (const waiting of queue) this.#emit(session, waiting)
  }

  /** False when OpenCode cannot tell. */
  async #isFound(session: string): Promise<boolean> {
    try {
      return !((await this.#tree.find(session)) instanceof Error)
    } catch (cause) {
      // Once the agent stops, nobody is to read the session again.
      return isAbortError(cause)
    }
  }

  #emit(session: string, payload: unknown): void {
    const root = this.#tree.rootOf(session)
    if (root === undefined) return
    const event = translate(payload, {
      root,
      isUserMessage: (id) => this.#userMessages.has(id),
      isAgentMessage: (id) => this.#agentMessages.has(id),
    })
    if (!event) return
    if (event.kind === 'title') {
      if (this.#titles.get(session) === event.title) return
      this.#titles.set(session, event.title)
    }
    this.#options.onEvent(event)
  }
}
