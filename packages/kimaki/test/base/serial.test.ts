/** Work in order: nothing overtakes, nothing breaks what stands behind it, nothing is kept. */
import { describe, expect, test } from 'vitest'
import { KeyedSerialQueue, SerialQueue } from '../../src/base/serial.ts'

/** Pieces of work that begin when the queue says so and end when the test says so. */
function pieces() {
  const begun: string[] = []
  const ends = new Map<string, PromiseWithResolvers<string>>()
  return {
    begun,
    work: (name: string) => async (): Promise<string> => {
      begun.push(name)
      const end = Promise.withResolvers<string>()
      ends.set(name, end)
      return end.promise
    },
    end: (name: string) => ends.get(name)?.resolve(name),
    fail: (name: string) => ends.get(name)?.reject(new Error(`${name} failed`)),
  }
}

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve()
}

describe('a serial queue', () => {
  test('begins a piece when the one before it has ended, in the order they were handed in', async () => {
    const queue = new SerialQueue()
    const { begun, work, end } = pieces()
    const results = ['a', 'b', 'c'].map((name) => queue.run(work(name)))
    await turns()
    expect(begun).toEqual(['a'])
    end('a')
    await turns()
    expect(begun).toEqual(['a', 'b'])
    end('b')
    await turns()
    end('c')
    expect(await Promise.all(results)).toEqual(['a', 'b', 'c'])
  })

  test('red control: without a queue both would be under way at once', async () => {
    const { begun, work } = pieces()
    void work('a')()
    void work('b')()
    await turns()
    expect(begun).toEqual(['a', 'b'])
  })

  test('a piece that throws rejects only its own promise', async () => {
    const queue = new SerialQueue()
    const { work, end, fail } = pieces()
    const results = Promise.allSettled(['a', 'b'].map((name) => queue.run(work(name))))
    await turns()
    fail('a')
    await turns()
    end('b')
    expect(await results).toMatchObject([
      { status: 'rejected', reason: { message: 'a failed' } },
      { status: 'fulfilled', value: 'b' },
    ])
  })

  test('is idle as soon as whoever waited for the last piece knows', async () => {
    const queue = new SerialQueue()
    expect(queue.isIdle).toBe(true)
    const { work, end } = pieces()
    const result = queue.run(work('a'))
    expect(queue.isIdle).toBe(false)
    await turns()
    end('a')
    await result
    expect(queue.isIdle).toBe(true)
  })

  test('drained waits for what was handed in until then, failures too, and for nothing later', async () => {
    const queue = new SerialQueue()
    const { work, fail } = pieces()
    const failing = Promise.allSettled([queue.run(work('a'))])
    let isDrained = false
    const drained = queue.drained().then(() => (isDrained = true))
    void queue.run(work('later'))
    await turns()
    expect(isDrained).toBe(false)
    fail('a')
    await drained
    await failing
    expect(queue.isIdle).toBe(false)
  })
})

describe('a serial queue for each key', () => {
  test('keeps the order within a key, while other keys go on', async () => {
    const queues = new KeyedSerialQueue()
    const { begun, work, end } = pieces()
    void queues.run('x', work('x1'))
    void queues.run('x', work('x2'))
    void queues.run('y', work('y1'))
    await turns()
    expect(begun).toEqual(['x1', 'y1'])
    end('x1')
    await turns()
    expect(begun).toEqual(['x1', 'y1', 'x2'])
  })

  test('a key without work costs nothing', async () => {
    const queues = new KeyedSerialQueue()
    const { work, end, fail } = pieces()
    const results = Promise.allSettled([queues.run('x', work('x1')), queues.run('x', work('x2')), queues.run('y', work('y1'))])
    await turns()
    expect(queues.size).toBe(2)
    fail('x1')
    end('y1')
    await turns()
    expect(queues.size).toBe(1)
    end('x2')
    await results
    expect(queues.size).toBe(0)
  })

  test('work that comes as the last piece ends is not overtaken', async () => {
    const queues = new KeyedSerialQueue()
    const { begun, work, end } = pieces()
    const first = queues.run('x', work('x1'))
    await turns()
    void first.then(() => queues.run('x', work('x3')))
    end('x1')
    await Promise.resolve()
    void queues.run('x', work('x2'))
    await turns()
    expect(begun).toEqual(['x1', 'x2'])
    end('x2')
    await turns()
    expect(begun).toEqual(['x1', 'x2', 'x3'])
  })

  test('drained waits for every key', async () => {
    const queues = new KeyedSerialQueue()
    const { work, end } = pieces()
    void queues.run('x', work('x1'))
    void queues.run('y', work('y1'))
    let isDrained = false
    const drained = queues.drained().then(() => (isDrained = true))
    await turns()
    end('x1')
    await turns()
    expect(isDrained).toBe(false)
    end('y1')
    await drained
    expect(isDrained).toBe(true)
  })
})
