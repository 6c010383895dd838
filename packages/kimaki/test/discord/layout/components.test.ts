/** Tables and callouts of the agent as components, in order with the words around them, within what a message of Discord holds. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { stripControl } from '../../../src/base/text.ts'
import { layout } from '../../../src/discord/layout/layout.ts'
import type { Component } from '../../../src/domain/conversation/posts/post.ts'
import type { Block, Outgoing } from '../../../src/view/blocks.ts'
import { thousands } from '../../support/runs.ts'
import { endsInFence, nastyText, wordsOf } from './fixtures/nasty.ts'

const said = (text: string): Block => ({ key: 'a', text, closed: true, notify: false, byAgent: true })
const posted = (text: string): readonly Outgoing[] => layout([said(text)])
const table = (rows: number, cell = 'x'): string =>
  ['| n | value |', '|---|---|', ...Array.from({ length: rows }, (_, row) => `| ${row} | ${cell} |`)].join('\n')
const SMALL = '| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | |'

/** A line for each component: what is in a container is indented, and a line stands for a separator. */
const drawn = ({ content, components }: Outgoing): readonly string[] =>
  components?.flatMap((one) =>
    one.kind === 'text'
      ? [one.text]
      : [
          `box ${one.color?.toString(16) ?? ''}`.trim(),
          ...one.components.map((inner) => `  ${inner.kind === 'text' ? inner.text : '---'}`),
        ],
  ) ?? [content]

const BOX = ['box', '  **a**: 1\n**b**: 2', '  ---', '  **a**: 3']

const CASES: readonly (readonly [string, string, readonly string[]])[] = [
  ['a table is a container with a text for each row', SMALL, BOX],
  ['words before and after stay in order', `Before\n\n${SMALL}\n\nafter`, ['Before', ...BOX, 'after']],
  ['two tables share a message', `${SMALL}\n\nand\n\n${SMALL}`, [...BOX, 'and', ...BOX]],
  ['a table without rows has its heads', '| a | b |\n|---|---|', ['box', '  **a**, **b**']],
  ['GitHub’s callout has its color', '> [!WARNING]\n> Hot\n> tea\nafter', ['box 9e6a03', '  **Warning**', '  Hot\ntea', 'after']],
  [
    'one callout ends where the next begins',
    '> [!TIP]\n> a\n> [!NOTE]\n> b',
    ['box 238636', '  **Tip**', '  a', 'box 1f6feb', '  **Note**', '  b'],
  ],
  ['a callout in tags has the color it names', '<callout accent="#00ff7f">\nb\n</callout> d', ['box ff7f', '  b', 'd']],
  ['nothing behind a second closing tag is lost', '<callout>a</callout> b </callout> c', ['box', '  a', 'b </callout> c']],
  ['a table in a callout stands in its container', `<callout>Look:\n${SMALL}\n</callout>`, ['box', '  Look:', ...BOX.slice(1)]],
  ['a callout in a callout is a quote', '<callout>a\n> [!NOTE]\n> b\n</callout>', ['box', '  a', '  > **Note**\n> b']],
  ['a line of a cell that looks like one of ours is the agent’s', '| |\n|---|\n| ⬦ done |', ['box', '  ⬥ ⬦ done']],
  ['backticks in a cell swallow nothing', '| a | b |\n|---|---|\n| ``` | 2 |', ['box', '  **a**: \\`\\`\\`\n**b**: 2']],
  ['a cell without a head opens no fence', '| | b |\n|---|---|\n| ``` | 2 |', ['box', '  \u200B\\`\\`\\`\n**b**: 2']],
  ['a table in code is code', `\`\`\`\n${SMALL}\n\`\`\``, [`\`\`\`\n${SMALL}\n\`\`\``]],
  ['a callout with nothing in it is a word', '<callout></callout>x', ['x']],
]

test.each(CASES)('%s', (_name, text, expected) => {
  const shown = posted(text)
  expect(shown.map(({ file }) => file)).toEqual([undefined])
  expect(shown.flatMap(drawn)).toEqual(expected)
})

