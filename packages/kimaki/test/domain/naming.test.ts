import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { btwNameFrom, fittingName, syncNameFrom, threadNameForTitle, threadNameFrom } from '../../src/domain/naming.ts'
import { runs } from '../support/runs.ts'

test.each([
  ['why  so\nslow', 'btw: why so slow'],
  ['', 'btw: kimaki thread'],
  ['x'.repeat(200), `btw: ${'x'.repeat(94)}…`],
])('a question aside %j has a thread %j, which a title of that name leaves alone', (text, expected) => {
  expect(btwNameFrom(text)).toBe(expected)
  expect(threadNameForTitle(expected, expected)).toBe(expected)
})

test.each([
  ['Fix the roof', 'words', 'Sync: Fix the roof'],
  ['New session - 2026-01-01T00:00:00.000Z', 'fix\nit', 'Sync: fix it'],
  ['', '', 'Sync: kimaki thread'],
])(
  'a session of a terminal with the title %j and the words %j has the thread %j, and later its title',
  (title, words, expected) => {
    expect(syncNameFrom(title, words)).toBe(expected)
    expect(threadNameForTitle('Roof fixed', expected)).toBe('Sync: Roof fixed')
  },
)

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
      { numRuns: runs(1000) },
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
    [`${'y'.repeat(98)}😀😀`, 'x', `${'y'.repeat(98)}…`],
    ['**Fork: fixing**', 'Fork: fix', 'Fork: fixing'],
    ['**`', 'x', '**'],
    ['<@123456789012345678>', 'x', undefined],
    ['\u3164\u2800', 'x', undefined],
  ])('%j over %j becomes %j', (title, current, expected) => {
    expect(threadNameForTitle(title, current)).toBe(expected)
  })
})

describe('a name shows no mention and no markup', () => {
  test.each([
    ['Ask <@123456789012345678> and <@!1> of <@&2> in <#3>', 'Ask and of in'],
    ['Meet <t:1700000000:R> in <id:guide>', 'Meet in'],
    ['Run </abort:123456789012345678> <a:party:123456789012345678>', 'Run /abort :party:'],
    ['Ping @everyone and @@here', 'Ping everyone and here'],
    ['@**everyone** look', 'everyone look'],
    ['<@**1**> look', 'look'],
    ['# Fix the build', 'Fix the build'],
    ['> **Fix** the\n- *whole*\n-# ~~build~~', 'Fix the whole build'],
    ['__Fix the build__', 'Fix the build'],
    ['***Fix*** ||the|| build', 'Fix the build'],
    ['Read [the docs](https://x.com/a_b) now', 'Read the docs now'],
    ['Why does `foo()` fail', 'Why does foo() fail'],
    ['```ts\nfoo()\n```', 'ts foo()'],
    ['abc\u202Egpj', 'abcgpj'],
    ['a\u2028b', 'a b'],
  ])('%j becomes %j', (text, expected) => {
    expect(threadNameFrom(text)).toBe(expected)
    expect(threadNameForTitle(text, 'x')).toBe(expected)
    expect(btwNameFrom(text)).toBe(`btw: ${expected}`)
  })

  test.each([
    'Fix src/**/*.ts and test/**/*.ts',
    'Sort *.ts before *.js',
    'Rename snake_case_name in __init__.py',
    'Why is 2*3*4 not a || b || c',
    'Explain handlers[i](event) and #m1',
    'Show <div> in C# > 3',
    '!echo $HOME | sort',
    'mail me@here.com',
  ])('%j stays: it is code, not markup', (text) => {
    expect(threadNameFrom(text)).toBe(text)
    expect(threadNameForTitle(text, 'x')).toBe(text)
  })

  test('a title of any kind gives a name of 1 to 100 characters without a mention, in one line, or none', () => {
    const piece = fc.constantFrom(
      '<@1>',
      '<@',
      '1>',
      '**',
      '*',
      '`',
      '~~',
      '||',
      '_',
      '[a](https://b)',
      '# ',
      '\n',
      '😀',
      '\uD83D',
      'x',
      ' ',
      '@everyone',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 80 }), fc.constantFrom('', '⬦ x', 'btw: x'), (pieces, current) => {
        const name = threadNameForTitle(pieces.join(''), current)
        if (name === undefined) return
        expect(name.length).toBeGreaterThan(0)
        expect(name.length).toBeLessThanOrEqual(100)
        expect(name).toBe(name.trim().toWellFormed())
        expect(name).not.toMatch(/[\r\n`]|<[@#]\d+>|@everyone/)
        expect(fittingName(name)).toBe(name)
      }),
      { numRuns: runs(2000) },
    )
  })

  test('a title of 100,000 signs takes no longer', () => {
    for (const piece of ['**a ', '_a ', '[a](', '<@1', '`', '> ', '|| a'])
      expect(threadNameForTitle(piece.repeat(100_000), 'x')?.length ?? 0).toBeLessThanOrEqual(100)
  })
})

test.each([
  ['n'.repeat(120), 'n'.repeat(100)],
  [`${'n'.repeat(99)}😀`, 'n'.repeat(99)],
  [' ', 'kimaki thread'],
  ['n\uD83D', 'n\uFFFD'],
])('%j goes to Discord as %j', (name, expected) => {
  expect(fittingName(name)).toBe(expected)
})
