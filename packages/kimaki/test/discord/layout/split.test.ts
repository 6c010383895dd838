import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { split } from '../../../src/discord/layout/split.ts'
import { endsInFence, lettersOf, misplaced, nastyText, tidyText, wordsOf } from './fixtures/nasty.ts'
import { runs } from '../../support/runs.ts'

const lines = (count: number, text = 'code'): string => Array.from({ length: count }, (_, index) => `${text} ${index}`).join('\n')

describe('split', () => {
  test.each([
    ['a blank text has no chunk', ' \n\n ', 20, []],
    ['a short text is one chunk, trimmed', '  hi \n', 20, ['hi']],
    ['line ends are preferred', 'one two\nthree four\nfive', 20, ['one two\nthree four', 'five']],
    ['then a space past the half', 'aaaaaaaaaaaa bbbbbb cccc', 20, ['aaaaaaaaaaaa bbbbbb', 'cccc']],
    ['a space before the half is left alone', 'aaaa bbbbbbbbbbbbbbbbbbbbbbbb', 20, ['aaaa bbbbbbbbbbbbbbb', 'bbbbbbbbb']],
    ['then a hard cut', 'a'.repeat(45), 20, ['a'.repeat(20), 'a'.repeat(20), 'a'.repeat(5)]],
    ['the rest of a long line shares its chunk with what follows', `${'a'.repeat(25)}\nb`, 20, ['a'.repeat(20), 'aaaaa\nb']],
    ['blank lines at a cut are dropped, others stay', 'a\n\nb\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\nc', 20, ['a\n\nb', 'c']],
    ['a limit below ten is ten', 'aaaaaaaaaaaa', 1, ['aaaaaaaaaa', 'aa']],
    ['an emoji is not halved', `${'a'.repeat(9)}😀`, 10, ['a'.repeat(9), '😀']],
  ])('%s', (_name, text, limit, expected) => {
    expect(split(text, limit)).toEqual(expected)
  })

  test('a fence is closed and opened again with its language', () => {
    expect(split(`\`\`\`ts title="x"\n${lines(6)}\n\`\`\``, 70)).toEqual([
      '```ts title="x"\ncode 0\ncode 1\ncode 2\ncode 3\ncode 4\ncode 5\n```',
    ])
    expect(split(`\`\`\`ts title="x"\n${lines(6)}\n\`\`\``, 60)).toEqual([
      '```ts title="x"\ncode 0\ncode 1\ncode 2\ncode 3\ncode 4\n```',
      '```ts\ncode 5\n```',
    ])
  })

  test('indentation after a cut is kept inside a fence', () => {
    const text = `~~~~py\n${lines(4, '    code')}\n~~~~\nafter`
    expect(split(text, 50)).toEqual(['~~~~py\n    code 0\n    code 1\n    code 2\n~~~~', '~~~~py\n    code 3\n~~~~\nafter'])
  })

  test('a fence that fits in the next chunk is not cut when the chunk is half full', () => {
    const text = `${'word '.repeat(6)}\n\`\`\`\n${lines(4)}\n\`\`\``
    expect(split(text, 50)).toEqual(['word word word word word word', '```\ncode 0\ncode 1\ncode 2\ncode 3\n```'])
  })

  test('no chunk ends between an opening line and its code, or begins with a closing line', () => {
    const text = `${'a'.repeat(10)}\n\`\`\`ts\n${'b'.repeat(30)}\n\n\n\`\`\`\nend`
    expect(split(text, 40)).toEqual(['aaaaaaaaaa', `\`\`\`ts\n${'b'.repeat(30)}\n\`\`\``, 'end'])
  })

  test('a long line of code is cut within its fence', () => {
    const chunks = split(`\`\`\`ts\n${'x'.repeat(100)}\n\`\`\``, 40)
    expect(chunks).toEqual([30, 30, 30, 10].map((count) => `\`\`\`ts\n${'x'.repeat(count)}\n\`\`\``))
  })

  test('a long quoted line goes on as a quote, in a fence too', () => {
    expect(split('> aaaa bbbb cccc dddd eeee', 20)).toEqual(['> aaaa bbbb cccc', '> dddd eeee'])
    const fenced = split(`> \`\`\`\n> ${'x'.repeat(60)}\n> \`\`\``, 50)
    expect(fenced).toEqual([36, 24].map((count) => `> \`\`\`\n> ${'x'.repeat(count)}\n> \`\`\``))
    expect(split(`\`\`\`\n> ${'x'.repeat(60)}\n\`\`\``, 50)[1]).toBe(`\`\`\`\n${'x'.repeat(20)}\n\`\`\``)
  })

  test('a fence that nothing closes is closed', () => {
    expect(split('```ts\nlet a', 100)).toEqual(['```ts\nlet a\n```'])
  })

  test('an opening line without code is dropped, unless it is all there is', () => {
    expect(split('text\n```ts\n\n', 100)).toEqual(['text'])
    expect(split('> ```\ntext', 100)).toEqual(['text'])
    expect(split('```', 100)).toEqual(['```'])
  })

  test('a fence in a quote stays in its quote, and ends with it', () => {
    const text = `> \`\`\`ts\n${lines(4, '> code')}\nafter`
    expect(split(text, 40)).toEqual(['> ```ts\n> code 0\n> code 1\n> code 2\n> ```', '> ```ts\n> code 3\nafter'])
    expect(split(`${lines(5, '> code').replace('> code 0', '> ```')}\n${'x'.repeat(30)}`, 40)).toEqual([
      '> ```\n> code 1\n> code 2\n> code 3\n> ```',
      '> ```\n> code 4\n> ```',
      'x'.repeat(30),
    ])
  })
})

