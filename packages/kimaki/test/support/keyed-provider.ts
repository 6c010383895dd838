/** A provider that looks at the key of each request before the scripted model behind it gets it: some keys are used up. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface KeyedProvider {
  /** As an OpenAI-compatible provider has it. */
  readonly url: string
  /** Keys of the requests for an answer (not for a title), in order; `own` where a plugin has marked the request. */
  readonly keys: string[]
  stop(): Promise<void>
}

export async function startKeyedProvider(model: string, refused: ReadonlySet<string>): Promise<KeyedProvider> {
  const keys: string[] = []
  const server = createServer((request, response) => {
    void (async () => {
      const pieces: Buffer[] = []
      for await (const piece of request) pieces.push(piece as Buffer)
      const body = Buffer.concat(pieces)
      const key = request.headers.authorization?.replace('Bearer ', '') ?? ''
      if (body.includes('"tools"')) keys.push(request.headers['x-own'] === undefined ? key : `own ${key}`)
      if (request.headers['x-kimaki-account'] !== undefined) return response.writeHead(500).end('the mark was not taken off')
      if (refused.has(key)) return response.writeHead(429, { 'retry-after': '3600' }).end('{"error":{"message":"slow down"}}')
      const headers = { 'content-type': 'application/json', 'x-session-id': String(request.headers['x-session-id']) }
      const answer = await fetch(`${model}/chat/completions`, { method: 'POST', headers, body })
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' })
      return response.end(Buffer.from(await answer.arrayBuffer()))
    })().catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    keys,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

const MODELS = { m: { name: 'M', limit: { context: 200_000, output: 32_000 } } }

/** An entry of `provider` in `opencode.json`. */
export const keyedEntry = (url: string, apiKey?: string, npm = '@ai-sdk/openai-compatible') => ({
  npm,
  name: 'Keyed',
  options: { baseURL: url, ...(apiKey !== undefined && { apiKey }) },
  models: MODELS,
})
