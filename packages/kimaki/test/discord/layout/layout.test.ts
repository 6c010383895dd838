import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { stripControl } from '../../../src/base/text.ts'
import { layout } from '../../../src/discord/layout/layout.ts'
import type { Block, Outgoing } from '../../../src/view/blocks.ts'
import { nastyText, wordsOf } from './fixtures/nasty.ts'
import { runs } from '../../support/runs.ts'

const block = (key: string, text: string, notify = false): Block => ({ key, text, closed: true, notify })
const message = (blocks: readonly string[], content: string, notify = false): Outgoing => ({
  blocks,
  content,
  file: undefined,
  notify,
})
const paragraphs = (count: number): string =>
  Array.from({ length: count }, (_, index) => `${index} ${'x'.repeat(900)}`).join('\n')

describe('layout', () => {
  test('blocks that follow one another share a message', () => {
    expect(layout([block('a', '⬥ one'), block('b', '┣ bash _ls_'), block('c', '⬥ two')])).toEqual([
      message(['a', 'b', 'c'], '⬥ one\n┣ bash _ls_\n⬥ two'),
    ])
  })

  test('a block that begins with a newline stands apart, but never begins a message with it', () => {
    expect(layout([block('a', '\n# One'), block('b', '\n- two')])).toEqual([message(['a', 'b'], '# One\n\n- two')])
  })

  test('silent blocks and those that ping do not mix', () => {
    expect(layout([block('a', 'one'), block('b', '*done*', true), block('c', '✗ x', true), block('d', 'two')])).toEqual([
      message(['a'], 'one'),
      message(['b', 'c'], '*done*\n✗ x', true),
      message(['d'], 'two'),
    ])
  })

  test('a message holds 2000 units and not one more', () => {
    expect(layout([block('a', 'x'.repeat(1000)), block('b', 'y'.repeat(999))])).toHaveLength(1)
    expect(layout([block('a', 'x'.repeat(1000)), block('b', 'y'.repeat(1000))])).toEqual([
      message(['a'], 'x'.repeat(1000)),
      message(['b'], 'y'.repeat(1000)),
    ])
  })

  test('a long block has numbered messages for itself', () => {
    const cut = layout([block('a', 'before'), block('b', paragraphs(5)), block('c', 'after')])
    expect(cut.map(({ blocks }) => blocks)).toEqual([['a'], ['b#0'], ['b#1'], ['b#end'], ['c']])
    expect(layout([block('b', paragraphs(5))])).toEqual(cut.slice(1, -1))
  })

  test('a fence that nothing closes does not swallow the next block', () => {
    expect(layout([block('a', '\n```ts\nlet a'), block('b', '⬥ two')])).toEqual([message(['a', 'b'], '```ts\nlet a\n```\n⬥ two')])
  })

  test('eight messages are posted, more become an opening and a file', () => {
    expect(layout([block('a', paragraphs(16))])).toHaveLength(8)
    const text = `⬥ See:\n\`\`\`log\n${paragraphs(18)}\n\`\`\``
    const [only, ...others] = layout([block('a', text, true)])
    expect(others).toEqual([])
    expect(only).toMatchObject({ blocks: ['a'], notify: true, file: { name: 'answer.md', text: `${text}\n` } })
    expect(only?.content).toMatch(/^⬥ See:\n```log\n0 x+\n```\n⬦ .*answer\.md$/)
    expect(only?.content.length).toBeLessThanOrEqual(1600)
  })

  test('blocks around a file have messages of their own', () => {
    const posted = layout([block('a', 'before'), block('b', 'x'.repeat(20_000)), block('c', 'after')])
    expect(posted.map(({ blocks }) => blocks)).toEqual([['a'], ['b'], ['c']])
  })

  test('a row of lines that would fill more than two messages becomes its beginning and a file; words of the agent do not', () => {
    const lines = Array.from({ length: 50 }, (_, index) => block(`l${index}`, `┣ bash _${'x'.repeat(90)}${index}_`))
    const [before, row, after, ...more] = layout([
      { ...block('a', '⬥ one'), byAgent: true },
      ...lines,
      { ...block('z', '⬥ two'), byAgent: true },
    ])
    expect([before?.content, after?.content, more]).toEqual(['⬥ one', '⬥ two', []])
    expect(row?.blocks).toEqual(lines.map(({ key }) => key))
    expect(row?.content).toMatch(/^(┣ bash _x+\d+_\n){7}⬦ and 43 more lines like these: all are in the attached steps\.md$/)
    expect(row?.file).toEqual({ name: 'steps.md', text: lines.map(({ text }) => `${text}\n`).join('') })
    expect(layout(lines.slice(0, 38)).every(({ file }) => file === undefined)).toBe(true)
  })

  test('what cannot be seen is in no message', () => {
    expect(layout([])).toEqual([])
    expect(layout([block('a', ' \n'), block('b', '\u0000'), block('c', 'x'), block('d', '')])).toEqual([message(['c'], 'x')])
  })

  test('control characters, carriage returns and lone surrogates do not reach Discord', () => {
    expect(layout([block('a', '\u001B[1mbold\u001B[0m\r\n\u0000\uD83D!')])).toEqual([message(['a'], 'bold\n\uFFFD!')])
  })
})

