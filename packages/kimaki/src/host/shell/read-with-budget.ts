/**
 * Reads a stream to its end, and is busy with its chunks no longer than the budget allows in every tenth of a second: a program that
 * writes more has to wait, and `yes` does not take the bot's time from everybody else. Plain text comes at 50 MB a second, garbage at 9.
 */
import type { Readable } from 'node:stream'

const WINDOW_MS = 100

/** Resolves when the stream has closed, also after an error. `busyMs`: the budget of each window. */
export function readWithBudget(stream: Readable, busyMs: number, onChunk: (chunk: Buffer) => void): Promise<void> {
  const closed = Promise.withResolvers<void>()
  let busy = 0
  let windowStart = performance.now()
  let timer: NodeJS.Timeout | undefined

  function beginWindow(): void {
    busy = 0
    windowStart = performance.now()
  }

  stream.on('data', (chunk: Buffer) => {
    const start = performance.now()
    if (start - windowStart >= WINDOW_MS) beginWindow()
    onChunk(chunk)
    const now = performance.now()
    busy += now - start
    if (busy < busyMs) return
    stream.pause()
    const resume = (): void => {
      beginWindow()
      stream.resume()
    }
    timer = setTimeout(resume, Math.max(0, windowStart + WINDOW_MS - now)).unref()
  })
  stream.on('error', () => undefined)
  stream.once('close', () => {
    clearTimeout(timer)
    closed.resolve()
  })
  return closed.promise
}
