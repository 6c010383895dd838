import { expect, test } from 'vitest'
import { parseJsonc } from '../src/config/jsonc.ts'

test('comments and trailing commas are fine', () => {
  const source = '// one\n{ "a": [1, -2.5e3, "\\"//", ], /* two */ "b": { "c": null, }, }\n'
  expect(parseJsonc(source)).toEqual({ a: [1, -2500, '"//'], b: { c: null } })
})

test.each([
  ['{', 'CloseBraceExpected at line 1, column 2'],
  ['{ "a": }', 'ValueExpected at line 1, column 8'],
  ['{ "a" 1 }', 'ColonExpected at line 1, column 7'],
  ['{\n "a": 1\n "b": 2 }', 'CommaExpected at line 3, column 2'],
  ['{ a: 1 }', 'PropertyNameExpected at line 1, column 3'],
  ['[1', 'CloseBracketExpected at line 1, column 3'],
  ['{} x', 'EndOfFileExpected at line 1, column 4'],
])('%j is told with its place', (source, message) => {
  expect(parseJsonc(source)).toMatchObject({ message })
})
