/** The event stream of an OpenCode server, of all its folders (OpenCode route: GET /global/event). */
import type { IncomingMessage } from 'node:http'
import { createParser } from 'eventsource-parser'
import { read } from '../src/opencode/wire/read.ts'

export interface Event {
  readonly type: unknown
  readonly properties: Readonly<Record<string, unknown>>
}

export async function readEvents(response: IncomingMessage, heard: (event: Event) => void): Promise<void> {
  const parser = createParser({
    onEvent({ data }) {
      const { type, properties } = read<{ payload: object }>(JSON.parse(data)).object('payload').fields
      heard({ type, properties: read(properties).fields })
    },
  })
  response.setEncoding('utf8')
  try {
    for await (const piece of response) parser.feed(piece as string)
  } catch {
    // The server has ended, or we have.
  }
}
