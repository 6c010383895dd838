/** The invariants of the capacity, by number. */
import { describe, expect, test } from 'vitest'
import { Capacity, UNKNOWN } from '../../../src/app/conversation/capacity.ts'

const WORKS = { works: true, waits: undefined }
const waits = (order: number) => ({ works: false, waits: order })

function capacityOf(atMost: number): { readonly capacity: Capacity; readonly woken: string[] } {
  const woken: string[] = []
  return { capacity: new Capacity(atMost, (id) => void woken.push(id)), woken }
}

describe('V31: agents at work at once', () => {
  test('C1: the oldest that wait are woken, as many as there is room for, and nobody younger passes them', () => {
    const { capacity, woken } = capacityOf(1)
    capacity.update('a', WORKS)
    capacity.update('younger', waits(3))
    capacity.update('older', waits(2))
    expect(['older', 'younger', 'new'].map((id) => capacity.hasRoomFor(id))).toEqual([false, false, false])
    capacity.update('a', UNKNOWN)
    expect(woken).toEqual(['older'])
    expect(['older', 'younger', 'new'].map((id) => capacity.hasRoomFor(id))).toEqual([true, false, false])
  })

  test('C2: room that is taken is taken at once', () => {
    const { capacity } = capacityOf(1)
    expect(capacity.hasRoomFor('a')).toBe(true)
    capacity.update('a', WORKS)
    expect(capacity.hasRoomFor('b')).toBe(false)
  })

  test('C4: whoever gives up waiting makes way for the next, even if it was woken', () => {
    const { capacity, woken } = capacityOf(1)
    capacity.update('a', WORKS)
    capacity.update('b', waits(1))
    capacity.update('c', waits(2))
    capacity.update('a', UNKNOWN)
    capacity.update('b', UNKNOWN)
    expect(woken).toEqual(['b', 'c'])
    expect(capacity.hasRoomFor('c')).toBe(true)
  })

  test('C5: who works has room, also beyond what is allowed', () => {
    const { capacity } = capacityOf(1)
    for (const id of ['a', 'b']) capacity.expect(id)
    expect(['a', 'b', 'c'].map((id) => capacity.hasRoomFor(id))).toEqual([true, true, false])
  })

  test('nobody starves: whatever they do and in whatever order, in the end all have worked, and never too many at once', () => {
    const { capacity, woken } = capacityOf(3)
    const working = new Set<string>()
    const left = new Set(Array.from({ length: 50 }, (_, order) => String(order)))
    const step = (id: string): void => {
      if (!left.has(id) || working.has(id)) return
      const begins = capacity.hasRoomFor(id)
      if (begins) working.add(id)
      capacity.update(id, begins ? WORKS : waits(Number(id)))
      expect(working.size).toBeLessThanOrEqual(3)
    }
    for (const id of [...left].toReversed()) step(id)
    for (let rounds = 0; rounds < 100; rounds += 1) {
      const [done] = working
      if (done === undefined) break
      working.delete(done)
      left.delete(done)
      capacity.update(done, UNKNOWN)
      for (const id of woken.splice(0)) step(id)
    }
    expect([...left]).toEqual([])
  })
})
