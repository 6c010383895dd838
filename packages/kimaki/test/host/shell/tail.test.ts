/** The end of a text, against the text itself. */
import { expect, test } from 'vitest'
import { Tail } from '../../../src/host/shell/tail.ts'

test('whatever comes in whatever pieces, its end is that of all of it, and nothing is miscounted', () => {
  const pieces = Array.from({ length: 400 }, (_, index) => (index % 7 === 0 ? '' : `${index}👍`.repeat((index * 31) % 90)))
  const tail = new Tail(200)
  let all = ''
  for (const piece of pieces) {
    tail.add(piece)
    all += piece
    expect(tail.dropped + tail.length).toBe(all.length)
    expect(tail.length).toBeGreaterThanOrEqual(Math.min(all.length, 200))
    expect(tail.last(200)).toBe(all.slice(-200))
    expect(tail.last(tail.length)).toBe(all.slice(tail.dropped))
  }
  expect(tail.dropped).toBeGreaterThan(0)
})

test('half a character stays half a character', () => {
  const tail = new Tail(10)
  tail.add('a\ud83d')
  tail.add('\udc4db')
  expect(tail.last(10)).toBe('a👍b')
})
