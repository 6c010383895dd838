import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { btwNameFrom, threadNameForTitle, threadNameFrom } from '../../src/domain/naming.ts'

test.each([
  ['why  so\nslow', 'btw: why so slow'],
  ['', 'btw: kimaki thread'],
  ['x'.repeat(200), `btw: ${'x'.repeat(94)}…`],
])('a question aside %j has a thread %j, which a title of that name leaves alone', (text, expected) => {
  expect(btwNameFrom(text)).toBe(expected)
  expect(threadNameForTitle(expected, expected)).toBe(expected)
})

describe('a thread is named from its first message', () => {
  test.each([
    ['  fix   the\n\nbuild ', 'fix the build'],
    ['', 'kimaki thread'],
    [' \n\t ', 'kimaki thread'],
    ['\u200B\u2060', 'kimaki thread'],
    ['a\u0000b\u001B[31mc', 'abc'],
    ['x'.repeat(80), 'x'.repeat(80)],
    ['x'.repeat(81), `${'x'.repeat(79)}…`],
    [`${'x'.repeat(78)}😀😀`, `${'x'.repeat(78)}…`],
  ])('%j becomes %j', (text, expected) => {
    expect(threadNameFrom(text)).toBe(expected)
  })

  test('always 1 to 80 units, well-formed, on one line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const name = threadNameFrom(text)
        expect(name.length).toBeGreaterThan(0)
        expect(name.length).toBeLessThanOrEqual(80)
        expect(name).toBe(name.trim().toWellFormed())
        expect(name).not.toMatch(/[\r\n]/)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('a thread follows the title of its session', () => {
  test.each([
    ['Fixing the build', 'fix the build', 'Fixing the build'],
    ['Fixing the build', '⬦ fix', '⬦ Fixing the build'],
    ['Fixing the build', 'btw: fix', 'btw: Fixing the build'],
    ['Fixing the build', 'Fork: fix', 'Fork: Fixing the build'],
    ['Fork: fixing', 'Fork: fix', 'Fork: fixing'],
    ['two\nlines', 'x', 'two lines'],
    ['', 'x', undefined],
    [' ', '⬦ x', undefined],
    ['New session - 2026-01-01T00:00:00.000Z', 'x', undefined],
    ['Child session - 2026-01-01T00:00:00.000Z', 'x', undefined],
    ['New sessions for all', 'x', 'New sessions for all'],
    ['y'.repeat(200), '⬦ x', `⬦ ${'y'.repeat(97)}…`],
  ])('%j over %j becomes %j', (title, current, expected) => {
    expect(threadNameForTitle(title, current)).toBe(expected)
  })
})
