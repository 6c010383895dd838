/**
 * Who is connected, and how a client comes to be: IDENTIFY begins a log anew, RESUME goes on where the client was, whichever of the two
 * sides was away meanwhile.
 *
 * S1. A client has one socket at most: the newest. The one before is told that it was replaced.
 * S2. Between what a RESUME replays and what is live nothing is lost: both happen in one turn of the event loop.
 */
import { GatewayOpcodes as Op } from 'discord-api-types/v10'
import { CLOSE } from 'kimaki-protocol'
import { NoAnswer, StoreAway } from '../base/errors.ts'
import type { Log } from '../base/log.ts'
import type { Metrics } from '../base/metrics.ts'
import { fieldsOf, textOf, type Fields } from '../base/shape.ts'
import type { Client, Delivery, Dispatch, Store } from '../ports/store.ts'
import { authenticate } from '../rest/authenticate.ts'
import type { ClientSocket, SocketEvents } from './client-socket.ts'
import { MemberRequests } from './member-requests.ts'

const REQUEST_MEMBERS: number = Op.RequestGuildMembers

export interface SessionsOptions {
  readonly store: Store
  readonly log: Log
  readonly metrics: Metrics
  readonly applicationId: string
  readonly socketUrl: string
  readonly user: () => Promise<Fields | NoAnswer>
  /** To Discord. */
  readonly send: (op: number, data: Fields) => void
}

export class Sessions implements SocketEvents {
  readonly #options: SessionsOptions
  readonly #live = new Map<string, ClientSocket>()
  readonly #requests = new MemberRequests()

  constructor(options: SessionsOptions) {
    this.#options = options
  }

  readonly isConnected = (clientId: string): boolean => this.#live.has(clientId)

  readonly deliver = (deliveries: readonly Delivery[]): void => {
    for (const delivery of deliveries) {
      const socket = this.#live.get(delivery.clientId)
      if (socket === undefined) continue
      socket.deliver(delivery)
      this.#options.metrics.add('gateway_deliveries_total')
    }
  }

  /** An answer to what one client asked: it goes to that client alone. */
  readonly answered = (dispatch: Dispatch): boolean => {
    if (dispatch.name !== 'GUILD_MEMBERS_CHUNK') return false
    const asked = this.#requests.answer(dispatch.data)
    const socket = asked && this.#live.get(asked.clientId)
    if (!asked || !socket) return true
    const s = this.#options.store.events.nextS(asked.clientId)
    if (!(s instanceof StoreAway)) socket.dispatch(dispatch.name, s, asked.data)
    return true
  }

  readonly gap = (): void => {
    for (const [clientId, socket] of this.#live) {
      this.#live.delete(clientId)
      socket.invalidate()
    }
    this.#count()
  }

  readonly lost = (clientId: string): void => {
    this.#live.get(clientId)?.close(CLOSE.guildsChanged)
    this.#live.delete(clientId)
    this.#count()
  }

  identify(socket: ClientSocket, data: Fields): void {
    void this.#identify(socket, data)
  }

  async #identify(socket: ClientSocket, data: Fields): Promise<void> {
    const { store, applicationId, socketUrl, user: findUser } = this.#options
    const user = await findUser()
    const client = this.#authenticate(socket, data)
    if (client === undefined) return
    if (user instanceof NoAnswer) return socket.close(CLOSE.tryAgain)
    const started = store.events.start(client.id)
    if (started instanceof StoreAway) return socket.close(CLOSE.tryAgain)
    this.#connect(socket, client.id)
    socket.dispatch('READY', started.s, {
      v: 10,
      user,
      guilds: started.guildIds.map((id) => ({ id, unavailable: true })),
      session_id: started.sessionId,
      resume_gateway_url: socketUrl,
      shard: [0, 1],
      application: { id: applicationId, flags: 0 },
    })
    for (const delivery of started.deliveries) socket.deliver(delivery)
  }

  resume(socket: ClientSocket, data: Fields): void {
    const { store } = this.#options
    const client = this.#authenticate(socket, data)
    if (client === undefined) return
    const session = store.events.session(client.id)
    if (session instanceof StoreAway) return socket.close(CLOSE.tryAgain)
    const seq = typeof data.seq === 'number' ? data.seq : -1
    const isGood = session !== undefined && session.sessionId === data.session_id && seq >= session.cutS && seq <= session.lastS
    if (!isGood) return socket.invalidate()
    const missed = store.events.after(client.id, seq)
    const s = store.events.nextS(client.id)
    if (missed instanceof StoreAway || s instanceof StoreAway) return socket.close(CLOSE.tryAgain)
    this.#connect(socket, client.id)
    for (const delivery of missed) socket.deliver(delivery)
    socket.dispatch('RESUMED', s, {})
  }

  ask(socket: ClientSocket, op: number, data: Fields): void {
    const { store, send, metrics } = this.#options
    const clientId = socket.clientId ?? ''
    const own = store.clients.guildsOf(clientId)
    if (own instanceof StoreAway) return socket.close(CLOSE.tryAgain)
    if (!own.includes(textOf(data.guild_id))) return this.refused(socket, op)
    metrics.add('gateway_requests_total', 'passed')
    send(op, op === REQUEST_MEMBERS ? this.#requests.ask(clientId, data) : data)
  }

  refused(socket: ClientSocket, op: number): void {
    this.#options.metrics.add('gateway_refused_frames_total')
    this.#options.log.info('a frame was not passed on', { client: socket.clientId, op })
  }

  closed(socket: ClientSocket): void {
    for (const [clientId, live] of this.#live) if (live === socket) this.#live.delete(clientId)
    this.#count()
  }

  /** Closes the socket where nobody is to be found. */
  #authenticate(socket: ClientSocket, data: Fields): Client | undefined {
    const client = authenticate(this.#options.store.clients, textOf(fieldsOf(data).token))
    if (client instanceof StoreAway) socket.close(CLOSE.tryAgain)
    else if (client === 'unauthorized') socket.close(CLOSE.unknownClient)
    else return client
    return undefined
  }

  #connect(socket: ClientSocket, clientId: string): void {
    const before = this.#live.get(clientId)
    socket.clientId = clientId
    this.#live.set(clientId, socket)
    if (before !== undefined && before !== socket) before.close(CLOSE.replaced)
    this.#count()
  }

  #count(): void {
    this.#options.metrics.set('gateway_clients_connected', this.#live.size)
  }
}