describe('whatever the blocks', () => {
  const text = nastyText({ languages: true, long: ['a', '😀', 'e\u0301', 'word ', 'ש', 'x'] })
  const blocks = fc
    .array(fc.record({ text, notify: fc.boolean(), repeat: fc.constantFrom(1, 1, 1, 4) }), { maxLength: 5 })
    .map((all) => all.map((one, index) => block(`part/${index}`, Array(one.repeat).fill(one.text).join('\n'), one.notify)))

  test('messages are postable, in order, complete, and pinged as asked', () => {
    fc.assert(
      fc.property(blocks, (given) => {
        const posted = layout(given)
        for (const { content } of posted) {
          expect(content.length).toBeGreaterThan(0)
          expect(content.length).toBeLessThanOrEqual(2000)
          expect(content).toBe(content.trim())
          expect(content.isWellFormed()).toBe(true)
          expect(content).not.toMatch(/[^\P{Cc}\n\t]/u)
        }
        const keys = posted.flatMap((one) => one.blocks)
        expect(keys).toEqual(given.flatMap(({ key }) => keysOf(keys, key)))
        for (const { key, notify, text } of given) {
          const own = posted.filter((one) => one.blocks.some((name) => name.split('#')[0] === key))
          expect(own.length).toBeLessThanOrEqual(8)
          expect(own.every((one) => one.notify === notify)).toBe(true)
          if (own.every((one) => one.blocks.length === 1) && own.length > 0) {
            expect(wordsOf(own[0]?.file?.text ?? own.map(({ content }) => content).join('\n'))).toBe(wordsOf(cleaned(text)))
          }
        }
        const whole = posted.map((one) => one.file?.text ?? one.content).join('\n')
        expect(wordsOf(whole)).toBe(given.map((one) => wordsOf(cleaned(one.text))).join(''))
      }),
      { numRuns: runs(2000) },
    )
  })

  test('how a long block is cut depends on nothing around it', () => {
    fc.assert(
      fc.property(blocks, text, (given, long) => {
        const own = block('long', `${long}\n${'word '.repeat(500)}`)
        const alone = layout([own])
        const among = layout([...given, own, ...given]).filter((one) => one.blocks.some((name) => name.startsWith('long')))
        expect(alone.length === 1 ? among.length : among).toEqual(alone.length === 1 ? 1 : alone)
      }),
      { numRuns: 500 },
    )
  })
})

const cleaned = (text: string): string => stripControl(text).toWellFormed()

/** The keys a block must be found under, as the contract of `Outgoing` says, or none when it shows nothing. */
function keysOf(keys: readonly string[], key: string): readonly string[] {
  const own = keys.filter((name) => name.split('#')[0] === key)
  if (own.length < 2) return own.length === 0 ? [] : [key]
  return own.map((_, index) => `${key}#${index === own.length - 1 ? 'end' : index}`)
}

describe('files of the agent', () => {
  const MB = 1024 * 1024
  const file = (key: string, size = 1): Block => ({
    ...block(key, `📄 ${key}`),
    attached: { name: key, mime: 'image/png', path: `/${key}`, size },
  })
  const names = (blocks: readonly Block[]): readonly (readonly string[])[] =>
    layout(blocks).map(({ attached = [] }) => attached.map(({ name }) => name))

  test.each<[string, readonly Block[], readonly (readonly string[])[]]>([
    ['stand below the text before them', [block('a', 'one'), file('x'), file('y')], [['x', 'y']]],
    ['stand above the text after them', [file('x'), block('a', 'one'), file('y')], [['x'], ['y']]],
    [
      'are ten in a message and not one more',
      Array.from({ length: 12 }, (_, index) => file(`f${index}`)),
      [Array.from({ length: 10 }, (_, index) => `f${index}`), ['f10', 'f11']],
    ],
    ['fit into one request together', [file('x', 10 * MB), file('y', 10 * MB), file('z', 10 * MB)], [['x', 'y'], ['z']]],
    ['stand alone where the guild takes larger ones', [file('x', 40 * MB), file('y')], [['x'], ['y']]],
  ])('%s', (_what, blocks, expected) => {
    expect(names(blocks)).toEqual(expected)
  })
})
