/** A server that plays the routes for speech of OpenAI and of Gemini, and refuses what they would refuse. It understands what test recordings say. */
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { wordsIn } from './speech.ts'

export interface SpeechProvider {
  readonly url: string
  readonly key: string
  /** What it was asked to write down, in order. */
  readonly heard: readonly string[]
  /** Fields of the newest request beside the recording. */
  readonly asked: Readonly<Record<string, unknown>>
  /** The answer to a recording that says this waits until `release`. */
  hold(words: string): { readonly release: () => void; readonly reached: Promise<void> }
  /** The next answer has this status. */
  refuseOnce(status: number, body?: unknown): void
  stop(): Promise<void>
}

const TYPES = ['audio/ogg', 'audio/wav', 'audio/mpeg', 'audio/mp4', 'audio/webm', 'audio/flac', 'audio/aac']
const MOST_BYTES = 25 * 1024 * 1024

interface Reply {
  readonly status: number
  readonly body: unknown
}

const refused = (status: number, message: string, code?: string): Reply => ({ status, body: { error: { message, code } } })

export async function startSpeechProvider(key = 'sk-test-0123456789abcdef'): Promise<SpeechProvider> {
  const heard: string[] = []
  const held = new Map<string, { readonly gate: Promise<void>; readonly reach: () => void }>()
  let asked: Readonly<Record<string, unknown>> = {}
  let refusal: Reply | undefined

  async function answer(request: IncomingMessage): Promise<Reply> {
    const body = await bodyOf(request)
    if (refusal) {
      const once = refusal
      refusal = undefined
      return once
    }
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    if (request.method !== 'POST') return refused(405, 'Only POST is taken')
    if (pathname === '/v1/audio/speech') return speakAsOpenAi(request, body)
    if (/^\/v1beta\/models\/gemini-[\w.-]+-tts:generateContent$/.test(pathname)) return speakAsGemini(request, body)
    if (pathname === '/v1/audio/transcriptions') return byOpenAi(request, body)
    return /^\/v1beta\/models\/gemini-[\w.-]+:generateContent$/.test(pathname)
      ? byGemini(request, body)
      : refused(404, 'Not Found')
  }

  async function byOpenAi(request: IncomingMessage, body: Buffer): Promise<Reply> {
    if (request.headers.authorization !== `Bearer ${key}`) return refused(401, `Incorrect API key provided`, 'invalid_api_key')
    const type = request.headers['content-type'] ?? ''
    const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData().catch(() => undefined)
    const file = form?.get('file')
    if (!form || !(file instanceof File)) return refused(400, 'file is a required property')
    if (!/\.(?:flac|mp3|mp4|mpeg|mpga|m4a|ogg|wav|webm|aac)$/.test(file.name)) return refused(400, 'Invalid file format.')
    if (file.size > MOST_BYTES) return refused(413, 'Maximum content size limit exceeded')
    if (typeof form.get('model') !== 'string') return refused(400, 'model is a required property')
    asked = Object.fromEntries([...form].filter(([name]) => name !== 'file'))
    return { status: 200, body: { text: `${await hear(new Uint8Array(await file.arrayBuffer()))} ` } }
  }

  async function byGemini(request: IncomingMessage, body: Buffer): Promise<Reply> {
    if (request.headers['x-goog-api-key'] !== key) return refused(403, 'API key not valid. Please pass a valid API key.')
    const whole = JSON.parse(body.toString()) as {
      readonly contents: readonly {
        readonly parts: readonly { readonly inlineData?: { readonly mimeType: string; readonly data: string } }[]
      }[]
      readonly tools: readonly { readonly functionDeclarations: readonly { readonly name: string }[] }[]
      readonly toolConfig: {
        readonly functionCallingConfig: { readonly mode: string; readonly allowedFunctionNames: readonly string[] }
      }
      readonly generationConfig: { readonly temperature: number }
    }
    const inline = whole.contents[0]?.parts.find(({ inlineData }) => inlineData)?.inlineData
    if (!inline || !TYPES.includes(inline.mimeType)) return refused(400, `Unsupported MIME type: ${inline?.mimeType}`)
    const { mode, allowedFunctionNames } = whole.toolConfig.functionCallingConfig
    const [name] = allowedFunctionNames
    const isKnown = whole.tools[0]?.functionDeclarations.some((tool) => tool.name === name) ?? false
    // Without a forced call a model may answer what was asked (P-234).
    if (mode !== 'ANY' || !isKnown) return refused(400, 'The model would have answered instead')
    asked = whole
    const words = await hear(Buffer.from(inline.data, 'base64'))
    return { status: 200, body: { candidates: [{ content: { parts: [{ functionCall: { name, args: { words } } }] } }] } }
  }

  function speakAsOpenAi(request: IncomingMessage, body: Buffer): Reply {
    if (request.headers.authorization !== `Bearer ${key}`) return refused(401, 'Incorrect API key provided', 'invalid_api_key')
    const given = JSON.parse(body.toString()) as Readonly<Record<string, unknown>>
    if (['model', 'input', 'voice'].some((name) => typeof given[name] !== 'string'))
      return refused(400, 'Missing required parameter')
    asked = given
    return { status: 200, body: `mp3 of ${String(given['input'])}` }
  }

  function speakAsGemini(request: IncomingMessage, body: Buffer): Reply {
    if (request.headers['x-goog-api-key'] !== key) return refused(403, 'API key not valid. Please pass a valid API key.')
    const given = JSON.parse(body.toString()) as {
      readonly generationConfig: { readonly responseModalities: readonly string[]; readonly speechConfig: unknown }
    }
    if (given.generationConfig.responseModalities[0] !== 'AUDIO') return refused(400, 'The model answers in AUDIO only')
    asked = given
    const inlineData = { mimeType: 'audio/L16;codec=pcm;rate=24000', data: Buffer.alloc(4800).toString('base64') }
    return { status: 200, body: { candidates: [{ content: { parts: [{ inlineData }] } }] } }
  }

  async function hear(bytes: Uint8Array): Promise<string> {
    const words = wordsIn(bytes)
    heard.push(words)
    const hold = held.get(words)
    hold?.reach()
    await hold?.gate
    return words
  }

  const server = createServer((request, response) => {
    void answer(request).then(({ status, body }) => {
      response
        .writeHead(status, { 'content-type': 'application/json' })
        .end(typeof body === 'string' ? body : JSON.stringify(body))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    key,
    heard,
    get asked() {
      return asked
    },
    hold(words) {
      const gate = Promise.withResolvers<void>()
      const reached = Promise.withResolvers<void>()
      held.set(words, { gate: gate.promise, reach: reached.resolve })
      return { release: gate.resolve, reached: reached.promise }
    },
    refuseOnce: (status, body = { error: { message: 'no' } }) => void (refusal = { status, body }),
    stop: async () => close(server),
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

function close(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}
