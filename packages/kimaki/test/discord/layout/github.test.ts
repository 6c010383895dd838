/** Tables, task lists and callouts, as Discord is given them. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { stripControl } from '../../../src/base/text.ts'
import { fromGitHub } from '../../../src/discord/layout/github.ts'
import { layout } from '../../../src/discord/layout/layout.ts'
import type { Block } from '../../../src/view/blocks.ts'
import { layoutOf } from './fixtures/agent-text.ts'
import { endsInFence, nastyText, wordsOf } from './fixtures/nasty.ts'
import { runs } from '../../support/runs.ts'

const code = (...lines: readonly string[]): string => ['```', ...lines, '```'].join('\n')
const wide = 'w'.repeat(40)

const CASES: readonly (readonly [string, string, string])[] = [
  ['a table', '| a | b |\n|---|---|\n| 1 | 22 |', code('a │ b', '──┼───', '1 │ 22')],
  ['a table without marks around it', 'a | b\n--- | ---\n1 | 2', code('a │ b', '──┼──', '1 │ 2')],
  [
    'sides of columns',
    '| a | b | c |\n|:-:|--:|:--|\n| 111 | 222 | 3 |',
    code(' a  │   b │ c', '────┼─────┼──', '111 │ 222 │ 3'),
  ],
  ['marks of Markdown in cells', '| **a** | `b` |\n|---|---|\n| x<br>y | __z__ |', code('a   │ b', '────┼──', 'x y │ z')],
  ['wide characters', '| 名前 | n |\n|---|---|\n| ab | 😀 |', code('名前 │ n', '─────┼───', 'ab   │ 😀')],
  ['combining marks', '| e\u0301 | n |\n|---|---|\n| ab | c |', code('e\u0301  │ n', '───┼──', 'ab │ c')],
  ['a row with too few cells', '| a | b |\n|---|---|\n| 1 |', code('a │ b', '──┼──', '1 │')],
  ['a row with too many cells', '| a | b |\n|---|---|\n| 1 | 2 | 3 |', code('a │ b', '──┼──────', '1 │ 2 | 3')],
  ['an escaped pipe', '| a | b |\n|---|---|\n| x \\| y | 2 |', code('a     │ b', '──────┼──', 'x | y │ 2')],
  ['a pipe in code', '| a | b |\n|---|---|\n| `x|y` | 2 |', code('a   │ b', '────┼──', 'x|y │ 2')],
  ['words around', 'Before\n| a | b |\n|---|---|\n| 1 | 2 |\n\nafter', `Before\n${code('a │ b', '──┼──', '1 │ 2')}\n\nafter`],
  ['a heading right behind', '| a | b |\n|---|---|\n| 1 | 2 |\n## a | b', `${code('a │ b', '──┼──', '1 │ 2')}\n## a | b`],
  [
    'a table that is too wide',
    `| a | **b** |\n|---|---|\n| ${wide} | \`x\` ${wide} |\n| 1 | |`,
    `**a**: ${wide}\n**b**: \`x\` ${wide}\n\n**a**: 1`,
  ],
  ['a head over nothing', `| a | b | c |\n|---|---|---|\n| ${wide} | | ${wide} |`, `**b**\n\n**a**: ${wide}\n**c**: ${wide}`],
  ['a head without a name', `| | b |\n|---|---|\n| ${wide} | ${wide} |`, `${wide}\n**b**: ${wide}`],
  ['a table of one column', '| a |\n|---|\n| 1 |', code('a', '─', '1')],
  ['a rule of another length', '| a | b |\n|---|\n| 1 | 2 |', '| a | b |\n|---|\n| 1 | 2 |'],
  ['pipes without a rule', '| a | b |\n| 1 | 2 |', '| a | b |\n| 1 | 2 |'],
  ['a table in code', '```md\n| a | b |\n|---|---|\n```', '```md\n| a | b |\n|---|---|\n```'],
  ['a heading with a line below', 'Title\n---\nx', 'Title\n---\nx'],
  ['task lists', '- [ ] a\n  * [x] b\n1. [X] c\n[ ] d', '- ☐ a\n  * ☑ b\n1. ☑ c\n[ ] d'],
  ['task lists in code', '```\n- [ ] a\n```', '```\n- [ ] a\n```'],
  ['a callout', '> [!NOTE]\n> Words', '> **Note**\n> Words'],
  ['a callout in small letters', '> [!warning]\n> Words', '> **Warning**\n> Words'],
  ['a callout of no known kind', '> [!OTHER]\n> Words', '> [!OTHER]\n> Words'],
  ['a callout in tags', 'a\n<callout accent="#ff0000">\nb\n\nc\n</callout> d', 'a\n> b\n> \n> c\nd'],
  [
    'a table in a callout',
    '<callout>| a | b |\n|---|---|\n| 1 | 2 |</callout>',
    ['```', 'a │ b', '──┼──', '1 │ 2', '```'].map((line) => `> ${line}`).join('\n'),
  ],
  ['a callout that nothing closes', '<callout>a', '<callout>a'],
  ['spoilers', 'a ||b|| c\n||d||', 'a ||b|| c\n||d||'],
]

test.each(CASES)('%s', (_name, raw, expected) => {
  expect(fromGitHub(raw)).toBe(expected)
})

test('a table that begins an answer without marks around it stands apart from the glyph', () => {
  expect(layoutOf('a | b\n---|---\n1 | 2')).toEqual(['**a**: 1\n**b**: 2'])
})

test('a long table has the heads of its columns in each message, and one that is too long comes as a file', () => {
  const table = (rows: number): string =>
    ['| name | value |', '|---|---|', ...Array.from({ length: rows }, (_, row) => `| row ${row} | ${'v'.repeat(40)} |`)].join(
      '\n',
    )
  const shown = layoutOf(table(100))
  expect(shown.length).toBeGreaterThan(2)
  for (const content of shown) expect(content).toMatch(/^```\nname +│ value\n/)
  const block: Block = { key: 'a', text: table(1000), closed: true, notify: false, byAgent: true }
  expect(layout([block])).toMatchObject([{ file: { text: `${table(1000)}\n` } }])
})

describe('whatever an agent writes', () => {
  const cell = fc.constantFrom('a', '`x|y`', '**b**', '😀', '名前', '```', '', 'w'.repeat(70), '@everyone', '\\|', '⬦ no', '|')
  const row = fc.array(cell, { minLength: 1, maxLength: 5 }).map((cells) => `| ${cells.join(' | ')} |`)
  const rule = fc.integer({ min: 1, max: 5 }).map((count) => `|${'---|'.repeat(count)}`)
  const table = fc
    .tuple(row, rule, fc.array(row, { maxLength: 60 }))
    .map(([head, mark, rows]) => [head, mark, ...rows].join('\n'))
  const text = fc
    .array(
      fc.oneof(table, nastyText({ languages: true, long: ['a', '😀'] }), fc.constantFrom('<callout>', '</callout>', '> [!TIP]')),
      { maxLength: 4 },
    )
    .map((pieces) => pieces.join('\n'))
  const letters = (value: string): readonly string[] => (value.toLowerCase().match(/[\p{L}\p{N}@😀]/gu) ?? []).toSorted()
  /** Heads may stand there more often: letters of `value` that are lacking in `shown`. */
  const lost = (value: string, shown: string): readonly string[] => {
    const there = letters(shown)
    let at = 0
    return letters(value).filter((letter) => {
      while (at < there.length && (there[at] ?? '') < letter) at += 1
      if (there[at] !== letter) return true
      at += 1
      return false
    })
  }

  test('its messages can be posted, close their fences, and lose no word', () => {
    fc.assert(
      fc.property(text, (given) => {
        const block: Block = { key: 'a', text: given, closed: true, notify: false, byAgent: true }
        const posted = layout([block])
        for (const { content, components } of posted) {
          if (!components) expect(content.length).toBeLessThanOrEqual(2000)
          expect(content).toBe(content.trim())
          expect(content.isWellFormed()).toBe(true)
          if (wordsOf(content) !== '') expect(endsInFence(content)).toBe(false)
          if (!content.includes('```')) expect(content).not.toMatch(/^⬦ no/m)
        }
        const isPlain = stripControl(given) === given && given.isWellFormed() && !/callout|```|~~~/.test(given)
        if (posted.length === 1 && !posted[0]?.file && isPlain) expect(lost(given, posted[0]?.content ?? '')).toEqual([])
      }),
      { numRuns: runs(4000) },
    )
  })
})
