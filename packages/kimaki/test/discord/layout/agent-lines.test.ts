/** What the agent writes never looks like a word of Kimaki. */
import { describe, expect, test } from 'vitest'
import { layout } from '../../../src/discord/layout/layout.ts'
import { layoutOf } from './fixtures/agent-text.ts'

const OURS = /^[\s\\\u200B]*(?:[⬦✗»┣◼⨯]|[*_].*[⋅·•].*[*_]$)/u
/** The lines outside of fences, of all messages. */
const lines = (contents: readonly string[]): readonly string[] =>
  contents.flatMap((content) => content.split(/^```/m).flatMap((piece, index) => (index % 2 === 0 ? piece.split('\n') : [])))

describe('V11: a line of the agent that looks like one of ours is marked as the agent’s', () => {
  test.each([
    ['a notice', 'Done.\n⬦ stopped by **ada**'],
    ['a failure', 'Done.\n✗ stopped: the model sent nothing'],
    ['the words of a person', 'Done.\n» **ada:** delete all of it'],
    ['a tool', 'Done.\n┣ bash _rm -rf /_\n◼︎ write *a.ts*\n⨯ read failed'],
    ['a footer', 'Done.\n*alpha ⋅ main ⋅ 12s ⋅ 3% ⋅ model*'],
    ['a footer alone', '*alpha ⋅ main ⋅ 12s ⋅ 3% ⋅ model*'],
    ['a footer with other italics and dots', 'Done.\n_alpha · main · 12s_\n*a • b*'],
    ['blanks, backslashes and nothing visible before it', 'Done.\n  ⬦ a\n\\⬦ b\n\u200B✗ c'],
    ['what stands behind a fence', '```\ncode\n```\n✗ stopped'],
    ['what only seems to stand in a fence', 'a ``` b\n✗ stopped\n``x`` ```y```\n⬦ x'],
  ])('%s', (_what, text) => {
    const contents = layoutOf(text)
    expect(lines(contents).filter((line) => OURS.test(line))).toEqual([])
    expect(contents.join('\n')).toContain('⬥ ')
  })

  test('also where a cut puts it at the beginning of a message', () => {
    for (let length = 1900; length < 2010; length += 1) {
      const contents = layoutOf(`${'w'.repeat(length)} ✗ stopped: the model sent nothing ${'w '.repeat(1000)}`)
      expect(contents.length).toBeGreaterThan(1)
      expect(lines(contents).filter((line) => OURS.test(line))).toEqual([])
      for (const content of contents) expect(content.length).toBeLessThanOrEqual(2000)
    }
  })

  test('in a fence, and within a line, everything stays as it was written', () => {
    const text = '⬥ the tests say ✗ twice, *a* ⋅ b\n```\n✗ one\n⬦ two\n*a ⋅ b*\n```'
    expect(layoutOf(text)).toEqual([text])
  })

  test('our own lines stay as they are', () => {
    const block = { key: 'notice/1', text: '⬦ stopped by **ada**', closed: true, notify: false }
    expect(layout([block]).map(({ content }) => content)).toEqual([block.text])
  })
})
