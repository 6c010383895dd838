import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { boundaryBefore, cut, forTerminal, jsonForTerminal, lineForTerminal, oneLine, stripControl } from '../../src/base/text.ts'
import { runs } from '../support/runs.ts'

const FAMILY = '👨‍👩‍👧‍👦'
const ESC = '\u001B'
const nasty = fc.string({ unit: fc.constantFrom('a', ' ', '\n', '😀', FAMILY, 'e\u0301', '🇫🇷', 'ש', '\uD83D', '\uDE00') })

describe('cut', () => {
  test.each([
    ['a short text stays', 'hello', 5, 'hello'],
    ['a longer one ends with the ellipsis, within the budget', 'hello world', 8, 'hello w…'],
    ['no blank stands before the ellipsis', 'hello world', 7, 'hello…'],
    ['an emoji is not halved', 'ab😀cd', 4, 'ab…'],
    ['a joined emoji is kept or dropped as a whole', `ab${FAMILY}cd`, 8, 'ab…'],
    ['a combining accent stays with its letter', 'abe\u0301cd', 4, 'ab…'],
    ['a budget of zero leaves nothing', 'hello', 0, ''],
  ] as const)('%s', (_name, text, max, expected) => {
    expect(cut(text, max)).toBe(expected)
  })

  test('another ellipsis can be given; one longer than the budget is left out', () => {
    expect(cut('hello world', 8, '...')).toBe('hello...')
    expect(cut('hello', 2, '...')).toBe('he')
  })

  test('never exceeds its budget, is a beginning of the text, and stays well-formed where the text is', () => {
    fc.assert(
      fc.property(nasty, fc.nat(40), (text, max) => {
        const short = cut(text, max)
        expect(short.length).toBeLessThanOrEqual(max)
        expect(short === text || text.startsWith(short.slice(0, -1))).toBe(true)
        if (text.isWellFormed()) expect(short.isWellFormed()).toBe(true)
      }),
      { numRuns: runs(2000) },
    )
  })
})

describe('boundaryBefore', () => {
  test('goes back less than a grapheme, and always moves on', () => {
    fc.assert(
      fc.property(nasty, fc.nat(60), (text, index) => {
        const at = boundaryBefore(text, index)
        expect(at).toBeLessThanOrEqual(Math.min(index, text.length))
        expect(at).toBeGreaterThan(Math.min(index, text.length) - FAMILY.length * 2)
        if (index >= 2 && text.length >= 2) expect(at).toBeGreaterThan(0)
      }),
      { numRuns: runs(2000) },
    )
  })

  test('a grapheme longer than its window is cut, but not within a surrogate pair', () => {
    const stack = `a${'\u{1D165}'.repeat(100)}`
    expect(boundaryBefore(stack, 150)).toBe(149)
    expect(boundaryBefore(stack, 151)).toBe(151)
  })
})

test.each([
  ['  a \n\t b  ', 'a b'],
  ['\n', ''],
  ['a\u00A0\u2028b', 'a b'],
])('oneLine(%j) is %j', (text, expected) => {
  expect(oneLine(text)).toBe(expected)
})

describe('stripControl', () => {
  test.each([
    ['colours', `${ESC}[1;31mred${ESC}[0m`, 'red'],
    ['eight-bit control sequences', 'a\u009B2Kb', 'ab'],
    ['a title set by the terminal command, with either end', `${ESC}]0;title\u0007a${ESC}]8;;http://x${ESC}\\b`, 'ab'],
    ['only the escape of a command that does not end on its line', `${ESC}]0;a\nb\u0007c`, ']0;a\nbc'],
    ['two-character escapes', `${ESC}(Ba${ESC}7b`, 'ab'],
    ['NUL, bell, delete and C1', 'a\u0000\u0007\u007F\u0085b', 'ab'],
  ])('takes out %s', (_name, text, expected) => {
    expect(stripControl(text)).toBe(expected)
  })

  test('keeps newlines and tabs, and makes carriage returns newlines', () => {
    expect(stripControl('a\tb\r\nc\rd\n')).toBe('a\tb\nc\nd\n')
  })

  test('leaves no control character but newline and tab, and nothing else is lost', () => {
    const unit = fc.oneof(
      fc.constantFrom('\n', '\t', ESC, '\u009B', '\u0007', '[', ']', '0', 'm', '😀', 'é'),
      fc.string({ maxLength: 1 }),
    )
    fc.assert(
      fc.property(fc.string({ unit }), (text) => {
        const clean = stripControl(text)
        expect(clean).not.toMatch(/[^\P{Cc}\n\t]/u)
        if (!/[^\P{Cc}\n\t]/u.test(text)) expect(clean).toBe(text)
        expect(stripControl(clean)).toBe(clean)
      }),
      { numRuns: runs(2000) },
    )
  })
})

describe('a row of flags', () => {
  const FLAGS = ['🇫🇷', '🇩🇪', '🇯🇵', '🇧🇷']
  const row = (count: number): string => Array.from({ length: count }, (_, index) => FLAGS[index % 4]).join('')

  test.each([1, 2, 16, 17, 33, 300])('of %i is cut between two of them, however far from its start', (count) => {
    const text = `a${row(count)}b`
    for (let index = 1; index < text.length; index += 1) {
      const at = boundaryBefore(text, index)
      expect(at).toBeGreaterThan(0)
      expect(at).toBeLessThanOrEqual(index)
      if (at < text.length - 1) expect([index, (at - 1) % 4]).toEqual([index, 0])
    }
  })

  test('begins after whatever stands before it', () => {
    for (const before of ['é', '😀', '👨‍👩‍👧‍👦', '中']) {
      const text = before + row(40)
      const at = boundaryBefore(text, before.length + 4 * 20 + 3)
      expect(text.slice(0, at)).toBe(before + row(20))
    }
  })

  test('of a hundred thousand is cut in time', () => {
    const text = row(100_000)
    const before = process.threadCpuUsage()
    expect(boundaryBefore(text, text.length - 1)).toBe(text.length - 4)
    expect(process.threadCpuUsage(before).user / 1000).toBeLessThan(1000)
  })
})

describe('V35: text for a terminal', () => {
  const hostile = `a${ESC}[2J\u009B1mb\u007F\u202Ec\u2066d\u200F\u061C\u2028e\nf\tg`

  test('has no escapes, controls or turns; lines stay, and a cell of a table is one line', () => {
    expect(forTerminal(hostile)).toBe('abcd e\nf\tg')
    expect(lineForTerminal(hostile)).toBe('abcd e f g')
  })

  test('as JSON has none of them either, and is the same value', () => {
    const json = jsonForTerminal({ hostile })
    expect(json).not.toMatch(/[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u)
    expect(JSON.parse(json)).toEqual({ hostile })
  })
})