describe('whatever the text', () => {
  const limits = fc.constantFrom(10, 13, 25, 40, 100, 333, 2000)
  const wild = nastyText({ languages: false, long: ['a', '😀', '👨‍👩‍👧‍👦', 'word ', '`', '~ ', '```', 'a```', '>', ' '] })
  const tame = nastyText({ languages: true, long: ['a', '😀', 'e\u0301', 'word ', 'ש'] })

  test('every chunk fits, is its own trim, and halves no surrogate pair', () => {
    fc.assert(
      fc.property(fc.oneof(wild, tame), limits, (text, limit) => {
        for (const chunk of split(text.toWellFormed(), limit)) {
          expect(chunk).not.toBe('')
          expect(chunk.length).toBeLessThanOrEqual(limit)
          expect(chunk).toBe(chunk.trim())
          expect(chunk.isWellFormed()).toBe(true)
        }
      }),
      { numRuns: runs(3000) },
    )
  })

  test('no word is lost, doubled or moved', () => {
    fc.assert(
      fc.property(tame, fc.constantFrom(100, 333, 2000), (text, limit) => {
        expect(wordsOf(split(text, limit).join('\n'))).toBe(wordsOf(text))
      }),
      { numRuns: runs(3000) },
    )
  })

  test('no letter is lost, doubled or moved, even by hard cuts through backticks', () => {
    fc.assert(
      fc.property(wild, limits, (text, limit) => {
        expect(lettersOf(split(text, limit).join('\n'))).toBe(lettersOf(text))
      }),
      { numRuns: runs(3000) },
    )
  })

  test('no chunk leaves a fence open', () => {
    fc.assert(
      fc.property(tame, fc.integer({ min: 100, max: 2000 }), (text, limit) => {
        expect(wordsOf(text) === '' ? [] : split(text, limit).filter(endsInFence)).toEqual([])
      }),
      { numRuns: runs(3000) },
    )
  })

  test('code stays in a fence, prose outside, and no fence is empty', () => {
    fc.assert(
      fc.property(tidyText(), fc.integer({ min: 40, max: 2000 }), (text, limit) => {
        expect(misplaced(text)).toEqual([])
        expect(split(text, limit).flatMap(misplaced)).toEqual([])
      }),
      { numRuns: runs(3000) },
    )
  })

  test('chunks are well filled', () => {
    const short = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', ' '), minLength: 1, maxLength: 90 }), {
      minLength: 5,
      maxLength: 60,
    })
    fc.assert(
      fc.property(short, (texts) => {
        const chunks = split(texts.join('\n'), 200)
        for (const [index, chunk] of chunks.slice(0, -1).entries()) {
          const next = chunks[index + 1]?.split('\n', 1)[0] ?? ''
          expect(`${chunk}\n${next}`.length).toBeGreaterThan(100)
        }
      }),
      { numRuns: 500 },
    )
  })
})

test('a megabyte is split within a second of CPU', () => {
  const text = `\`\`\`\n${lines(60_000)}\n\`\`\`\n${'word '.repeat(60_000)}\n${'\n'.repeat(100_000)}end`
  const before = process.threadCpuUsage()
  expect(split(text, 2000).length).toBeGreaterThan(300)
  expect(process.threadCpuUsage(before).user / 1000).toBeLessThan(1000)
})
