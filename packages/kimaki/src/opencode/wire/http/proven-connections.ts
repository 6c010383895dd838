/**
 * Connections to one server, and to nobody else who has its port. A server that was proven to listen holds its port as long as it lives. So
 * a connection that was made before it was seen alive leads to it, and gets its first byte (the password is among the first) only then.
 *
 * P1 No connection is tried before the server is proven to listen.
 * P2 A connection is used only if the server lives after it was made.
 */
import { Agent } from 'node:http'
import type { AgentOptions, ClientRequestArgs } from 'node:http'
import { connect } from 'node:net'
import type { Socket, TcpNetConnectOpts } from 'node:net'
import type { Duplex } from 'node:stream'

/** The machine itself accepts connections, within microseconds unless hundreds wait already for a server that stands still. */
const CONNECT_MS = 2_000

export interface Listener {
  /** It was proven to listen on its port. */
  isProven(): boolean
  isAlive(): boolean
}

export class ProvenConnections extends Agent {
  readonly #listener: Listener
  readonly #connecting = new Set<Socket>()

  constructor(listener: Listener, options: AgentOptions = {}) {
    super(options)
    this.#listener = listener
  }

  override createConnection(options: ClientRequestArgs, done?: (error: Error | null, socket: Duplex) => void): undefined {
    const refuse = (error: Error): void => done?.(error, undefined as never)
    // Told later, as by a real connection.
    if (!this.#listener.isProven()) return void setImmediate(refuse, new Error('it is not known yet who listens on its port'))
    const socket = connect(options as TcpNetConnectOpts)
    this.#connecting.add(socket)
    const timer = setTimeout(() => socket.destroy(new Error('the server takes no connection')), CONNECT_MS)
    const onError = (error: Error): void => {
      clearTimeout(timer)
      this.#connecting.delete(socket)
      refuse(error)
    }
    socket.once('error', onError)
    socket.once('connect', () => {
      if (!this.#listener.isAlive())
        return void socket.destroy(new Error('its process has ended, and somebody else may have its port'))
      clearTimeout(timer)
      socket.off('error', onError)
      this.#connecting.delete(socket)
      done?.(null, socket)
    })
  }

  override destroy(): void {
    super.destroy()
    this.destroyConnecting()
  }

  /** What is open goes on. */
  destroyConnecting(): void {
    for (const socket of this.#connecting) socket.destroy(new Error('the server has ended'))
  }
}
