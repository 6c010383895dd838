/** Several pieces of work at once, but not too many. */
import { expect, test } from 'vitest'
import { mapConcurrently, wantedFirst } from '../../src/base/concurrent.ts'

/** Pieces that end when the test says so. */
function pieces() {
  const begun: number[] = []
  const ends = new Map<number, PromiseWithResolvers<string>>()
  const work = async (item: number): Promise<string> => {
    begun.push(item)
    const end = Promise.withResolvers<string>()
    ends.set(item, end)
    return end.promise
  }
  return {
    begun,
    work,
    end: (item: number) => ends.get(item)?.resolve(`${item}`),
    fail: (item: number) => ends.get(item)?.reject(new Error(`${item}`)),
  }
}

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve()
}

test('at most so many are under way, and results stand in the order of the items', async () => {
  const { begun, work, end } = pieces()
  const results = mapConcurrently([1, 2, 3], 2, work)
  await turns()
  expect(begun).toEqual([1, 2])
  end(2)
  await turns()
  expect(begun).toEqual([1, 2, 3])
  end(3)
  end(1)
  expect(await results).toEqual(['1', '2', '3'])
})

test('nothing to do is done', async () => {
  expect(await mapConcurrently([], 8, async () => 'x')).toEqual([])
})

test('when one throws none is begun any more, and the others end first', async () => {
  const { begun, work, end, fail } = pieces()
  let isOver = false
  const results = mapConcurrently([1, 2, 3, 4], 2, work).finally(() => (isOver = true))
  const ended = Promise.allSettled([results])
  await turns()
  fail(1)
  await turns()
  expect(isOver).toBe(false)
  end(2)
  expect(await ended).toMatchObject([{ status: 'rejected', reason: { message: '1' } }])
  expect(begun).toEqual([1, 2])
})

test('what is wanted is handed out before the rest, each item once', () => {
  const wanted = new Set<string>()
  const next = wantedFirst(['a', 'b', 'c', 'd'], (item) => wanted.has(item))
  const first = next()
  wanted.add('a').add('d')
  expect([first, next(), next(), next()]).toEqual(['a', 'd', 'b', 'c'])
  expect(next).toThrow(RangeError)
})
