/**
 * Events as server-sent events: `data:` lines alone, no ids, no replay. The first says that the stream is open, a heartbeat
 * comes every 10 s. A reader that does not read is never dropped.
 */
import type { ServerResponse } from 'node:http'
import { newId } from '../base/ids.ts'
import type { Bus, Payload, Place } from './bus.ts'

const HEARTBEAT_MS = 10_000

/** `directory`: only that folder's (`GET /event`), without the envelope; `undefined`: everything (`GET /global/event`). */
export function streamEvents(bus: Bus, response: ServerResponse, directory: string | undefined): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
  const send = (place: Place | undefined, payload: Payload) => {
    const envelope = { ...(place && { directory: place.directory, project: place.projectID }), payload }
    response.write(`data: ${JSON.stringify(directory === undefined ? envelope : payload)}\n\n`)
  }
  const sendOwn = (type: string) => send(undefined, { id: newId('evt'), type, properties: {} })
  const leave = bus.listen((place, payload) => {
    if (directory === undefined || place?.directory === directory) send(place, payload)
    if (payload.type === 'server.instance.disposed' && directory !== undefined && place?.directory === directory) response.end()
  })
  const heart = setInterval(() => sendOwn('server.heartbeat'), HEARTBEAT_MS)
  response.once('close', () => {
    leave()
    clearInterval(heart)
  })
  sendOwn('server.connected')
}