describe('a table that no message can hold', () => {
  test('becomes code with its columns aligned, where a phone shows these beside each other', () => {
    const [first, ...more] = posted(`Before\n\n${table(21)}`)
    expect(first?.components).toBeUndefined()
    expect(first?.content).toMatch(/^Before\n\n```\nn {2}│ value\n/)
    expect(more).toEqual([])
  })

  test('becomes a file in its place, where these are too wide', () => {
    const [before, file, after, ...more] = posted(`Before\n\n${table(21, 'w'.repeat(70))}\n\nafter\n\n${SMALL}`)
    expect([before, file, after].map((one) => one?.blocks)).toEqual([['a#0'], ['a#1'], ['a#end']])
    expect([before?.content, file?.content]).toEqual(['Before', expect.stringContaining('table.txt')])
    expect(file?.file?.text).toMatch(/^n {2}│ value\n─+┼─+\n0 {2}│ w{70}\n/)
    expect(file?.file?.text.trim().split('\n')).toHaveLength(23)
    expect(drawn(after ?? ({} as Outgoing))).toEqual(['after', ...BOX])
    expect(more).toEqual([])
  })

  test('20 rows are 40 components with the lines between them and the box; 4000 characters may be fewer', () => {
    expect(posted(table(20))[0]?.components).toHaveLength(1)
    expect(posted(table(20, 'w'.repeat(250)))[0]?.components).toBeUndefined()
  })
})

test('a callout that no message can hold is a quote', () => {
  const shown = posted(`> [!NOTE]\n> ${'word '.repeat(900)}`)
  expect(shown.every(({ components, content }) => components === undefined && content.startsWith('>'))).toBe(true)
})

test('words that share no message with a table are posted as text', () => {
  const long = 'word '.repeat(700)
  const shown = posted(`${long}\n\n${table(10, 'y'.repeat(180))}`)
  expect(shown.map(({ components }) => components?.length)).toEqual([undefined, 2])
  expect(shown[1]?.components?.[0]).toMatchObject({ kind: 'text' })
})

test('a block with a table shares no message: its texts alone say how it is shown', () => {
  const line: Block = { key: 'b', text: '┣ bash _ls_', closed: true, notify: false }
  expect(layout([line, said(SMALL), { ...line, key: 'c' }]).map(({ blocks }) => blocks)).toEqual([['b'], ['a'], ['c']])
})

const nested = (components: readonly Component[]): number =>
  components.reduce((sum, one) => sum + 1 + (one.kind === 'container' ? one.components.length : 0), 0)

/** Each message's texts as Discord is given them. */
const textsOf = ({ content, components }: Outgoing): readonly string[] =>
  components?.flatMap((one) =>
    one.kind === 'text' ? [one.text] : one.components.flatMap((inner) => (inner.kind === 'text' ? [inner.text] : [])),
  ) ?? [content]

describe('whatever an agent writes', () => {
  const cell = fc.constantFrom(
    'a',
    '`x|y`',
    '**b**',
    '😀',
    '👨‍👩‍👧‍👦',
    '🇫🇷🇩🇪',
    'e\u0301',
    '名前',
    '```',
    '',
    'w'.repeat(70),
    '@everyone',
    '<@1>',
    '\\|',
    '⬦ no',
    '<br>',
  )
  const row = fc.array(cell, { minLength: 1, maxLength: 4 }).map((cells) => `| ${cells.join(' | ')} |`)
  const rule = fc.integer({ min: 1, max: 4 }).map((count) => `|${'---|'.repeat(count)}`)
  const grid = fc.tuple(row, rule, fc.array(row, { maxLength: 24 })).map(([head, mark, rows]) => [head, mark, ...rows].join('\n'))
  const mark = fc.constantFrom('<callout>', '<callout accent="#ff0000">', '</callout>', '> [!TIP]', '> words', '')
  const text = fc
    .array(
      fc.oneof(
        { weight: 3, arbitrary: grid },
        { weight: 2, arbitrary: mark },
        nastyText({ languages: true, long: ['a', '👨‍👩‍👧‍👦', 'e\u0301'] }),
      ),
      {
        maxLength: 5,
      },
    )
    .map((pieces) => pieces.join('\n'))
  const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })
  /** Words, without what stands for the shape of tables and callouts. */
  const letters = (value: string): string => value.toLowerCase().replaceAll(/<\/?callout[^>]*>|[^\p{L}\p{N}@]/gu, '')
  const counted = (value: string): ReadonlyMap<string, number> =>
    new Map([...Map.groupBy(letters(value), (letter) => letter)].map(([letter, all]) => [letter, all.length]))
  const lost = (value: string, shown: string): readonly string[] => {
    const there = counted(shown)
    return [...counted(value)].flatMap(([letter, count]) => ((there.get(letter) ?? 0) < count ? [letter] : []))
  }

  test('no message is larger than Discord takes, none has half a grapheme or an open fence, and no word is lost', () => {
    fc.assert(
      fc.property(text, (given) => {
        const messages = posted(given)
        const clean = stripControl(given).toWellFormed()
        const known = new Set(Array.from(graphemes.segment(clean), ({ segment }) => segment))
        for (const message of messages) {
          const texts = textsOf(message)
          expect(texts.reduce((sum, { length }) => sum + length, 0)).toBeLessThanOrEqual(message.components ? 4000 : 2000)
          if (message.components) {
            expect(nested(message.components)).toBeLessThanOrEqual(40)
            expect(message.content).toBe(texts.join('\n'))
            expect(message.file).toBeUndefined()
          }
          for (const one of texts) {
            expect(one).toBe(one.trim())
            expect(one).not.toBe('')
            expect(one.isWellFormed()).toBe(true)
            if (wordsOf(one) !== '') expect(endsInFence(one)).toBe(false)
            if (!one.includes('```')) expect(one).not.toMatch(/^⬦ no/m)
            for (const end of [0, one.length]) {
              const { segment = '' } = graphemes.segment(one).containing(end === 0 ? 0 : end - 1) ?? {}
              if (/\P{ASCII}/u.test(segment) && !/[\u200B⬥⬦☐☑│─]/.test(segment)) expect(known).toContain(segment)
            }
          }
        }
        const whole = messages.length === 1 && messages[0]?.file?.name === 'answer.md' ? messages[0].file.text : undefined
        if (whole !== undefined) {
          expect(whole.trim()).toBe(clean.trim())
          return
        }
        const shown = messages.map((message) => [...textsOf(message), message.file?.text ?? ''].join('\n')).join('\n')
        // The words of a fence (its language) and the kind of a callout may be said otherwise.
        if (!/`{3}|~~~|\[!|#|<br>/.test(clean)) expect(lost(clean, shown)).toEqual([])
      }),
      { numRuns: thousands() },
    )
  })
})
