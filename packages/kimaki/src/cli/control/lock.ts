/**
 * The lock of a data folder, and what its holder answers. The lock is a port, because the system gives it back when a process dies; orders
 * come over the socket in the folder, because no other user can stand behind it or open it.
 *
 * L1. The socket is made with the port in hand, and is gone before the port is given back: so a holder never removes another one's.
 * L2. A socket that somebody serves is never replaced, whatever the port is: the folder is taken.
 * L3. Nothing is sent to the port but `GET /`: any user of the machine may have bound it.
 */
import { createHash } from 'node:crypto'
import { chmodSync, realpathSync, rmSync } from 'node:fs'
import { holdPort, serveControl, type ControlRoutes } from '../../app/control/server.ts'
import { callControl, lookAtPort } from './call.ts'
import { openSocketPath, socketIn, type SocketPath } from './socket.ts'

export interface Place {
  readonly dataDir: string
  /** The lock port. */
  readonly port: number
}

export interface Control {
  readonly port: number
  close(): Promise<void>
}

export const ANSWER_MS = 2000

/** Resolves with `undefined` when another process has the folder, and with the error of a disk that takes no socket. */
export async function takeControl({ dataDir, port }: Place, routes: ControlRoutes): Promise<Control | Error | undefined> {
  const held = await holdPort(port, holderOf(dataDir))
  if (!held) return undefined
  const served = await serveIn(dataDir, routes).catch((error: unknown) =>
    error instanceof Error ? error : new Error(String(error)),
  )
  if (!served || served instanceof Error) {
    await held.close()
    return served
  }
  let closed: Promise<void> | undefined
  // A second call must not remove the socket of a successor.
  const close = async (): Promise<void> => (closed ??= served.close().then(async () => held.close()))
  return { port: held.port, close }
}

/** Undefined when somebody serves it already. */
async function serveIn(dataDir: string, routes: ControlRoutes): Promise<Pick<Control, 'close'> | Error | undefined> {
  const there = await callControl({ dataDir, method: 'GET', path: '/status', timeoutMs: ANSWER_MS })
  if (there.kind !== 'nobody') return undefined
  const file = socketIn(dataDir)
  rmSync(file, { force: true })
  const socket = openSocketPath(dataDir)
  if (socket instanceof Error) return socket
  const listener = await serveControl(socket.path, routes)
  if (listener instanceof Error) return closedWith(socket, listener)
  chmodSync(file, 0o600)
  return {
    async close() {
      await listener.close()
      rmSync(file, { force: true })
      socket.release()
    },
  }
}

function closedWith(socket: SocketPath, error: Error): Error {
  socket.release()
  return error
}

/** `ours`: a process on this folder, or a kimaki of an older version, which cannot be asked whose it is. */
export type PortHolder = 'ours' | 'foreign' | 'unclear'

export async function portHolder({ dataDir, port }: Place, timeoutMs: number): Promise<PortHolder> {
  const answer = await lookAtPort(port, timeoutMs)
  if (answer.kind !== 'answer') return answer.kind === 'foreign' ? 'foreign' : 'unclear'
  const { kimaki, error } = (answer.body ?? {}) as { readonly kimaki?: unknown; readonly error?: unknown }
  if (kimaki === holderOf(dataDir)) return 'ours'
  return error === OLDER ? 'ours' : 'foreign'
}

/** What versions before the socket answer on their port to a call without their secret. */
const OLDER = 'the token is missing or wrong'

/** Tells two folders apart without naming them. */
const holderOf = (dataDir: string): string => createHash('sha256').update(realpathSync(dataDir)).digest('base64url').slice(0, 22)
