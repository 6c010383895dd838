import { expect, it } from 'vitest'
import { highlight } from '../../src/page/markdown/highlight.ts'

it('colours code without changing it', () => {
  const code = "const a = 'b' // c\nreturn 12"
  const pieces = highlight(code, 'js')
  expect(pieces.map(({ text }) => text).join('')).toBe(code)
  expect(pieces.filter(({ kind }) => kind !== 'plain')).toEqual([
    { kind: 'keyword', text: 'const' },
    { kind: 'string', text: "'b'" },
    { kind: 'comment', text: '// c' },
    { kind: 'keyword', text: 'return' },
    { kind: 'number', text: '12' },
  ])
})

it('marks what a diff adds and removes', () => {
  expect(highlight('+a\n-b\n c', 'diff').map(({ kind }) => kind)).toEqual(['added', 'removed', 'plain'])
})

it('leaves languages it does not know alone', () => {
  expect(highlight('const', 'cobol')).toEqual([{ kind: 'plain', text: 'const' }])
})
