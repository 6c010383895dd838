/** Whoever writes without end gets a share of the bot's time, not all of it. */
import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { readWithBudget } from '../../../src/host/shell/read-with-budget.ts'

/** A stream that always has more, and 2 ms of work for each piece: how much of the time that took, how often it was held. */
async function flood(busyMs: number) {
  const stream = Readable.from(Array(150).fill(Buffer.from('x')), { objectMode: true })
  const begin = performance.now()
  let held = 0
  stream.on('pause', () => (held += 1))
  await readWithBudget(stream, busyMs, () => {
    for (const until = performance.now() + 2; performance.now() < until;);
  })
  return { share: 300 / (performance.now() - begin), held }
}

test('a flood takes about a quarter of the time', async () => {
  const { share, held } = await flood(25)
  expect(share).toBeLessThan(0.35)
  expect(held).toBeGreaterThan(8)
})

test('it would be held by nothing else', async () => {
  expect((await flood(Infinity)).held).toBe(0)
})

test('a stream that breaks has ended', async () => {
  const stream = new Readable({ read: () => undefined })
  const ended = readWithBudget(stream, 25, () => undefined)
  stream.destroy(new Error('broken'))
  expect(await ended).toBeUndefined()
})
