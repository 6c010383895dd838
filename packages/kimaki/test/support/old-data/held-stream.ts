/**
 * A model whose answers to some prompts are never finished: all is passed on but the end of the stream. So OpenCode runs the tool of an
 * answer whose text is still open, and the bot closes that text early.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface HeldStream {
  /** Base URL of the provider, as that of the model behind it. */
  readonly url: string
  stop(): Promise<void>
}

export async function holdStreams(modelUrl: string, isHeld: (body: string) => boolean): Promise<HeldStream> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString()
      const headers = Object.entries(request.headers).flatMap(([name, value]) =>
        typeof value === 'string' && !['host', 'connection', 'content-length'].includes(name)
          ? [[name, value] as [string, string]]
          : [],
      )
      void fetch(`${new URL(modelUrl).origin}${request.url ?? ''}`, { method: request.method ?? 'GET', headers, body })
        .then(async (answer) => {
          const text = await answer.text()
          const retry = answer.headers.get('retry-after')
          const type = answer.headers.get('content-type') ?? 'text/plain'
          response.writeHead(answer.status, { 'content-type': type, ...(retry === null ? {} : { 'retry-after': retry }) })
          const events = text.split('\n\n')
          const end = isHeld(body) ? events.findIndex((event) => event.includes('"finish_reason":"tool_calls"')) : -1
          if (end < 0) return response.end(text)
          return response.write(`${events.slice(0, end).join('\n\n')}\n\n`)
        })
        .catch(() => response.destroy())
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${new URL(modelUrl).pathname}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
