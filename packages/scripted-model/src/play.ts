import type { ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import type { Answer } from './answer.ts'
import type { ModelLogEntry } from './api.ts'
import { chunkOf, completionOf, errorOf, finishOf, isStreaming } from './wire.ts'
import type { Reply } from './wire.ts'

export type Outcome = Exclude<ModelLogEntry['outcome'], 'open'>

/**
 * Writes the answer and says what became of it, exactly once: `done` when its last byte was handed over, `gone` when the
 * client left (or the server stopped) first, `failed` for what the script wanted to fail. Resolves when the answer is over.
 */
export async function play(
  answer: Answer,
  response: ServerResponse,
  reply: Reply,
  settle: (outcome: Outcome) => void,
): Promise<void> {
  const left = new AbortController()
  const cut = answer.kind === 'stream' && answer.end === 'cut'
  const wanted: Outcome = answer.kind === 'stream' && !cut ? 'done' : 'failed'
  const over = new Promise<void>((resolve) => {
    response.once('close', () => {
      settle(response.writableFinished || cut ? wanted : 'gone')
      left.abort()
      resolve()
    })
  })
  if (response.destroyed) return settle('gone')

  await write(answer, response, reply, left.signal)
  await over
}

async function write(answer: Answer, response: ServerResponse, reply: Reply, left: AbortSignal): Promise<void> {
  if (answer.kind === 'error') {
    const retry = answer.retryAfterS === undefined ? {} : { 'retry-after': String(answer.retryAfterS) }
    response.writeHead(answer.status, { 'content-type': 'application/json', ...retry }).end(JSON.stringify(errorOf(answer)))
    return
  }
  const streaming = isStreaming(reply)
  response.writeHead(200, { 'content-type': streaming ? 'text/event-stream' : 'application/json', 'cache-control': 'no-cache' })
  response.flushHeaders()
  if (answer.kind === 'garbage') {
    // OpenCode reads bytes without a `data:` line as an empty answer and asks again, and takes a "502" in them for a passing fault.
    response.end('data: \u0000\u0001<html>this is no event stream\n\n')
    return
  }

  for (const piece of answer.pieces) {
    if (piece.afterMs > 0) await pause(piece.afterMs, undefined, { signal: left }).catch(() => undefined)
    if (left.aborted) return
    if (streaming) response.write(chunkOf(reply, piece))
  }
  if (answer.end === 'stall') return
  if (answer.end === 'cut') {
    // The pieces must reach the client before the reset: destroying at once drops what the socket still holds.
    response.write('', () => setTimeout(() => response.destroy(), 20))
    return
  }
  response.end(streaming ? finishOf(reply, answer, answer.end) : JSON.stringify(completionOf(reply, answer)))
}
