import { expect, test } from 'vitest'
import { closingLine, fenceLine, openingLine } from '../../../src/discord/layout/fence.ts'
import type { Fence } from '../../../src/discord/layout/fence.ts'

const fence = (marker: string, language = '', quote = ''): Fence => ({ marker, language, quote })

test.each([
  ['```', fence('```')],
  ['```ts', fence('```', 'ts')],
  ['  ```  c++ title="a b"  ', fence('```', 'c++')],
  ['````md', fence('````', 'md')],
  ['~~~~~sh', fence('~~~~~', 'sh')],
  ['~~~ `a`', fence('~~~')],
  ['      ```js', fence('```', 'js')],
  ['- ```js', fence('```', 'js')],
  ['  2. ```js', fence('```', 'js')],
  ['> ```js', fence('```', 'js', '> ')],
  ['>> ```js', fence('```', 'js', '>> ')],
  ['``', undefined],
  ['```code``` in a line', undefined],
  ['say ```js', undefined],
  [`\`\`\`${'x'.repeat(100)}`, undefined],
])('%j opens %j', (line, expected) => {
  expect(fenceLine(line, undefined, 100)).toEqual({ role: expected === undefined ? 'prose' : 'opens', fence: expected })
})

test.each([
  ['```', '```', 'closes'],
  ['```', '  ````  ', 'closes'],
  ['````', '```', 'code'],
  ['````', '```js', 'code'],
  ['```', '~~~', 'code'],
  ['~~~', '~~~~', 'closes'],
  ['```', '``` no', 'code'],
  ['```', '> ```', 'code'],
  ['```', '', 'code'],
  ['```', '`'.repeat(101), 'code'],
] as const)('inside %s the line %j is %s', (marker, line, role) => {
  expect(fenceLine(line, fence(marker), 100)).toEqual({ role, fence: fence(marker) })
})

test('a fence in a quote ends with a quoted line, or with the quote', () => {
  const quoted = fence('```', 'js', '> ')
  expect(fenceLine('> code', quoted, 100).role).toBe('code')
  expect(fenceLine('> ```', quoted, 100).role).toBe('closes')
  expect(fenceLine('after', quoted, 100)).toEqual({ role: 'prose', fence: undefined })
  expect(fenceLine('```', quoted, 100)).toEqual({ role: 'opens', fence: fence('```') })
})

test('a fence is written with its quote and its language', () => {
  expect(openingLine(fence('~~~', 'js', '> '))).toBe('> ~~~js')
  expect(closingLine(fence('~~~', 'js', '> '))).toBe('> ~~~')
})
