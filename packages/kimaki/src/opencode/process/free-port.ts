/** A port of 127.0.0.1 that nobody listens on. */
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { AgentUnavailable } from '../../base/errors.ts'

/**
 * Below the range from which systems take the ports of outgoing connections (Linux 32768, macOS 49152): in the second before OpenCode
 * listens, an outgoing connection could take the port, even our own request to the still closed port.
 */
const FIRST = 20_000
const END = 32_000
const TRIES = 100

/** Gives up after a hundred taken ports, and at once when no port can be tried (no file descriptor is left, no loopback). */
export async function freePort(probe: (port: number) => Promise<Probe> = probePort): Promise<number | AgentUnavailable> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const port = randomInt(FIRST, END)
    const found = await probe(port)
    if (found === 'free') return port
    if (found !== 'taken')
      return new AgentUnavailable({ reason: `OpenCode was not started: no port of 127.0.0.1 can be opened (${found})` })
  }
  return new AgentUnavailable({
    reason: `OpenCode was not started: ${TRIES} ports between ${FIRST} and ${END} of 127.0.0.1 were tried, and all are taken. See which program holds them (ss -ltnp)`,
  })
}

/** Or the system's code for why it could not be tried. */
export type Probe = 'free' | 'taken' | (string & {})

async function probePort(port: number): Promise<Probe> {
  const server = createServer()
  try {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    return code === 'EADDRINUSE' || code === 'EACCES' ? 'taken' : (code ?? String(cause))
  }
  server.close()
  await once(server, 'close')
  return 'free'
}
