import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ModelOptions, ScriptedModel } from './api.ts'
import { answerOf, textOf, toolsOf } from './answer.ts'
import { openLog } from './log.ts'
import { play } from './play.ts'
import { readRequest } from './request.ts'
import { chooseStep } from './script.ts'
import { tokenOf } from './token.ts'

const MODEL = 'scripted-model'

/**
 * Starts the server on 127.0.0.1. Every chat request is answered by the script, recorded in the log and given a token
 * number of its own (so numbers may have gaps: not every answer carries its token).
 */
export async function startScriptedModel(options: ModelOptions = {}): Promise<ScriptedModel> {
  let rules = options.rules ?? []
  const log = openLog()
  const plays = new Set<Promise<void>>()

  async function chat(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = parse(await read(request))
    const understood = body instanceof SyntaxError ? body : readRequest(request.headers, body)
    if (understood instanceof Error)
      return sendJson(response, 400, { error: { message: understood.message, type: 'invalid_request_error' } })

    const { answers, tokensBefore, ...asked } = understood
    const seq = log.entries.length
    const token = tokenOf((options.firstToken ?? 1) + seq)
    const chosen = chooseStep(rules, asked)
    const answer = answerOf(chosen.step, token)
    const { body: _, ...logged } = asked
    const entry = log.append({
      ...logged,
      seq,
      at: performance.timeOrigin + performance.now(),
      token: textOf(answer).includes(token) ? token : undefined,
      step: chosen.as,
      tools: toolsOf(answer),
      tokensBefore,
      answers,
      outcome: 'open',
    })
    await play(answer, response, { id: token, model: asked.model, body: asked.body }, (outcome) => log.settle(entry, outcome))
  }

  const server = createServer((request, response) => {
    const path = URL.parse(request.url ?? '/', 'http://127.0.0.1')?.pathname
    if (path === undefined)
      return sendJson(response, 400, { error: { message: 'scripted-model: no address', type: 'invalid_request_error' } })
    if (request.method === 'GET' && path === '/v1/models') {
      sendJson(response, 200, { object: 'list', data: [{ id: MODEL, object: 'model', created: 0, owned_by: 'scripted-model' }] })
      return
    }
    if (request.method === 'POST' && path === '/v1/chat/completions') {
      const playing = chat(request, response)
        .catch((cause: unknown) => void response.destroy(cause instanceof Error ? cause : undefined))
        .finally(() => plays.delete(playing))
      plays.add(playing)
      return
    }
    sendJson(response, 404, {
      error: { message: `scripted-model: no route ${request.method ?? ''} ${path}`, type: 'invalid_request_error' },
    })
  })

  const port = await new Promise<number>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })

  return {
    url: `http://127.0.0.1:${port}/v1`,
    log: log.entries,
    setRules: (next) => void (rules = next),
    until: log.until,
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
      await Promise.allSettled(plays)
      log.close()
    },
  }
}

async function read(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece as Buffer)
  return Buffer.concat(pieces).toString('utf8')
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (cause) {
    return new SyntaxError(`scripted-model: the request is no JSON (${String(cause)})`)
  }
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
