/**
 * Reads a stream to its end, and is busy with it no longer than so many milliseconds of every tenth of a second: who writes
 * more waits, and `yes` does not take the bot's time from everybody else. Plain text comes at 50 MB a second, garbage at 9.
 * Resolves at the end, whatever it is.
 */
import type { Readable } from 'node:stream'

const WINDOW_MS = 100

export function pump(stream: Readable, busyMs: number, take: (chunk: Buffer) => void): Promise<void> {
  const ended = Promise.withResolvers<void>()
  let busy = 0
  let windowBegan = performance.now()
  let timer: NodeJS.Timeout | undefined

  function nextWindow(): void {
    busy = 0
    windowBegan = performance.now()
  }

  function goOn(): void {
    nextWindow()
    stream.resume()
  }

  stream.on('data', (chunk: Buffer) => {
    const begin = performance.now()
    if (begin - windowBegan >= WINDOW_MS) nextWindow()
    take(chunk)
    const now = performance.now()
    busy += now - begin
    if (busy < busyMs) return
    stream.pause()
    timer = setTimeout(goOn, Math.max(0, windowBegan + WINDOW_MS - now)).unref()
  })
  stream.on('error', () => undefined)
  stream.once('close', () => {
    clearTimeout(timer)
    ended.resolve()
  })
  return ended.promise
}
