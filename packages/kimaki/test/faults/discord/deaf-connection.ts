/** A gateway connection that never asks whether its heartbeats are answered: it takes a dead line for a quiet one. */
import {
  GatewayDispatchEvents,
  GatewayOpcodes,
  type GatewayDispatchPayload,
  type GatewayReceivePayload,
} from 'discord-api-types/v10'
import { readDispatch } from '../../../src/discord/wire/dispatch.ts'
import type { Connection, ConnectionOptions } from '../../../src/discord/gateway/connection.ts'

const INTENTS = (1 << 0) | (1 << 9) | (1 << 15)

export function openDeafConnection({ url, token, resume, onHello, onDispatch, onEnd }: ConnectionOptions): Connection {
  const socket = new WebSocket(`${url}/?v=10&encoding=json`)
  let session = resume
  let sequence = resume?.sequence ?? null
  let beat: NodeJS.Timeout | undefined
  const send = (op: GatewayOpcodes, d: unknown): void => socket.send(JSON.stringify({ op, d }))

  function hear(dispatch: GatewayDispatchPayload): void {
    sequence = dispatch.s
    if (dispatch.t === GatewayDispatchEvents.Ready)
      session = { sessionId: dispatch.d.session_id, resumeUrl: dispatch.d.resume_gateway_url, sequence: dispatch.s }
    if (session) onDispatch(readDispatch(dispatch.t, dispatch.d), { ...session, sequence: dispatch.s })
  }

  socket.addEventListener('message', ({ data }) => {
    const payload = JSON.parse(String(data)) as GatewayReceivePayload
    if (payload.op === GatewayOpcodes.Dispatch) return hear(payload)
    if (payload.op !== GatewayOpcodes.Hello) return
    onHello()
    beat = setInterval(() => send(GatewayOpcodes.Heartbeat, sequence), payload.d.heartbeat_interval)
    if (resume) send(GatewayOpcodes.Resume, { token, session_id: resume.sessionId, seq: resume.sequence })
    else send(GatewayOpcodes.Identify, { token, intents: INTENTS, properties: { os: 'linux', browser: 'x', device: 'x' } })
  })
  socket.addEventListener('close', ({ code }) => {
    clearInterval(beat)
    onEnd({ code, reason: `closed with ${code}`, resumable: true })
  })
  return {
    async end() {
      clearInterval(beat)
      socket.close(4200)
    },
  }
}
