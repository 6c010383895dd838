import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { AnsiFilter } from '../../../src/host/shell/ansi.ts'
import { runs } from '../../support/runs.ts'

function cleaned(...pieces: readonly string[]): string {
  const filter = new AnsiFilter()
  return pieces.map((piece) => filter.add(piece)).join('') + filter.rest()
}

test.each([
  ['a bar', ['10%\r', '50%', '\r100%\n'], '100%\n'],
  ['a bar without an end', ['10%\r50%\r'], '50%'],
  ['a bar that was wiped', ['10%\r\u001B[K\n', 'next'], '\nnext'],
  ['Windows lines', ['one\r', '\ntwo\r\n'], 'one\ntwo\n'],
  ['an escape in two pieces', ['a\u001B[3', '1mb\n'], 'ab\n'],
  ['an escape that does not end', ['a\u001B[3'], 'a'],
  ['a title', ['\u001B]0;wind', 'ow\u0007text'], 'text'],
])('%s', (_name, pieces, text) => {
  expect(cleaned(...pieces)).toBe(text)
})

test('how the output comes in pieces makes no difference', () => {
  const bit = fc.constantFrom(
    'a',
    'b€',
    '\r',
    '\n',
    '\t',
    '\u0007',
    '\u001B[31m',
    '\u001B[K',
    '\u001B]0;t\u0007',
    '\u001B',
    '[',
    '\u009B1m',
  )
  fc.assert(
    fc.property(fc.array(bit), fc.array(fc.nat(30)), (bits, cuts) => {
      const whole = bits.join('')
      const places = [0, ...cuts.filter((at) => at < whole.length).toSorted((a, b) => a - b), whole.length]
      const pieces = places.slice(1).map((end, index) => whole.slice(places[index], end))
      expect(cleaned(...pieces)).toBe(cleaned(whole))
    }),
    { numRuns: runs(5_000) },
  )
})

test('a line without an end is let go, and nothing of it is lost', () => {
  const piece = 'x'.repeat(10_000)
  expect(cleaned(...Array<string>(100).fill(piece))).toBe('x'.repeat(1_000_000))
  const filter = new AnsiFilter()
  for (let i = 0; i < 100; i += 1) filter.add(piece)
  expect(filter.rest().length).toBeLessThan(20_000)
})

test.each(['\r', '\u001B', '\u001B]', '\u001B[', '\r\u001B[K', '\n\r', '[;;;;'])('a megabyte of %j takes no time', (text) => {
  const piece = text.repeat(60_000 / text.length)
  const before = process.threadCpuUsage()
  cleaned(...Array<string>(17).fill(piece))
  expect(process.threadCpuUsage(before).user / 1000).toBeLessThan(2_000)
})
